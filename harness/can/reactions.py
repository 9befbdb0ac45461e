"""Which frames and bits of a bus react to an action: listening only, without a database.

Theory. Each bit of each message is a thing of two states, whose changes are held against the windows of the action
(foundation.association). Bits that never rest (can.traits) are left out first: they would be in every window. Bits
beside each other that change in the same frames are one field. A message that is only there with the action is a
reaction itself, and its bits are not told again.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.can.port import Heard
from harness.can.traits import Field, Frames, Traits, bits_of, traits
from harness.foundation.association import SETTLE, Association, Change, Window, associate, effective
from harness.foundation.units import MS, Ns

Key = tuple[int, bool]
QUIET: Ns = 200 * MS
"""A message that has not been there for so long (or five of its cycles) begins anew."""


@dataclass(frozen=True)
class FieldReaction:
    """``before`` and ``during``: the field's raw values around the change, as most often seen. ``data``: the whole
    frame before and at the change, for a database to read.
    """

    key: Key
    field: Field
    before: int
    during: int
    data: tuple[bytes, bytes]
    association: Association


@dataclass(frozen=True)
class MessageReaction:
    """A message that comes with the action. ``frames``: least and most of them in one action. ``data``: its first
    frame, as most often seen; ``varies``: the bytes that are not the same in every first frame.
    """

    key: Key
    frames: tuple[int, int]
    data: bytes
    varies: tuple[int, ...]
    association: Association


@dataclass(frozen=True)
class BusReactions:
    """``fields`` and ``messages`` are all that met any window, best first; ``candidates`` counts what was looked at,
    for Association.claimed. ``heard`` counts data frames.
    """

    heard: int
    candidates: int
    fields: tuple[FieldReaction, ...]
    messages: tuple[MessageReaction, ...]
    traits: dict[Key, Traits]


def reactions(heard: Iterable[Heard], windows: Sequence[Window], span: Window, settle: Ns = SETTLE) -> BusReactions:
    """What reacts on one bus. ``windows`` in time order, within ``span`` (first and last instant of the recording)."""
    by_key: dict[Key, list[tuple[Ns, bytes]]] = {}
    count = 0
    for one in heard:
        if one.kind == "data" and one.frame is not None and span[0] <= one.t <= span[1]:
            by_key.setdefault(one.frame.key, []).append((one.t, one.frame.data))
            count += 1
    wide = effective(windows, span, settle)
    known = {key: traits(_of_one_length(frames), wide) for key, frames in by_key.items()}
    messages: list[MessageReaction] = []
    fields: list[FieldReaction] = []
    candidates = 0
    for key, frames in by_key.items():
        come = _come(key, frames, known[key], windows, wide, span, settle)
        candidates += 1 if known[key].cycle is None else 0
        if come is not None and come.association.consistent:
            messages.append(come)
            continue
        bits, looked_at = _bits(_of_one_length(frames), known[key], windows, span, settle)
        candidates += looked_at
        fields += [_field(key, _of_one_length(frames), field, fit, windows) for field, fit in bits]
    return BusReactions(
        count,
        candidates,
        tuple(sorted(fields, key=lambda f: (f.association.order, f.key, f.field.byte, f.field.low))),
        tuple(sorted(messages, key=lambda m: (m.association.order, m.key))),
        known,
    )


def _of_one_length(frames: Frames) -> Frames:
    """The frames of the length most of them have: others are another layout."""
    length = statistics.mode(len(data) for _, data in frames)
    return [frame for frame in frames if len(frame[1]) == length]


def _come(
    key: Key,
    frames: Frames,
    known: Traits,
    windows: Sequence[Window],
    wide: Sequence[Window],
    span: Window,
    settle: Ns,
) -> MessageReaction | None:
    quiet = QUIET if known.cycle is None else max(QUIET, 5 * known.cycle)
    starts: list[tuple[Ns, bytes]] = []
    last = span[0]
    for t, data in frames:
        if t - last > quiet:
            starts.append((t, data))
        last = t
    fit = associate([Change(t, True) for t, _ in starts], windows, span, settle)
    if fit is None:
        return None
    met = [window for n, window in enumerate(wide) if fit.delays[n] is not None]
    counts = [sum(begin <= t <= end for t, _ in frames) for begin, end in met]
    within = [data for t, data in starts if any(begin <= t <= end for begin, end in wide)]
    length = max(len(data) for data in within)
    varies = tuple(n for n in range(length) if len({data[n : n + 1] for data in within}) > 1)
    return MessageReaction(key, (min(counts), max(counts)), statistics.mode(within), varies, fit)


def _bits(
    frames: Frames, known: Traits, windows: Sequence[Window], span: Window, settle: Ns
) -> tuple[list[tuple[Field, Association]], int]:
    changes: dict[int, list[Change]] = {}
    left_out = known.excluded
    for (_, a), (t, b) in itertools.pairwise(frames):
        if a != b:
            new = int.from_bytes(b, "little")
            for bit in bits_of(int.from_bytes(a, "little") ^ new):
                if bit not in left_out:
                    changes.setdefault(bit, []).append(Change(t, bool(new >> bit & 1)))
    fits = {bit: associate(found, windows, span, settle) for bit, found in changes.items()}
    fields: list[tuple[Field, Association]] = []
    for bit in sorted(fits):
        fit = fits[bit]
        if fit is None:
            continue
        if fields:
            field, first = fields[-1]
            if field.bits[-1] + 1 == bit and bit % 8 and first.delays == fit.delays and first.outside == fit.outside:
                fields[-1] = (Field(field.byte, field.low, field.width + 1), first)
                continue
        fields.append((Field(bit // 8, bit % 8, 1), fit))
    return fields, len(changes)


def _field(key: Key, frames: Frames, field: Field, fit: Association, windows: Sequence[Window]) -> FieldReaction:
    at = fit.instants(windows)
    pairs = [(a, b) for (_, a), (t, b) in itertools.pairwise(frames) if t in at]
    before, during = statistics.mode((field.read(a), field.read(b)) for a, b in pairs)
    data = next((a, b) for a, b in pairs if (field.read(a), field.read(b)) == (before, during))
    return FieldReaction(key, field, before, during, data, fit)
