"""What a recording of the bus adds to a database: cycle times, and how checksums are made.

Theory. A cycle is the distance that most frames keep. A checksum is found by trying: each way of making it is held
against every distinct frame of the message, with every data id it might have. An id that is not sent adds a constant to
sums and CRCs of one length, so several ids explain the same frames and any of them will do for this message; the lowest
is taken, and it is not proved to be the maker's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.can.candump import read_candump
from harness.can.message import Message
from harness.can.protection import Protection, Protector
from harness.can.traits import cycle_of
from harness.foundation.errors import BadInput
from harness.foundation.units import MS, Ns
from harness.vehicle.propose_protection import Guarded
from harness.vehicle.propose_source import Source

LEAST_FRAMES = 8
"""Distinct frames that a way of making a checksum must explain before it is believed."""
_MOST_FRAMES = 64
_WAYS = (("XOR", "both", 1 << 8), ("SUM", "both", 1 << 8), ("J1850", "both", 0), ("E2E-P01", "both", 1 << 16),
         ("E2E-P01", "low", 1 << 8), ("E2E-P05", "both", 1 << 16))  # fmt: skip

Frames = Mapping[tuple[str, str], Sequence[tuple[Ns, bytes]]]


@dataclass(frozen=True)
class Measured:
    """By "bus/Message": ``cycles`` in ns, rounded to whole ms, and ``protections`` that explain every frame."""

    cycles: Mapping[str, Ns]
    protections: Mapping[str, Protection]


def measure(logs: Iterable[Path], sources: Sequence[Source], guarded: Mapping[str, Guarded]) -> Measured:
    """Read candump logs. BadInput for one that is none, or in which no message of the databases is."""
    frames: dict[str, list[tuple[Ns, bytes]]] = {}
    messages: dict[str, Message] = {}
    for log in logs:
        for place, message, at, data in _heard(log, sources):
            frames.setdefault(place, []).append((at, data))
            messages[place] = message
    cycles, protections = {}, {}
    for place, some in frames.items():
        cycle = cycle_of([t for t, _ in some])
        if cycle is not None and cycle >= MS:
            cycles[place] = round(cycle / MS) * MS
        if place in guarded:
            made = explained(messages[place], guarded[place], [data for _, data in some])
            if made is not None:
                protections[place] = made
    return Measured(cycles, protections)


def explained(message: Message, guard: Guarded, frames: Iterable[bytes]) -> Protection | None:
    """The protection that explains all frames of ``message``; None when none does, or there are too few."""
    distinct = list(dict.fromkeys(f for f in frames if len(f) == message.length))[:_MOST_FRAMES]
    if len(distinct) < LEAST_FRAMES or not guard.checksum:
        return None
    for profile, mode, ids in _WAYS:
        for data_id in (None, *range(ids)) if not profile.startswith("E2E") else range(ids):
            made = Protection(profile, data_id, mode, guard.counter, guard.checksum)
            try:
                protector = Protector(message, made)
            except ValueError:  # this way needs other fields
                break
            if all(protector.check(frame).checksum_ok for frame in distinct):
                return made
    return None


def with_protections(guarded: Mapping[str, Guarded], measured: Measured) -> dict[str, Guarded]:
    """What looked protected, with what the recording says of it."""
    found = dict(guarded)
    for place, p in measured.protections.items():
        how = f"explains every frame of the recording{'' if p.data_id is None else ' (other data ids may as well)'}"
        found[place] = replace(
            guarded[place], profile=p.profile, data_id=p.data_id, reason=f"{guarded[place].reason}; {how}"
        )
    return found


def _heard(log: Path, sources: Sequence[Source]) -> list[tuple[str, Message, Ns, bytes]]:
    """(place, message, ns, data) of each frame; a channel is the bus whose database knows most of its ids."""
    if not log.is_file():
        raise BadInput(log, None, "", "no such recording", "Name a log as candump -L writes it.")
    every = [(channel, h.t, h.frame) for channel, h in read_candump(log) if h.kind == "data" and h.frame is not None]
    known: Counter[tuple[str, str]] = Counter()
    for channel, key in {(channel, (f.id, f.extended)) for channel, _, f in every}:
        for source in sources:
            known[(channel, source.bus)] += key in source.database.messages
    bus_of = {}
    for channel in {channel for channel, _, _ in every}:
        best = max(sources, key=lambda s: known[(channel, s.bus)])
        if known[(channel, best.bus)]:
            bus_of[channel] = best
    if not bus_of:
        raise BadInput(log, None, "", "none of its messages is in the databases", "Is it of this car?")
    found = []
    for channel, t, frame in every:
        its = bus_of.get(channel)
        message = its.database.messages.get((frame.id, frame.extended)) if its else None
        if its is not None and message is not None:
            found.append((f"{its.bus}/{message.name}", message, t, frame.data))
    return found
