"""A telephone call by hands-free: it outranks messaging, and the car's table says what becomes of what was going on.

Theory. The table has a word for each state of messaging; each word is a row of the voice machine for the event that the
hands-free call has begun. What was half recorded is dropped in every car: there is no word for sending it. A call of a
friend that is held comes back when the telephone is free again.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.headunit.blueprint import Row, Table
from harness.headunit.events.call import CallEnds, HandsFree, HandsFreeOver
from harness.headunit.events.session import SessionClosed
from harness.headunit.events.voice import VoiceLost
from harness.headunit.voice import CALL, DROP, HELD, IDLE, LISTENING, PHONE, PLAYING, PROMPT, RINGING, SENDING, STOPPED
from harness.vehicle.phone_call import WORDS

DROPS: Row = (PHONE, DROP)
HOLDS: Row = (PHONE, (*DROP, "hold_message"))
ENDS: Row = (PHONE, (*DROP, "end_call"))
ROWS: dict[str, dict[str, Row]] = {
    PROMPT: {"keep": HOLDS, "drop": DROPS},
    LISTENING: {"discard": DROPS},
    SENDING: {"finish": DROPS, "discard": (PHONE, (*DROP, "drop_message"))},
    PLAYING: {"stop": DROPS, "pause": HOLDS},
    RINGING: {"reject": ENDS},
    CALL: {"hold": (HELD, ("hold_talk",)), "end": ENDS},
}

TABLE: Table = {
    **{(s, HandsFree): DROPS for s in (IDLE, STOPPED)},
    (PHONE, HandsFreeOver): (IDLE, ("announce",)),
    (HELD, HandsFreeOver): (CALL, ("resume_talk",)),
    (HELD, CallEnds): (PHONE, ("forget_call",)),
    **{(HELD, e): (PHONE, ("end_call",)) for e in (VoiceLost, SessionClosed)},
}


def rows(table: Mapping[str, str]) -> Table:
    """The rows of a car's table (state -> word of ``harness.vehicle.phone_call``); what it leaves out is as usual."""
    found = dict(TABLE)
    for state, (usual, *_) in WORDS.items():
        found[(state, HandsFree)] = ROWS[state][table.get(state, usual)]
    return found
