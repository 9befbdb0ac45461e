"""One message of a CAN database: its signals, how it is sent, and its codec.

Theory. A message is a tree: signals that are always there, and for each multiplexer one branch per id. Encoding
walks the tree from given values and start values; decoding walks it from the multiplexers found in the data. For
messages without multiplexer the whole walk is one generated function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.can.codegen import Encode, LevelCode
from harness.can.signal import Raw, Signal, Value
from harness.foundation.units import Ns


@dataclass(frozen=True, slots=True)
class Level:
    """Signals that are present together, and for each multiplexer among them the level that each id selects."""

    signals: tuple[Signal, ...]
    code: LevelCode
    branches: tuple[tuple[Signal, dict[int, Level]], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Message:
    """A message as the DBC describes it.

    ``length`` in bytes; ``cycle`` is GenMsgCycleTime and ``fast_cycle`` GenMsgCycleTimeFast (ns, None when 0 or not
    given), ``repetitions`` GenMsgNrOfRepetition, ``send_type`` the text of GenMsgSendType ("" when not given).
    ``senders`` are node names; ``line`` is the BO_ line of the file.
    """

    name: str
    id: int
    extended: bool
    length: int
    fd: bool
    brs: bool
    senders: tuple[str, ...]
    cycle: Ns | None
    fast_cycle: Ns | None
    repetitions: int
    send_type: str
    comment: str
    line: int
    signals: dict[str, Signal]
    tree: Level = field(repr=False)
    plain: Encode | None = field(repr=False)
    """The generated encoder of all signals at once; None where there is a multiplexer."""
    network_management: bool = False
    """NmMessage: a network-management PDU, whose being sent keeps the bus awake."""

    @property
    def key(self) -> tuple[int, bool]:
        return (self.id, self.extended)

    def decode(self, data: bytes) -> dict[str, Raw]:
        """Physical values by signal name. ValueError for a wrong length or a multiplexer id the DBC does not have."""
        if len(data) != self.length:
            raise self._wrong_length(data)
        tree = self.tree
        out = tree.code.decode(data)
        if tree.branches:
            for level in self._selected(tree, data):
                out.update(level.code.decode(data))
        return out

    def decode_raw(self, data: bytes) -> dict[str, Raw]:
        """Raw values by signal name. ValueError as in ``decode``."""
        if len(data) != self.length:
            raise self._wrong_length(data)
        out = self.tree.code.decode_raw(data)
        for level in self._selected(self.tree, data):
            out.update(level.code.decode_raw(data))
        return out

    def encode(self, values: Mapping[str, Value], start: bytes | None = None) -> bytes:
        """Data from physical numbers or labels.

        A signal not in ``values`` takes its bits from ``start`` where that is given, else its start value; bits that
        belong to no signal come from ``start`` or are 0. Signals of branches that the multiplexers do not select are
        left out. ValueError names the signal, the value and its range; an unknown signal is a ValueError too.
        """
        plain = self.plain
        if start is None and plain is not None:
            data = plain(values)
            if data is not None:
                return data
        return self._build(values, start, Signal.to_raw)

    def encode_raw(self, values: Mapping[str, Raw], start: bytes | None = None) -> bytes:
        """Data from raw values; otherwise as ``encode``."""
        return self._build(values, start, _as_it_is)

    def start_data(self) -> bytes:
        """The data before anybody wrote a signal: all start values; 0 where there is none. A multiplexer whose start
        value selects nothing shows its lowest page: a sender always shows one."""
        data = bytearray(self.length)
        levels = [self.tree]
        while levels:
            level = levels.pop()
            for signal in level.signals:
                signal.write_raw(data, signal.start_raw)
            for multiplexer, branches in level.branches:
                selected = branches.get(int(multiplexer.start_raw))
                if selected is None:
                    low, high = multiplexer.raw_range
                    lowest = min((raw for raw in branches if low <= raw <= high), default=None)
                    if lowest is None:
                        continue
                    multiplexer.write_raw(data, lowest)
                    selected = branches[lowest]
                levels.append(selected)
        return bytes(data)

    def _build(self, values: Mapping[str, Any], start: bytes | None, convert: Callable[[Signal, Any], Raw]) -> bytes:
        if not values.keys() <= self.signals.keys():
            unknown = sorted(set(values) - set(self.signals))[0]
            raise ValueError(f"{self.name}: no signal {unknown!r}; signals: {', '.join(self.signals)}")
        if start is not None and len(start) != self.length:
            raise self._wrong_length(start)
        data = bytearray(self.length if start is None else start)
        levels = [(self.tree, start is not None)]
        while levels:
            level, keep = levels.pop()
            before = [signal.read_raw(data) for signal, _ in level.branches]
            for signal in level.signals:
                if signal.name in values:
                    signal.write_raw(data, convert(signal, values[signal.name]))
                elif not keep:
                    signal.write_raw(data, signal.start_raw)
            for (multiplexer, branches), old in zip(level.branches, before, strict=True):
                raw = multiplexer.read_raw(data)
                if raw not in branches:
                    raise self._nothing_selected(multiplexer, raw, branches)
                # under another id the old bits meant other signals
                levels.append((branches[int(raw)], keep and raw == old))
        return bytes(data)

    def _selected(self, tree: Level, data: bytes) -> list[Level]:
        """The levels below ``tree`` that the multiplexers in ``data`` select, outer before inner."""
        found: list[Level] = []
        levels = [tree]
        while levels:
            for multiplexer, branches in levels.pop().branches:
                raw = multiplexer.read_raw(data)
                level = branches.get(int(raw))
                if level is None:
                    raise self._nothing_selected(multiplexer, raw, branches)
                found.append(level)
                levels.append(level)
        return found

    def _nothing_selected(self, multiplexer: Signal, raw: Raw, branches: dict[int, Level]) -> ValueError:
        ids = sorted(branches)
        known = ", ".join(map(str, ids[:10])) + (", ..." if len(ids) > 10 else "")
        return ValueError(f"{self.name}.{multiplexer.name}: multiplexer id {raw} selects nothing; ids: {known}")

    def _wrong_length(self, data: bytes) -> ValueError:
        return ValueError(f"{self.name}: {len(data)} bytes instead of {self.length}")


def _as_it_is(_signal: Signal, raw: Raw) -> Raw:
    return raw
