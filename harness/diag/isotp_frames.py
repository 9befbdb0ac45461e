"""The four frames of ISO-TP (ISO 15765-2:2016, 9.6), from bytes and to bytes.

Theory. The high nibble of the first byte says what a frame is: 0 single, 1 first, 2 consecutive, 3 flow control. A
single frame longer than 7 bytes (CAN FD only) writes 0 into the low nibble and the length into the next byte; a first
frame whose message is longer than 4095 bytes writes 0 into its 12 bits and the length into the next four bytes. What is
none of these is no frame: ``parse`` returns None and the receiver goes on as if it had not come (9.6.1, 9.8).
"""

from __future__ import annotations

from typing import NamedTuple

from harness.can.timing import FD_LENGTHS
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, US, Ns

CONTINUE, WAIT, OVERFLOW = 0, 1, 2
SHORT_LENGTH = 0xFFF
"""The longest message a first frame of two bytes can announce."""


class Single(NamedTuple):
    payload: bytes


class First(NamedTuple):
    """``length`` of the whole message, and the bytes that came along."""

    length: int
    payload: bytes


class Consecutive(NamedTuple):
    sequence: int
    payload: bytes


class FlowControl(NamedTuple):
    """``status`` may be a reserved one (3 to 15); ``stmin`` is the raw byte."""

    status: int
    block_size: int
    stmin: int


Parsed = Single | First | Consecutive | FlowControl


def parse(data: bytes) -> Parsed | None:
    """What ``data`` is; None for what ISO 15765-2 tells a receiver to ignore."""
    if not data:
        return None
    kind, low = data[0] >> 4, data[0] & 0x0F
    if kind == 0:
        return _single(data, low)
    if kind == 1:
        return _first(data, low)
    if kind == 2:
        return Consecutive(low, data[1:]) if len(data) > 1 else None
    if kind == 3:
        return FlowControl(low, data[1], data[2]) if len(data) > 2 else None
    return None


def _single(data: bytes, low: int) -> Single | None:
    if len(data) <= 8:
        return Single(data[1 : 1 + low]) if 0 < low < len(data) else None
    # above 8 bytes only the escape is a single frame, and only for what would not have fitted into a short one
    if low or len(data) < 3 or not 7 < data[1] <= len(data) - 2:
        return None
    return Single(data[2 : 2 + data[1]])


def _first(data: bytes, low: int) -> First | None:
    if len(data) < 8:
        return None
    length, start = low << 8 | data[1], 2
    if length == 0:
        length, start = int.from_bytes(data[2:6], "big"), 6
        if length <= SHORT_LENGTH:
            return None
    if length <= longest_single(len(data)):
        return None
    return First(length, data[start:])


def longest_single(tx_dl: int) -> int:
    """Bytes that a single frame of ``tx_dl`` bytes carries."""
    return 7 if tx_dl <= 8 else tx_dl - 2


def single(payload: bytes) -> bytes:
    """A single frame, not padded."""
    return bytes((len(payload),)) + payload if len(payload) <= 7 else bytes((0, len(payload))) + payload


def first(length: int, payload: bytes, tx_dl: int) -> tuple[bytes, int]:
    """The first frame of a message of ``length``, and how many bytes of ``payload`` it carries."""
    head = (
        bytes((0x10 | length >> 8, length & 0xFF))
        if length <= SHORT_LENGTH
        else b"\x10\x00" + length.to_bytes(4, "big")
    )
    room = tx_dl - len(head)
    return head + payload[:room], room


def consecutive(sequence: int, payload: bytes) -> bytes:
    return bytes((0x20 | sequence & 0x0F,)) + payload


def flow_control(status: int, block_size: int = 0, stmin: int = 0) -> bytes:
    return bytes((0x30 | status, block_size, stmin))


def separation(stmin: int) -> Ns:
    """STmin in ns (9.6.5.4): 0..127 ms, 0xF1..0xF9 are 100..900 us; a reserved value counts as the longest, 127 ms."""
    if stmin <= 0x7F:
        return stmin * MS
    return (stmin - 0xF0) * 100 * US if 0xF1 <= stmin <= 0xF9 else 127 * MS


def padded(data: bytes, padding: int | None, tx_dl: int) -> bytes:
    """``data`` filled up: to 8 bytes with ``padding`` (None: as it is), above 8 bytes to the next length FD has."""
    if len(data) <= 8:
        return data if padding is None else data.ljust(8, bytes((padding,)))
    wanted = min(n for n in FD_LENGTHS if n >= len(data))
    if wanted > tx_dl:
        raise HarnessError(f"{len(data)} bytes do not fit into frames of {tx_dl}")
    return data.ljust(wanted, bytes((0xCC if padding is None else padding,)))
