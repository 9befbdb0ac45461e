"""A telephone call by hands-free: it outranks messaging, and the car's table says what becomes of what was going on.

Theory. The table has a word for each state of messaging; each word is a row of the voice machine for the event that the
hands-free call has begun. What was half recorded is dropped in every car: there is no word for sending it. A call of a
friend that is held comes back when the telephone is free again.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.headunit.blueprint import Row, Table
from harness.headunit.events.call import CallEnds, CallRings, HandsFree, HandsFreeOver
from harness.headunit.events.session import SessionClosed
from harness.headunit.events.voice import VoiceLost
from harness.headunit.voice import CALL, DROP, HELD, IDLE, LISTENING, PHONE, PLAYING, PROMPT, RINGING, SENDING, STOPPED
from harness.vehicle.phone_call import WORDS

DROPS: Row = (PHONE, DROP)
ROWS: dict[str, dict[str, Row]] = {
    PROMPT: {"keep": (PHONE, ("stop_voice_timers", "stop_mouth", "hold_message")), "drop": DROPS},
    LISTENING: {"discard": DROPS},
    SENDING: {"finish": (PHONE, ("stop_voice_timers",)), "discard": DROPS},
    PLAYING: {"stop": (PHONE, ("stop_mouth",)), "pause": (PHONE, ("stop_mouth", "hold_message"))},
    RINGING: {"reject": (PHONE, (*DROP, "end_call"))},
    CALL: {"hold": (HELD, ("hold_talk",)), "end": (PHONE, (*DROP, "end_call"))},
}

TABLE: Table = {
    (IDLE, HandsFree): DROPS,
    (STOPPED, HandsFree): DROPS,
    (PHONE, HandsFreeOver): (IDLE, ("announce",)),
    (HELD, HandsFreeOver): (CALL, ("resume_talk",)),
    (HELD, CallEnds): (PHONE, ("forget_call",)),
    (HELD, CallRings): (HELD, ("refuse_call",)),
    (HELD, VoiceLost): (PHONE, ("end_call",)),
    (HELD, SessionClosed): (PHONE, ("end_call",)),
}


def rows(table: Mapping[str, str]) -> Table:
    """The rows of a car's table (state -> word of ``harness.vehicle.phone_call``); what it leaves out is as usual."""
    found = dict(TABLE)
    for state, (usual, *_) in WORDS.items():
        found[(state, HandsFree)] = ROWS[state][table.get(state, usual)]
    return found
