"""Cycles, counters, checksums and noise of one message, seen from outside."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest
from crccheck.crc import Crc8, Crc8Autosar, Crc8Cdma2000, Crc8MaximDow, Crc8SaeJ1850
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.traits import Field, Traits, bits_of, cycle_of, traits
from harness.foundation.units import MS

few = settings(deadline=None, max_examples=80, database=None, derandomize=True)


def message(rows: Iterable[Iterable[int]]) -> list[tuple[int, bytes]]:
    return [(n * 20 * MS, bytes(row)) for n, row in enumerate(rows)]


@few
@given(st.binary(min_size=8, max_size=8), st.integers(0, 7), st.integers(0, 7), st.integers(1, 8))
def test_a_field_is_its_bits_as_a_dbc_counts_them(data: bytes, byte: int, low: int, width: int) -> None:
    field = Field(byte, low, width)
    value = sum((data[n // 8] >> n % 8 & 1) << i for i, n in enumerate(field.bits) if n < 64)
    assert field.read(data) == value
    assert list(field.bits) == list(range(8 * byte + low, 8 * byte + low + width))


def test_a_field_says_where_it_is() -> None:
    assert str(Field(2, 5, 1)) == "byte 2 bit 5"
    assert str(Field(2, 4, 3)) == "byte 2 bits 4..6"


@few
@given(st.sets(st.integers(0, 100)))
def test_the_bits_of_a_number_are_those_that_are_set(bits: set[int]) -> None:
    assert bits_of(sum(1 << bit for bit in bits)) == sorted(bits)


def test_what_says_nothing_about_an_action_is_counters_checksum_and_noise() -> None:
    known = Traits(None, (Field(1, 0, 2),), (3, "XOR"), frozenset({5}))
    assert known.excluded == {8, 9, 24, 25, 26, 27, 28, 29, 30, 31, 5}
    assert Traits(None, (), None, frozenset({5})).excluded == {5}


@pytest.mark.parametrize(("gaps", "cycle"), [
    ([20] * 4, 20), ([20] * 3, None), ([], None),
    ([20, 20, 20, 20, 999], 20), ([20, 20, 20, 999, 999], None), ([20] * 8 + [999] * 2, 20),
    ([20, 20, 20, 25, 15], 20), ([20, 20, 26, 20, 14], None),
    ([18, 20, 22, 24], 20),
])  # fmt: skip
def test_a_cycle_is_what_four_of_five_gaps_are_to_a_quarter(gaps: list[int], cycle: int | None) -> None:
    times = [7]
    for gap in gaps:
        times.append(times[-1] + gap)
    assert cycle_of(times) == cycle


COUNTERS = [
    # steps of the four upper bits of byte 1, and whether they make a counter
    ([1] * 8, True), ([1] * 7, False), ([1, 1, 3, 7, *[1] * 14, 5, 1], True),
    ([1] * 60, True), ([15] * 60, True),
    ([2] * 60, False), ([3] * 60, False), ([1, 1, 1, 2] * 15, False), ([1] * 18 + [3, 5], True),
    ([1, 1, 1, 1, 5] * 12, False), ([1, 0, 0] * 20, True),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "counts"), COUNTERS)
def test_a_counter_steps_by_one_nearly_always(steps: list[int], counts: bool) -> None:
    value, rows = 0, [(0, 0)]
    for step in steps:
        value = (value + step) % 16
        rows.append((0, value << 4))
    found = [field for field in traits(message(rows), []).counters if field == Field(1, 4, 4)]
    assert bool(found) is counts


@pytest.mark.parametrize("width", [2, 3, 4, 6, 8])
@pytest.mark.parametrize("low", [0, 1, 2])
def test_a_counter_is_as_wide_as_it_counts_and_ends_with_its_byte(width: int, low: int) -> None:
    width = min(width, 8 - low)
    rows = [(n % 2**width << low, (n >> 8 - low) & 1 if width == 8 - low else 0) for n in range(2 ** (width + 3))]
    assert traits(message(rows), []).counters == (Field(0, low, width),)


def test_two_counters_are_two() -> None:
    rows = [(n % 4 | n % 16 << 4, n // 2 % 16) for n in range(100)]
    assert traits(message(rows), []).counters == (Field(0, 0, 2), Field(0, 4, 4), Field(1, 0, 4))


def test_steps_within_the_action_are_not_counted() -> None:
    frames = message([(n % 16,) for n in range(40)])
    within = [(frames[0][0], frames[33][0])]
    assert traits(frames, []).counters == (Field(0, 0, 4),)
    assert traits(frames, within).counters == ()
    assert traits(frames, [(0, 5 * 20 * MS), (34 * 20 * MS, 99 * 20 * MS)]).counters == (Field(0, 0, 4),)
    assert traits(frames, [(21 * MS, 39 * MS), (61 * MS, 79 * MS)]).counters == (Field(0, 0, 4),)


@pytest.mark.parametrize(("changes", "frames", "busy"), [
    (8, 20, True), (8, 21, False), (7, 10, False), (9, 22, True), (9, 24, False), (40, 100, True)])  # fmt: skip
def test_a_bit_that_changes_in_two_of_five_frames_is_noise(changes: int, frames: int, busy: bool) -> None:
    state, rows = 0, [(0, 0)]
    for n in range(frames):
        state ^= n < changes
        rows.append((state << 3, 0))
    assert traits(message(rows), []).busy == ({3} if busy else frozenset())


def noisy(checksum: Callable[[bytes], int], place: int, count: int = 12, size: int = 6) -> list[tuple[int, bytes]]:
    source = random.Random(4)
    rows = []
    for _ in range(count):
        rest = bytes(source.randrange(256) for _ in range(size - 1))
        rows.append([*rest[:place], checksum(rest) & 0xFF, *rest[place:]])
    return message(rows)


def mirrored(value: int) -> int:
    return int(format(value, "08b")[::-1], 2)


METHODS: dict[str, Callable[[bytes], int]] = {
    "CRC-8 SAE J1850": Crc8SaeJ1850.calc,
    "CRC-8 AUTOSAR 0x2F": Crc8Autosar.calc,
    "CRC-8 0x07": Crc8.calc,
    "CRC-8 0x9B": Crc8Cdma2000.calc,
    "CRC-8 0x31": lambda data: mirrored(Crc8MaximDow.calc(bytes(map(mirrored, data)))),  # a mirrored one is published
    "sum": lambda data: sum(data) + 0x33,
}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("place", [0, 2, 4, 5])
def test_a_checksum_is_found_in_any_byte_by_its_method(name: str, place: int) -> None:
    known = traits(noisy(METHODS[name], place), [])
    assert known.checksum == (place, name)
    assert not known.busy & set(range(8 * place, 8 * place + 8))


def test_where_every_byte_could_be_the_checksum_the_last_one_is() -> None:
    frames = noisy(lambda data: data[0] ^ data[1] ^ data[2] ^ data[3] ^ data[4] ^ 0x5A, 2)
    assert traits(frames, []).checksum == (5, "XOR")
    assert traits(noisy(lambda data: 0x33 - sum(data), 2), []).checksum == (5, "sum")


def test_a_checksum_of_two_bytes_and_none_of_one_or_of_what_rests() -> None:
    assert traits(noisy(lambda data: sum(data) + 9, 1, size=2), []).checksum == (1, "sum")
    assert traits(message([(n % 2,) for n in range(30)]), []).checksum is None
    assert traits(message([(1, 2)] * 30), []).checksum is None
    assert traits([], []).checksum is None


def test_a_byte_that_counts_is_no_checksum() -> None:
    """Byte 1 counts with byte 0: each is the other's sum, and neither is a checksum."""
    for size in (2, 8):
        rows = [(n % 16, *[0] * (size - 2), n % 16) for n in range(60)]
        assert traits(message(rows), []).checksum is None


@pytest.mark.parametrize(("wrong_at", "found"), [(47, False), (48, True)])
def test_forty_eight_different_steps_prove_a_checksum(wrong_at: int, found: bool) -> None:
    frames = noisy(lambda data: sum(data), 5, 60)
    t, data = frames[wrong_at + 1]
    frames[wrong_at + 1] = (t, data[:5] + bytes([data[5] ^ 0x55]))
    assert (traits(frames, []).checksum == (5, "sum")) is found


def test_steps_that_were_seen_before_prove_nothing_more() -> None:
    one, two, other = bytes([1, 9, 10]), bytes([2, 9, 11]), bytes([2, 8, 77])
    frames = message([*[one, two] * 60, other])
    assert traits(frames, []).checksum is None
