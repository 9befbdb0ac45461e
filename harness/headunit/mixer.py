"""Who may be heard: a priority table, as a function of the states.

Safety chimes of the car and phone calls outrank a message; a message, a prompt and an open microphone outrank music,
which then goes on quietly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.voice import CALL, IDLE, PLAYING, RINGING, SENDING, STATES

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

DUCKING = frozenset(STATES) - {IDLE, SENDING}


def audio_state(unit: HeadUnit) -> str:
    """silent, media, ducked or voice, as the role head_unit.audio has it."""
    if unit.states["power"] != "run":
        return "silent"
    if unit.states["voice"] in (PLAYING, RINGING, CALL):
        return "voice"
    if not unit.ram.media:
        return "voice" if unit.mouth.sounding else "silent"
    return "ducked" if unit.states["voice"] in unit.figures["ducks_in"] else "media"


def media_gain(unit: HeadUnit) -> float:
    """Factor on the music now."""
    if unit.states["voice"] in unit.figures["ducks_in"]:
        return float(10 ** (float(unit.figures["duck_level"]) / 20))
    return 1.0
