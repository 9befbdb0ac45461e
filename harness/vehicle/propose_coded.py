"""Several buttons in one signal: a code for each, in a cycle or as events with the kind of press.

Theory. Many wheels send no bit for each button but one value: which button it is. Its value table then names buttons
that are roles. Where a signal beside it says short and long, the wheel decides what a press was and sends an event;
else the code is a level, and one of its values means that no button is pressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.can.message import Message
from harness.can.signal import Signal
from harness.vehicle.button_event import DOUBLE, INVALID, LONG, SHORT
from harness.vehicle.propose import Candidate, EventFields, is_counter
from harness.vehicle.propose_source import Source
from harness.vehicle.propose_words import INVALID_WORDS, OFF, PRESS, ROLE_WORDS, WHEEL, met, parts

_KINDS = {
    SHORT: frozenset({"short", "kurz", "click", "single", "press", "duan"}),
    LONG: frozenset({"long", "lang", "hold", "chang"}),
    DOUBLE: frozenset({"double", "doppel", "shuang"}),
    INVALID: INVALID_WORDS,
}
_NONE = OFF | {"released", "normal", "default", "keine", "wu", "rest", "nokey", "nobutton", "notpressed"}
_TALK = frozenset({"talk", "call", "answer", "phone", "mic"})
SURE = 0.85


def coded_buttons(sources: Sequence[Source], unit: Iterable[str]) -> dict[str, Candidate]:
    """By role: the button that a code of a signal names. Of several such signals the one with most roles is taken."""
    ours = frozenset(unit)
    best: dict[str, Candidate] = {}
    for source in sources:
        for message in source.database.messages.values():
            if not ours.isdisjoint(message.senders):
                continue
            for signal in message.signals.values():
                found = _buttons(source.bus, message, signal)
                if len(found) > len(best):
                    best = found
    return best


def _buttons(bus: str, message: Message, signal: Signal) -> dict[str, Candidate]:
    roles = _roles(signal)
    about = f"{message.name} {signal.name} {signal.comment} {message.comment} {' '.join(message.senders)}"
    wheel = met(WHEEL | PRESS, about)
    if len(roles) < 2 or not wheel:
        return {}
    event = _event(message, signal)
    none = next((raw for raw, label in signal.values.items() if met(_NONE, label)), None)
    if event is None and none is None:
        return {}
    found = {}
    for role, (raw, label) in roles.items():
        reasons = [f"its value {raw} is '{label}'", f"'{wheel}'", f"{len(roles)} of its values are buttons"]
        states: dict[str, int | str] = {} if event or none is None else {"pressed": raw, "released": none}
        fields = None if event is None else event._replace(code=raw)
        reasons += ["a signal beside it says how it was pressed"] if event else []
        found[role] = Candidate(role, bus, message, signal, SURE, tuple(reasons), states, (), fields)
    return found


def _roles(signal: Signal) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for raw, label in signal.values.items():
        for role, words in ROLE_WORDS.items():
            if not role.startswith("wheel.") or role in found:
                continue
            own = words.all_of[1] | (_TALK if role == "wheel.messaging" else frozenset())
            named = met(own, label) or ("".join(parts(label)) in own)
            if named and not (role == "wheel.messaging" and met(ROLE_WORDS["wheel.hangup"].all_of[1], label)):
                found[role] = (raw, label)
                break
    return found


def _event(message: Message, code: Signal) -> EventFields | None:
    for signal in message.signals.values():
        kinds = {
            kind: next((raw for raw, label in signal.values.items() if met(words, label)), None)
            for kind, words in _KINDS.items()
        }
        known = {kind: raw for kind, raw in kinds.items() if raw is not None}
        if signal is not code and {SHORT, LONG} <= known.keys():
            number = next((s.name for s in message.signals.values() if s is not signal and is_counter(s)), "")
            return EventFields(0, code.name, signal.name, known, number, message.repetitions + 1)
    return None
