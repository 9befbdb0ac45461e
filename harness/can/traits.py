"""What a message does by itself, seen from outside: its cycle, its counters, its checksum.

Theory. Before one may say that a bit reacts, the bits that never rest must be known. A counter's lowest bit changes
with every step and each higher one half as often, and its steps are all alike (modulo its width; a wrap one short of
it, as AUTOSAR E2E profile 1 has, is the exception among fifteen). A checksum changes whenever anything else does. That
alone would also be said of a lamp beside a button, so it is proved: XOR and CRC are linear, hence the difference of
two checksums is the checksum of the difference, whatever start value, final XOR or data id belongs to it; for sums
the same holds with minus. Steps of a counter within the action are not counted: something that counts presses is no
alive counter.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.foundation.association import Window
from harness.foundation.units import Ns

LEAST_STEPS = 8
"""So many steps make a counter."""
_ALIKE = 0.85
_BUSY = 0.4
"""A bit that changes in so many of the frames carries noise, and no state of anything a person does."""
_POLYNOMIALS = {"SAE J1850": 0x1D, "AUTOSAR 0x2F": 0x2F, "0x07": 0x07, "0x31": 0x31, "0x9B": 0x9B}
_MOST_PAIRS = 48

Frames = Sequence[tuple[Ns, bytes]]


@dataclass(frozen=True)
class Field:
    """``width`` bits from bit ``low`` (0..7, 0 is the least significant) of byte ``byte`` (from 0)."""

    byte: int
    low: int
    width: int

    @property
    def bits(self) -> range:
        """Numbers of its bits, 8 a byte, as a DBC counts them (Intel)."""
        return range(self.byte * 8 + self.low, self.byte * 8 + self.low + self.width)

    def read(self, data: bytes) -> int:
        return int.from_bytes(data, "little") >> (self.byte * 8 + self.low) & (1 << self.width) - 1

    def __str__(self) -> str:
        if self.width == 1:
            return f"byte {self.byte} bit {self.low}"
        return f"byte {self.byte} bits {self.low}..{self.low + self.width - 1}"


@dataclass(frozen=True)
class Traits:
    """``cycle`` in ns, None for a message that comes by events. ``checksum``: its byte and how it is made ("" when
    not known). ``busy``: numbers of other bits that change in nearly every frame.
    """

    cycle: Ns | None
    counters: tuple[Field, ...]
    checksum: tuple[int, str] | None
    busy: frozenset[int]

    @property
    def excluded(self) -> frozenset[int]:
        """Numbers of the bits that say nothing about an action."""
        own = {bit for counter in self.counters for bit in counter.bits}
        return (
            self.busy | own | (set(range(self.checksum[0] * 8, self.checksum[0] * 8 + 8)) if self.checksum else set())
        )


def cycle_of(times: Sequence[Ns]) -> Ns | None:
    """The cycle time of a message in ns; None when most gaps are not alike (to a quarter), or there are too few."""
    gaps = [b - a for a, b in itertools.pairwise(times)]
    if len(gaps) < 4:
        return None
    middle = statistics.median_low(gaps)
    near = sum(abs(gap - middle) <= middle // 4 for gap in gaps)
    return middle if near >= 0.8 * len(gaps) else None


def traits(frames: Frames, windows: Sequence[Window]) -> Traits:
    """What the frames of one message (equal lengths, in time order) tell; ``windows``: where the action was."""
    quiet = [
        (int.from_bytes(a, "little"), int.from_bytes(b, "little"))
        for (_, a), (t, b) in itertools.pairwise(frames)
        if not any(begin <= t <= end for begin, end in windows)
    ]
    toggles: Counter[int] = Counter()
    for a, b in quiet:
        toggles.update(bits_of(a ^ b))
    counters = _counters(quiet, toggles)
    counting = {bit for counter in counters for bit in counter.bits}
    checksum = _checksum([data for _, data in frames], counting)
    summed = set(range(checksum[0] * 8, checksum[0] * 8 + 8)) if checksum else set()
    busy = frozenset(
        bit
        for bit, n in toggles.items()
        if n >= LEAST_STEPS and n >= _BUSY * len(quiet) and bit not in counting and bit not in summed
    )
    return Traits(cycle_of([t for t, _ in frames]), counters, checksum, busy)


def bits_of(value: int) -> list[int]:
    """The numbers of the bits that are set."""
    found = []
    while value:
        lowest = value & -value
        found.append(lowest.bit_length() - 1)
        value ^= lowest
    return found


def _counters(pairs: Sequence[tuple[int, int]], toggles: Counter[int]) -> tuple[Field, ...]:
    found: list[Field] = []
    taken: set[int] = set()
    for low in sorted(toggles):
        if low in taken or toggles[low] < LEAST_STEPS:
            continue
        high = low
        while high // 8 == (high + 1) // 8 and 0.3 <= toggles[high + 1] / toggles[high] <= 0.7:
            high += 1
        for top in range(high, low, -1):
            field = Field(low // 8, low % 8, top - low + 1)
            if _counts(pairs, low, field.width):
                found.append(field)
                taken |= set(field.bits)
                break
    return tuple(found)


def _counts(pairs: Sequence[tuple[int, int]], low: int, width: int) -> bool:
    mask = (1 << width) - 1
    steps = [step for a, b in pairs if (step := ((b >> low) - (a >> low)) & mask)]
    if len(steps) < LEAST_STEPS:
        return False
    step = statistics.mode(steps)
    return steps.count(step) >= _ALIKE * len(steps) and step in (1, mask)


def _checksum(frames: Sequence[bytes], counting: set[int]) -> tuple[int, str] | None:
    pairs = list(dict.fromkeys((a, b) for a, b in itertools.pairwise(frames) if a != b))[:_MOST_PAIRS]
    if not pairs:
        return None
    length = max(len(data) for data in frames)
    for byte in (length - 1, *range(length - 1)):  # where standards and habit put it comes first
        if byte in {bit // 8 for bit in counting} or all(a[byte] == b[byte] for a, b in pairs):
            continue
        for name, holds in _METHODS:
            if all(holds(a, b, byte) for a, b in pairs):
                return byte, name
    return None


def _rest(data: bytes, byte: int) -> bytes:
    return data[:byte] + data[byte + 1 :]


def _xored(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a) ^ int.from_bytes(b)).to_bytes(len(a))


def _xor(a: bytes, b: bytes, byte: int) -> bool:
    difference = 0
    for value in _xored(a, b):
        difference ^= value
    return difference == 0


def _sum(a: bytes, b: bytes, byte: int) -> bool:
    other, own = sum(_rest(b, byte)) - sum(_rest(a, byte)), b[byte] - a[byte]
    return (other - own) % 256 == 0 or (other + own) % 256 == 0


def _crc(polynomial: int) -> Callable[[bytes, bytes, int], bool]:
    def holds(a: bytes, b: bytes, byte: int) -> bool:
        register = 0
        for value in _rest(_xored(a, b), byte):
            register ^= value
            for _ in range(8):
                register = (register << 1 ^ polynomial) & 0xFF if register & 0x80 else register << 1
        return register == a[byte] ^ b[byte]

    return holds


_METHODS: tuple[tuple[str, Callable[[bytes, bytes, int], bool]], ...] = (
    *((f"CRC-8 {name}", _crc(polynomial)) for name, polynomial in _POLYNOMIALS.items()),
    ("XOR", _xor),
    ("sum", _sum),
)
