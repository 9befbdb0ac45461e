"""Which signal of a foreign database could be which role, how sure that is, and why.

Theory. There is no certainty in names, so nothing is decided: every signal is held against the words of every role
(propose_words.py), what speaks for it and against it is kept, and the best one is proposed where enough speaks for it.
A word in the signal's own name counts most, then its comment, its message's name and comment, and the sender. A value
table whose labels are the states of the role is worth as much as a word. A signal is proposed for one role only: the
surest goes first. What the states are is read from the value table; where there is none, nothing is known of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.can.message import Message
from harness.can.signal import Signal
from harness.vehicle.propose_source import Source
from harness.vehicle.propose_words import (
    CHECKSUM,
    COUNTER,
    HEAD_UNIT_NODES,
    INVALID_WORDS,
    NEGATIONS,
    NOT_BUTTON,
    PRESS,
    ROLE_WORDS,
    STRICTLY_WHEEL,
    Words,
    met,
    parts,
    states_of,
)
from harness.vehicle.roles import BUTTON_KINDS, ROLES, SNA

LEAST = 0.5
"""So sure a proposal must be to be written as a role; what is less sure is named as a candidate."""
WORTH_NAMING = 0.3
_NAME, _COMMENT, _MESSAGE, _MESSAGE_COMMENT, _SENDER, _LABELS = 1.0, 0.8, 0.6, 0.5, 0.4, 0.4
_KEPT = 8


class EventFields(NamedTuple):
    """A button whose module decides what a press was (harness/vehicle/button_event.py): its code, and which signals of
    the message carry code, kind and number of the event ("" where there is none)."""

    code: int
    code_signal: str
    kind_signal: str
    kinds: Mapping[str, int]
    sequence: str
    repeat: int


@dataclass(frozen=True)
class Candidate:
    """A signal for a role. ``confidence`` about 0 to 1; ``states``: those whose value is known, to a label or a raw
    number; ``lacking`` the others the role must have."""

    role: str
    bus: str
    message: Message
    signal: Signal
    confidence: float
    reasons: tuple[str, ...]
    states: Mapping[str, int | str]
    lacking: tuple[str, ...]
    event: EventFields | None = None

    @property
    def place(self) -> str:
        return f"{self.bus}/{self.message.name}.{self.signal.name}"


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a role (None: nothing is sure enough) and the next best, best first."""

    role: str
    best: Candidate | None
    others: tuple[Candidate, ...]


def head_unit_nodes(sources: Sequence[Source]) -> tuple[str, ...]:
    """The nodes whose names are those of head units; empty when there is none."""
    nodes = dict.fromkeys(node for source in sources for node in source.database.nodes)
    return tuple(node for node in nodes if node.lower() in HEAD_UNIT_NODES or met(HEAD_UNIT_NODES, node))


def propose(sources: Sequence[Source], unit: Iterable[str]) -> dict[str, Proposal]:
    """A proposal for each role, in the order of the table of roles. ``unit``: the head unit's nodes."""
    ours = frozenset(unit)
    found: dict[str, list[Candidate]] = {role: [] for role in ROLE_WORDS}
    for source in sources:
        for message in source.database.messages.values():
            sent_by_unit = not ours.isdisjoint(message.senders)
            for signal in message.signals.values():
                heard = not ours.isdisjoint(source.receivers.get((message.name, signal.name), ()))
                for role, words in ROLE_WORDS.items():
                    if sent_by_unit == _by_unit(role):
                        made = _candidate(role, words, source, message, signal, heard)
                        if made is not None:
                            found[role].append(made)
    return _dealt(found)


def is_counter(signal: Signal) -> bool:
    """By name and width: something that counts frames."""
    return 2 <= signal.length <= 8 and not signal.mux and not signal.signed and met(COUNTER, signal.name) is not None


def is_checksum(signal: Signal) -> bool:
    """By name and width: something computed over the other bytes."""
    wide = signal.length in (4, 8, 16)
    return (
        wide and not signal.mux and not signal.signed and not signal.values and met(CHECKSUM, signal.name) is not None
    )


def _some_button(role: str, source: Source, message: Message, signal: Signal) -> Candidate | None:
    """A button of the wheel whose name does not say what it does: somebody who knows the car may."""
    if role != "wheel.messaging" or signal.length > 3 or met(NOT_BUTTON, signal.name):
        return None
    wheel, press = met(STRICTLY_WHEEL, signal.name), met(PRESS, signal.name)
    if not wheel or not press:
        return None
    states, lacking = states_in(role, signal)
    reasons = (f"its name has '{wheel}'", f"'{press}'", "but nothing says what it is for")
    return Candidate(role, source.bus, message, signal, 0.4 if lacking else 0.45, reasons, states, lacking)


def _by_unit(role: str) -> bool:
    return role.startswith("head_unit.") or role == "network.head_unit"


def _dealt(found: Mapping[str, list[Candidate]]) -> dict[str, Proposal]:
    """Each signal to the role it fits best; the surest is dealt first."""
    every = sorted((c for some in found.values() for c in some), key=lambda c: (-c.confidence, c.role, c.place))
    best: dict[str, Candidate] = {}
    taken: set[str] = set()
    for one in every:
        if one.confidence >= LEAST and one.role not in best and one.place not in taken:
            best[one.role] = one
            taken.add(one.place)
    proposals = {}
    for role, some in found.items():
        others = sorted((c for c in some if c is not best.get(role)), key=lambda c: (-c.confidence, c.place))
        proposals[role] = Proposal(role, best.get(role), tuple(others[:_KEPT]))
    return proposals


def _candidate(
    role: str, words: Words, source: Source, message: Message, signal: Signal, heard: bool
) -> Candidate | None:
    places = (
        (signal.name, _NAME, "its name"),
        (signal.comment, _COMMENT, "its comment"),
        (message.name, _MESSAGE, "the message"),
        (message.comment, _MESSAGE_COMMENT, "the message's comment"),
        (" ".join(message.senders), _SENDER, "the sender"),
    )
    reasons: list[str] = []
    strengths = []
    for group in words.all_of:
        hits = [(strength, word, where) for text, strength, where in places if text and (word := met(group, text))]
        if not hits:
            return _some_button(role, source, message, signal)
        strength, word, where = max(hits)
        strengths.append(strength)
        reasons.append(f"{where} has '{word}'")
    if max(strengths) < _COMMENT:  # nothing in the signal itself speaks for it
        return None
    rule = ROLES[role]
    states, lacking = ({}, ()) if role not in ROLES else states_in(role, signal)
    confidence = 0.7 * sum(strengths) / len(strengths)
    if word := met(words.any_of, signal.name) or met(words.any_of, message.name):
        confidence += 0.1
        reasons.append(f"'{word}'")
    named = [s for s in rule.states if s != SNA]
    if named and not set(named) - set(states):
        confidence += 0.2 if signal.values else 0.1
        reasons.append("its value table has the states" if signal.values else "its name has the state of 1")
    elif signal.values and named:
        confidence -= 0.15 * sum(s not in states for s in named) / len(named)
    if heard and not _by_unit(role):
        confidence += 0.05
        reasons.append("the head unit receives it")
    if rule.unit == "km/h":
        if signal.unit.lower() in ("km/h", "kph", "kmh", "unit_kilometerperhour"):
            confidence += 0.15
            reasons.append(f"in {signal.unit}")
        elif signal.length < 7 or signal.unit:
            confidence -= 0.3
    against = met(words.none_of, signal.name)
    if against:
        confidence *= 0.4
        reasons.append(f"but '{against}'")
    confidence = _fitting(confidence, signal, words, len(named), reasons)
    if signal.is_multiplexer or is_checksum(signal) or (is_counter(signal) and role != "head_unit.alive"):
        return None
    if confidence < WORTH_NAMING:
        return None
    return Candidate(
        role, source.bus, message, signal, round(confidence, 3), tuple(dict.fromkeys(reasons)), states, lacking
    )


def _fitting(confidence: float, signal: Signal, words: Words, states: int, reasons: list[str]) -> float:
    """Less where the signal has too few bits for the states, or more than such a thing needs."""
    if states and 1 << signal.length < states:
        confidence *= 0.5
        reasons.append(f"but {signal.length} bits for {states} states")
    if signal.length > words.bits:
        confidence *= 0.5
        reasons.append(f"but {signal.length} bits")
    return confidence


def states_in(role: str, signal: Signal) -> tuple[dict[str, int | str], tuple[str, ...]]:
    """(state -> label or raw number, states without one). Nothing is guessed that no label says, but a bit that is
    named after one of two states ("BrakePressed") carries it as 1."""
    rule = ROLES[role]
    words = states_of(role) or {state: frozenset({state.replace("_", "")}) for state in sorted(rule.states - {SNA})}
    if role == "head_unit.view":  # its states are the views, whatever they are called
        words = {_snake(label): frozenset({_plain(label)}) for label in signal.values.values()}
    found: dict[str, int | str] = {}
    taken: set[int] = set()
    invalid = next((raw for raw, label in signal.values.items() if met(INVALID_WORDS, label)), None)
    for exact in (True, False):  # "Off" is a better "off" than "OffRoad"
        for state in words:
            for raw, label in signal.values.items():
                if state in found or raw in taken or raw == invalid:
                    continue
                if _means(_own_words(label, signal), state, words, exact=exact):
                    found[state] = _label(signal, raw)
                    taken.add(raw)
    if invalid is not None and rule.kinds != ("network",):
        found[SNA] = _label(signal, invalid)
    must = sorted(rule.states) if rule.kinds != ("network",) else ["awake"]
    if not signal.values and signal.length == 1 and len(words) == 2:
        named = set(parts(signal.name))
        ones = [s for s in words if named & {s, "ajar", *(w for w in words[s] if len(w) > 4)} - _elsewhere(words, s)]
        if len(ones) == 1:
            (zero,) = (s for s in words if s != ones[0])
            found = {ones[0]: 1, zero: 0}
    return found, tuple(s for s in must if s not in found)


def _means(label: str, state: str, words: Mapping[str, frozenset[str]], *, exact: bool) -> bool:
    """Whether ``label`` names ``state``. Of two states "not" with a word of one is the other ("not buckled")."""
    own = parts(label)
    if len(words) == 2 and NEGATIONS.intersection(own[:1]) and len(own) > 1:
        (other,) = (s for s in words if s != state)
        return not exact and met(words[other], "_".join(own[1:])) is not None
    return _plain(label) in words[state] if exact else met(words[state], label) is not None


def _elsewhere(words: Mapping[str, frozenset[str]], state: str) -> set[str]:
    return {word for other, some in words.items() if other != state for word in some}


def _label(signal: Signal, raw: int) -> int | str:
    """The label where it stands for this value alone, else the number."""
    label = signal.values[raw]
    return label if signal.labels.get(label) == raw and list(signal.values.values()).count(label) == 1 else raw


def _plain(label: str) -> str:
    return "".join(c for c in label.lower() if c.isalnum())


def _snake(label: str) -> str:
    return "_".join(parts(label)) or label.lower()


def _own_words(label: str, signal: Signal) -> str:
    """``label`` without what all labels of the signal begin with (LATCH_OPENED, LATCH_CLOSED)."""
    labels = list(signal.values.values())
    first = label.split("_")[0]
    while len(labels) > 1 and "_" in label and all(x.startswith(f"{first}_") for x in labels):
        labels = [x.removeprefix(f"{first}_") for x in labels]
        label = label.removeprefix(f"{first}_")
        first = label.split("_")[0]
    return label


def is_button(role: str) -> bool:
    return role in ROLES and ROLES[role].kinds == BUTTON_KINDS
