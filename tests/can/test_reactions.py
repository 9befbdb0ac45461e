"""Bits that react, found in traffic that never rests; nothing found where nobody acted."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.port import Frame, Heard
from harness.can.reactions import BusReactions, FieldReaction, reactions
from harness.can.traits import Field, traits
from harness.foundation.units import MS, Ns, S

SPAN = (0, 45 * S)


def crc8(data: bytes, polynomial: int, start: int, final: int) -> int:
    register = start
    for value in data:
        register ^= value
        for _ in range(8):
            register = (register << 1 ^ polynomial if register & 0x80 else register << 1) & 0xFF
    return register ^ final


CHECKSUMS: dict[str, Callable[[bytes], int]] = {
    "CRC-8 SAE J1850": lambda data: crc8(b"\x3a\x01" + data, 0x1D, 0xFF, 0xFF),  # behind a data id, as E2E profile 1
    "CRC-8 AUTOSAR 0x2F": lambda data: crc8(data, 0x2F, 0xFF, 0xFF),
    "XOR": lambda data: 0x5A ^ functools.reduce(int.__xor__, data),
    "sum": lambda data: (sum(data) + 7) & 0xFF,
}


def windows_of(rng: random.Random, count: int = 6) -> list[tuple[Ns, Ns]]:
    return [
        (begin, begin + rng.randrange(300, 900) * MS)
        for begin in (5 * S + n * 6 * S + rng.randrange(0, 1500) * MS for n in range(count))
    ]


def heard(t: Ns, number: int, data: bytes) -> Heard:
    return Heard(t, t, t, "data", Frame(number, data))


class Traffic:
    """Random messages: each with a cycle, perhaps a counter and a checksum, noise, and slow states of its own."""

    def __init__(self, rng: random.Random, messages: int = 5) -> None:
        self.rng = rng
        self.cycles = {0x100 + 16 * n: rng.choice((20, 50, 100, 200)) * MS for n in range(messages)}
        self.kinds = {number: rng.choice([*CHECKSUMS, ""]) for number in self.cycles}
        self.wraps = {number: rng.choice((15, 16, 0)) for number in self.cycles}
        self.slow = {
            number: sorted(rng.randrange(0, SPAN[1]) for _ in range(rng.randrange(0, 6))) for number in self.cycles
        }

    def frames(self, state: Callable[[int, Ns, bytearray], None] = lambda number, t, data: None) -> list[Heard]:
        out = []
        for number, cycle in self.cycles.items():
            for n, t in enumerate(range(self.rng.randrange(cycle), SPAN[1], cycle)):
                data = bytearray(8)
                data[1] = (n % self.wraps[number]) if self.wraps[number] else 0
                data[4] = self.rng.randrange(256)  # noise
                data[5] = sum(at <= t for at in self.slow[number]) & 1
                data[6] = (n // 3) & 0xFF  # a slow counter of all eight bits
                state(number, t, data)
                if self.kinds[number]:
                    data[7] = CHECKSUMS[self.kinds[number]](bytes(data[:7]))
                out.append(heard(t + self.rng.randrange(200_000), number, bytes(data)))
        return sorted(out)


def claimed(found: BusReactions) -> list[FieldReaction]:
    return [f for f in found.fields if f.association.claimed(found.candidates)]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(0, 4), st.integers(2, 3), st.integers(0, 7))
def test_a_planted_bit_comes_first_and_alone(seed: int, which: int, byte: int, bit: int) -> None:
    rng = random.Random(seed)
    traffic = Traffic(rng)
    number, windows = sorted(traffic.cycles)[which], windows_of(rng)

    def pressed(message: int, t: Ns, data: bytearray) -> None:
        if message == number and any(b <= t <= e + 200 * MS for b, e in windows):
            data[byte] |= 1 << bit

    found = claimed(reactions(traffic.frames(pressed), windows, SPAN))
    assert [(f.key, f.field, f.before, f.during) for f in found] == [((number, False), Field(byte, bit, 1), 0, 1)]
    assert found[0].association.hits == 6
    assert found[0].association.back == "within"


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
def test_without_an_action_nothing_is_claimed(seed: int) -> None:
    rng = random.Random(seed)
    found = reactions(Traffic(rng).frames(), windows_of(rng), SPAN)
    assert claimed(found) == []
    assert found.messages == ()


@pytest.mark.parametrize("name", CHECKSUMS)
@pytest.mark.parametrize("wrap", [15, 16])
def test_counters_and_checksums_are_recognised(name: str, wrap: int) -> None:
    rng = random.Random(3)
    frames = []
    for n in range(200):
        data = bytes([rng.randrange(256), n % wrap | 0x30, 0, 1])
        frames.append((n * 20 * MS, data + bytes([CHECKSUMS[name](data)])))
    known = traits(frames, [])
    assert known.cycle == 20 * MS
    assert known.counters == (Field(1, 0, 4),)
    assert known.checksum == (4, name)
    assert known.busy == frozenset(range(8))


def test_a_lamp_that_follows_a_button_is_no_checksum() -> None:
    frames = [(n * 20 * MS, bytes([0x10 if n // 50 % 2 else 0, 0, 0x04 if n // 50 % 2 else 0])) for n in range(400)]
    assert traits(frames, []).checksum is None


def test_what_counts_the_presses_is_no_alive_counter() -> None:
    windows = [(5 * S + n * 3 * S, 5 * S + n * 3 * S + 300 * MS) for n in range(12)]
    frames = [
        heard(t, 0x200, bytes([sum(b + 20 * MS <= t for b, _ in windows) & 0xF, 0])) for t in range(0, 42 * S, 50 * MS)
    ]
    found = claimed(reactions(frames, windows, (0, 42 * S), settle=300 * MS))
    assert found
    assert found[0].field.byte == 0


def test_a_message_that_only_comes_with_the_action_is_one_reaction() -> None:
    rng = random.Random(5)
    windows = windows_of(rng)
    frames = Traffic(rng).frames()
    for n, (begin, _) in enumerate(windows):
        frames += [heard(begin + (30 + 20 * k) * MS, 0x320, bytes([7, n, 1])) for k in range(3)]
    found = reactions(sorted(frames), windows, SPAN)
    assert [(m.key, m.frames, m.data[0], m.varies) for m in found.messages] == [((0x320, False), (3, 3), 7, (1,))]
    assert found.messages[0].association.claimed(found.candidates)
    assert claimed(found) == []


def test_fields_of_several_bits_are_one() -> None:
    rng = random.Random(8)
    windows = windows_of(rng)

    def listening(message: int, t: Ns, data: bytearray) -> None:
        if message == 0x110:
            data[2] = 0b0110_1000 if any(b <= t <= e for b, e in windows) else 0b0000_1000

    found = claimed(reactions(Traffic(rng).frames(listening), windows, SPAN))
    assert [(f.field, f.before, f.during) for f in found] == [(Field(2, 5, 2), 0, 3)]


def test_an_extended_identifier_is_another_message() -> None:
    frames = [Heard(t, t, t, "data", Frame(0x100, b"\0", extended)) for t in range(0, 9 * S, S) for extended in (0, 1)]
    assert len(reactions(frames, [(3 * S, 4 * S)], (0, 9 * S)).traits) == 2


def test_frames_of_another_length_and_error_frames_do_no_harm() -> None:
    rng = random.Random(9)
    windows = windows_of(rng)
    frames = Traffic(rng).frames()
    frames += [Heard(t, t, t, "error", None) for t in range(0, 40 * S, S)]
    frames += [heard(t, 0x100, b"\xff") for t in range(S // 2, 40 * S, 4 * S)]
    assert claimed(reactions(sorted(frames, key=lambda h: h.t), windows, SPAN)) == []


@pytest.mark.parametrize(("settle", "found"), [(None, False), (1900 * MS, True), (800 * MS, False)])
@pytest.mark.parametrize("comes", [False, True])
def test_what_is_slow_reacts_within_the_time_it_is_given(comes: bool, settle: Ns | None, found: bool) -> None:
    """1.5 s after the end of the action: a bit that is set for a while, or a message that only comes then."""
    rng = random.Random(11)
    windows = windows_of(rng)
    late = [end + 1500 * MS for _, end in windows]

    def follows(message: int, t: Ns, data: bytearray) -> None:
        if message == 0x110 and not comes and any(at <= t <= at + 600 * MS for at in late):
            data[2] |= 1

    frames = Traffic(rng).frames(follows)
    frames += [heard(at + 20 * k * MS, 0x320, b"\1") for at in late for k in range(3)] if comes else []
    got = reactions(sorted(frames), windows, SPAN, **({} if settle is None else {"settle": settle}))
    told = [f.field for f in claimed(got)] if not comes else [m.key for m in got.messages]
    assert told == ([] if not found else [(0x320, False)] if comes else [Field(2, 0, 1)])
