"""One signal of a CAN message: where its bits lie and what they mean.

Theory. A DBC numbers bits "sawtooth": bit 0 is the least significant of byte 0, bit 8 of byte 1. An Intel signal
(little endian) names its least significant bit and grows upwards; a Motorola signal (big endian) names its most
significant bit and grows downwards through the byte and on into the next one. Raw is what lies in the bits; physical
is raw * scale + offset. Ranges are those the bits can carry: the DBC's [min|max] says what is sensible, and a test
must be able to send what is not. """

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Raw = int | float
Value = int | float | str
"""A physical number, or a label of the signal's value table."""


@dataclass(frozen=True, eq=False, slots=True)
class Signal:
    """A signal as the DBC describes it, with readers and writers made for it when the file was loaded.

    ``start_bit`` and ``length`` are in bits as in the DBC. ``mux`` is the multiplexer's name and the ids under which
    this signal is there. ``start_raw`` is GenSigStartValue (raw). ``read_raw`` takes data of at least the message's
    length; ``write_raw`` raises ValueError when ``raw`` does not fit into the bits.
    """

    name: str
    unit: str
    start_bit: int
    length: int
    little_endian: bool
    signed: bool
    float: bool
    scale: Raw
    offset: Raw
    minimum: Raw | None
    maximum: Raw | None
    values: dict[int, str]
    start_raw: Raw
    mux: tuple[str, frozenset[int]] | None
    is_multiplexer: bool
    comment: str
    line: int
    read_raw: Callable[[bytes | bytearray], Raw] = field(repr=False)
    write_raw: Callable[[bytearray, Raw], None] = field(repr=False)
    number_to_raw: Callable[[Raw], Raw] = field(repr=False)
    to_physical: Callable[[Raw], Raw] = field(repr=False)
    labels: dict[str, int] = field(repr=False)

    @property
    def raw_range(self) -> tuple[Raw, Raw]:
        """The least and the greatest raw value the bits can carry (inclusive)."""
        if self.float:
            largest = {16: 65504.0, 32: 3.4028234663852886e38, 64: 1.7976931348623157e308}[self.length]
            return -largest, largest
        if self.signed:
            return -(1 << self.length - 1), (1 << self.length - 1) - 1
        return 0, (1 << self.length) - 1

    def to_raw(self, x: Value) -> Raw:
        """Physical number or label -> raw. ValueError names the signal, the value and what it may be."""
        if isinstance(x, str):
            if x in self.labels:
                return self.labels[x]
            known = ", ".join(self.labels) or "none: it has no value table"
            raise ValueError(f"{self.name}: {x!r} is no label of this signal; labels: {known}")
        try:
            raw = self.number_to_raw(x)
        except (ValueError, OverflowError, TypeError):
            raw = None
        low, high = self.raw_range
        if raw is None or not (low <= raw <= high or (self.float and raw in (float("inf"), float("-inf")))):
            if self.float and raw is not None and raw != raw:  # not a number is a float like any other
                return raw
            ends = sorted((self.to_physical(low), self.to_physical(high)))
            raise ValueError(f"{self.name}: {x!r} {self.unit} is outside what its {self.length} bits carry, "
                             f"{ends[0]} to {ends[1]} {self.unit}".replace("  ", " ").rstrip())
        return raw

    def label(self, raw: Raw) -> str | None:
        """The value table's text for ``raw``, or None."""
        return self.values.get(int(raw)) if raw == raw and abs(raw) != float("inf") else None
