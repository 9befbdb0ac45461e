"""A telephone call by hands-free: it outranks messaging, and the car's table says what becomes of what was going on.

Theory. The table has a word for each state of messaging; each word is a row of the voice machine for the event that the
hands-free call has begun. What was half recorded is dropped in every car: there is no word for sending it. A call of a
friend that is held comes back when the telephone is free again.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.foundation.errors import HarnessError
from harness.headunit import events as ev
from harness.headunit.blueprint import Row, Table
from harness.headunit.voice import CALL, DROP, HELD, IDLE, LISTENING, PHONE, PLAYING, PROMPT, RINGING, SENDING, STOPPED

DROPS: Row = (PHONE, DROP)
ROWS: dict[str, dict[str, Row]] = {
    PROMPT: {"keep": (PHONE, ("stop_voice_timers", "stop_mouth", "hold_message")), "drop": DROPS},
    LISTENING: {"discard": DROPS},
    SENDING: {"finish": (PHONE, ("stop_voice_timers",)), "discard": DROPS},
    PLAYING: {"stop": (PHONE, ("stop_mouth",)), "pause": (PHONE, ("stop_mouth", "hold_message"))},
    RINGING: {"reject": (PHONE, (*DROP, "end_call"))},
    CALL: {"hold": (HELD, ("hold_talk",)), "end": (PHONE, (*DROP, "end_call"))},
}
USUAL = {PROMPT: "keep", LISTENING: "discard", SENDING: "finish", PLAYING: "stop", RINGING: "reject", CALL: "hold"}

TABLE: Table = {
    (IDLE, ev.HandsFree): DROPS,
    (STOPPED, ev.HandsFree): DROPS,
    (PHONE, ev.HandsFreeOver): (IDLE, ("announce",)),
    (HELD, ev.HandsFreeOver): (CALL, ("resume_talk",)),
    (HELD, ev.CallEnds): (PHONE, ("forget_call",)),
    (HELD, ev.CallRings): (HELD, ("refuse_call",)),
    (HELD, ev.VoiceLost): (PHONE, ("end_call",)),
    (HELD, ev.SessionClosed): (PHONE, ("end_call",)),
}


def rows(table: Mapping[str, str]) -> Table:
    """The rows of a car's table (state -> word; what it leaves out is as usual). HarnessError for a word that no state
    has."""
    found = dict(TABLE)
    for state, usual in USUAL.items():
        word = table.get(state, usual)
        if word not in ROWS[state]:
            raise HarnessError(f"phone_call: {state} cannot be {word!r}; it can: {', '.join(ROWS[state])}")
        found[(state, ev.HandsFree)] = ROWS[state][word]
    return found
