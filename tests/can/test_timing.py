"""Frame lengths to the bit, against a slow reference that writes every bit down."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.port import Frame
from harness.can.timing import FD_LENGTHS, Timing, dlc_of, frame_bits
from harness.foundation.errors import HarnessError
from harness.foundation.units import US


def bits(number: int, count: int) -> str:
    return format(number, f"0{count}b") if count else ""


def header(frame: Frame) -> tuple[str, str]:
    """(SOF to the end of arbitration control, the rest of the control field), unstuffed."""
    data_length = bits(dlc_of(len(frame.data)), 4)
    if frame.fd:
        control = "10" + str(int(frame.brs))  # FDF, reserved, BRS
        if frame.extended:
            base, extension = bits(frame.id >> 18, 11), bits(frame.id & 0x3FFFF, 18)
            return "0" + base + "11" + extension + "0" + control, "0" + data_length
        return "0" + bits(frame.id, 11) + "00" + control, "0" + data_length
    if frame.extended:
        return "0" + bits(frame.id >> 18, 11) + "11" + bits(frame.id & 0x3FFFF, 18) + "000", data_length
    return "0" + bits(frame.id, 11) + "000", data_length


def crc15(text: str) -> str:
    """By polynomial division: x^15 + x^14 + x^10 + x^8 + x^7 + x^4 + x^3 + 1."""
    work = [int(bit) for bit in text + "0" * 15]
    generator = [int(bit) for bit in "1100010110011001"]
    for i in range(len(text)):
        if work[i]:
            for j, bit in enumerate(generator):
                work[i + j] ^= bit
    return "".join(map(str, work[-15:]))


def stuffed(text: str) -> list[int]:
    """For each bit of ``text``, how many stuff bits follow it (0 or 1)."""
    wire = ""
    follows = []
    for bit in text:
        wire += bit
        due = len(wire) >= 5 and wire[-5:] in ("00000", "11111")
        follows.append(int(due))
        if due:
            wire += "1" if bit == "0" else "0"
    return follows


def reference(frame: Frame) -> tuple[int, int]:
    head, control = header(frame)
    data = "".join(bits(byte, 8) for byte in frame.data)
    if not frame.fd:
        text = head + control + data
        text += crc15(text)
        return len(text) + sum(stuffed(text)) + 10, 0
    text = head + control + data
    follows = stuffed(text)
    follows[-1] = 0  # the fixed stuff bit stands there
    nominal = len(head) + sum(follows[:len(head)]) + 10
    crc = 17 if len(frame.data) <= 16 else 21
    tail = 4 + crc + 1 + (4 + crc) // 4  # fixed stuff bits: one ahead, then one after each fourth bit
    fast = len(control + data) + sum(follows[len(head):]) + tail
    return (nominal, fast) if frame.brs else (nominal + fast, 0)


frames = st.builds(
    lambda extended, identifier, fd, brs, size, content: Frame(
        identifier if extended else identifier & 0x7FF,
        content[:size if fd else min(size, 8)].ljust(size if fd else min(size, 8), content[-1:] or b"\0"),
        extended, fd, fd and brs),
    st.booleans(), st.integers(0, (1 << 29) - 1) | st.sampled_from([0, 0x7FF, 0x1FFFFFFF, 0x555]), st.booleans(),
    st.booleans(), st.sampled_from(sorted(FD_LENGTHS)),
    st.binary(min_size=1, max_size=64) | st.sampled_from([b"\0", b"\xff", b"\x0f", b"\xf8", b"\x1f", b"\x83"]))


@settings(deadline=None, max_examples=400, database=None, derandomize=True)
@given(frames)
def test_every_frame_is_as_long_as_its_bits_written_down(frame: Frame) -> None:
    assert frame_bits(frame) == reference(frame)


def test_a_frame_without_stuff_bits() -> None:
    # id 0x555 alternates; 8 bytes of 0x55 alternate too. What remains is in RTR, IDE, r0, DLC 1000 and the CRC.
    head = "0" + "10101010101" + "000" + "1000"
    text = head + "01010101" * 8
    stuff_bits = sum(stuffed(text + crc15(text)))
    assert frame_bits(Frame(0x555, b"\x55" * 8)) == (19 + 64 + 15 + 10 + stuff_bits, 0)


def test_the_worst_case_is_never_exceeded() -> None:
    # (34 + 8 n - 1) // 4 stuff bits at most in a standard frame (Tindell)
    for content in (b"\0" * 8, b"\xff" * 8, b"\xf0" * 8, b"\x0f" * 8, b"\x1e" * 8):
        for identifier in range(0, 0x800, 7):
            assert 108 <= frame_bits(Frame(identifier, content))[0] <= 108 + 97 // 4


def test_durations_follow_the_bit_rates() -> None:
    frame = Frame(0x123, bytes(range(8)))
    nominal, _ = frame_bits(frame)
    assert Timing(500_000).duration(frame) == nominal * 2 * US
    assert Timing(125_000).duration(frame) == nominal * 8 * US
    fast = Frame(0x123, bytes(64), fd=True, brs=True)
    slow_bits, fast_bits = frame_bits(fast)
    assert Timing(500_000, 2_000_000).duration(fast) == slow_bits * 2000 + fast_bits * 500
    assert Timing(500_000, 2_000_000).duration(fast) == Timing(500_000, 2_000_000).duration(fast._replace())


def test_a_bit_time_that_is_no_whole_number_of_ns_is_rounded_once_per_frame() -> None:
    frame = Frame(0x123, bytes(8))
    nominal, _ = frame_bits(frame)
    assert Timing(83_333).duration(frame) == round(nominal * 1e9 / 83_333)


def test_bit_times_are_rounded_to_the_nearest_nanosecond() -> None:
    assert [Timing(300_000).bits(count) for count in (1, 2, 3)] == [3333, 6667, 10_000]


def test_a_length_no_frame_can_have() -> None:
    with pytest.raises(HarnessError, match="9 bytes"):
        dlc_of(9)


def test_each_length_has_its_dlc() -> None:
    # ISO 11898-1, table 5
    lengths = [*range(9), 12, 16, 20, 24, 32, 48, 64]
    assert [dlc_of(length) for length in lengths] == list(range(16))


def test_durations_are_right_after_the_store_of_known_frames_was_emptied() -> None:
    timing = Timing(500_000)
    first = timing.duration(Frame(0x123, bytes(8)))
    for i in range(50_010):
        timing.duration(Frame(i & 0x7FF, (i >> 11).to_bytes(2, "big")))
    assert timing.known < 50_010
    assert timing.duration(Frame(0x123, bytes(8))) == first
