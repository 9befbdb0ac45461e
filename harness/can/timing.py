"""How long a frame occupies the bus, to the bit.

Theory (ISO 11898-1:2015, 10.4 and 10.5). A classic frame is SOF, arbitration, control, data and a 15-bit CRC, in
which a stuff bit of the other level follows every five equal bits (the stuff bit counts for the next five), then
ten bits that are never stuffed: CRC delimiter, ACK slot and delimiter, EOF. Three bits of intermission follow.
An FD frame is stuffed likewise up to the end of the data; then come a 4-bit stuff count and a CRC of 17 bits (up to
16 bytes) or 21, with a fixed stuff bit before the stuff count and after every fourth bit. Where BRS is set, the bits
from ESI to the end of the CRC go at the data bit rate. The bit rate changes at sample points inside BRS and inside
the CRC delimiter; here both count wholly as nominal bits, which errs by less than one nominal bit.

Fast: stuffing and CRC-15 run over bytes through tables; the result for a whole frame is kept, because cyclic frames
come again. """

from __future__ import annotations

from functools import lru_cache

from harness.can.port import Frame
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, S

INTERMISSION = 3
TAIL = 10
"""CRC delimiter, ACK slot, ACK delimiter and EOF: bits that are never stuffed."""
FD_LENGTHS = frozenset([*range(9), 12, 16, 20, 24, 32, 48, 64])
_KEPT = 50_000
_POLYNOMIAL = 0x4599  # CRC-15-CAN, ISO 11898-1
_FRESH = 0
"""State of the stuffing before SOF: no run yet. Otherwise 1 + level * 5 + (run length - 1)."""


def stuff(state: int, bits: int, count: int) -> tuple[int, int]:
    """Stuff ``count`` bits of ``bits``, most significant first: (stuff bits inserted, new state).

    A stuff bit that is due after the last bit counts as inserted; the state then is that after it.
    """
    inserted = 0
    for i in range(count - 1, -1, -1):
        bit = bits >> i & 1
        level, run = divmod(state - 1, 5) if state else (1 - bit, 0)
        run = run + 1 if state and bit == level else 0
        level = bit
        if run == 4:  # five equal bits
            inserted += 1
            level, run = 1 - bit, 0
        state = 1 + level * 5 + run
    return inserted, state


def crc15(crc: int, bits: int, count: int) -> int:
    """CRC-15 of ``count`` further bits of ``bits``, most significant first."""
    for i in range(count - 1, -1, -1):
        invert = (bits >> i & 1) ^ (crc >> 14)
        crc = crc << 1 & 0x7FFF
        if invert:
            crc ^= _POLYNOMIAL
    return crc


_STUFF_BYTE = tuple(tuple(stuff(state, byte, 8) for byte in range(256)) for state in range(11))
_STUFF_SEVEN = tuple(tuple(stuff(state, bits, 7)[0] for bits in range(128)) for state in range(11))
_CRC_BYTE = tuple(crc15(byte << 7, 0, 8) for byte in range(256))


def dlc_of(length: int) -> int:
    """The DLC of ``length`` bytes (ISO 11898-1, table 5). HarnessError for a length no frame can have."""
    if length not in FD_LENGTHS:
        raise HarnessError(f"no CAN frame carries {length} bytes; FD lengths are 0 to 8, 12, 16, 20, 24, 32, 48, 64")
    return length if length <= 8 else {12: 9, 16: 10, 20: 11, 24: 12, 32: 13, 48: 14, 64: 15}[length]


def _classic_header(identifier: int, extended: bool, dlc: int) -> tuple[int, int]:
    """SOF to DLC of a classic data frame: (bits, how many)."""
    if extended:
        # SOF, base id, SRR 1, IDE 1, id extension, RTR 0, two reserved 0, DLC
        base, extension = identifier >> 18, identifier & 0x3FFFF
        return (base << 27 | 3 << 25 | extension << 7) | dlc, 39
    return identifier << 7 | dlc, 19  # SOF, id, RTR 0, IDE 0, reserved 0, DLC


def _fd_header(identifier: int, extended: bool, brs: bool) -> tuple[int, int]:
    """SOF to BRS of an FD frame: (bits, how many)."""
    if extended:
        # SOF, base id, SRR 1, IDE 1, id extension, RRS 0, FDF 1, reserved 0, BRS
        base, extension = identifier >> 18, identifier & 0x3FFFF
        return (base << 24 | 3 << 22 | extension << 4) | 4 | brs, 36
    return identifier << 5 | 4 | brs, 17  # SOF, id, RRS 0, IDE 0, FDF 1, reserved 0, BRS


@lru_cache(maxsize=4096)
def _classic_start(identifier: int, extended: bool, dlc: int) -> tuple[int, int, int]:
    """Of a classic frame, all that does not depend on its data: (bits, state of the stuffing, CRC so far)."""
    head, count = _classic_header(identifier, extended, dlc)
    inserted, state = stuff(_FRESH, head, count)
    return count + inserted + 8 * dlc + 15 + TAIL, state, crc15(0, head, count)


@lru_cache(maxsize=4096)
def _fd_start(identifier: int, extended: bool, brs: bool, dlc: int) -> tuple[int, int, int, int]:
    """Likewise of an FD frame: (nominal bits, bits after BRS up to the DLC, state of the stuffing, stuff bits of the
    last step, for a frame without data)."""
    head, count = _fd_header(identifier, extended, brs)
    inserted, state = stuff(_FRESH, head, count)
    later, state = stuff(state, dlc, 5)  # ESI 0 and DLC
    return count + inserted + TAIL, 5 + later, state, later


def frame_bits(frame: Frame) -> tuple[int, int]:
    """(nominal bits, data-phase bits) from SOF to the end of EOF, stuff bits included."""
    identifier, data, extended, fd, brs = frame
    if fd:
        nominal, fast, state, inserted = _fd_start(identifier, extended, brs, dlc_of(len(data)))
        fast += 8 * len(data)
        for byte in data:
            inserted, state = _STUFF_BYTE[state][byte]
            fast += inserted
        if state in (1, 6) and inserted and _due_at_end(frame):
            fast -= 1  # the fixed stuff bit stands in for the one due after the last data bit
        fast += 4 + (17 + 6 if len(data) <= 16 else 21 + 7)
        return (nominal, fast) if brs else (nominal + fast, 0)
    bits, state, crc = _classic_start(identifier, extended, len(data))
    for byte in data:
        inserted, state = _STUFF_BYTE[state][byte]
        bits += inserted
        crc = (crc << 8 & 0x7FFF) ^ _CRC_BYTE[crc >> 7 ^ byte]
    inserted, state = _STUFF_BYTE[state][crc >> 7]
    return bits + inserted + _STUFF_SEVEN[state][crc & 0x7F], 0


def _due_at_end(frame: Frame) -> bool:
    """Whether a dynamic stuff bit is due right after the last bit before the stuff count."""
    head, count = _fd_header(frame.id, frame.extended, frame.brs)
    size = 8 * len(frame.data)
    bits = (head << 5 | dlc_of(len(frame.data))) << size | int.from_bytes(frame.data)
    _, state = stuff(_FRESH, bits >> 1, count + 5 + size - 1)
    return bool(stuff(state, bits & 1, 1)[0])


class Timing:
    """Durations on one bus. ``bitrate`` and ``data_bitrate`` in bit/s."""

    def __init__(self, bitrate: int, data_bitrate: int | None = None) -> None:
        self.bitrate = bitrate
        self.data_bitrate = data_bitrate or bitrate
        self._kept: dict[Frame, Ns] = {}

    def bits(self, count: int) -> Ns:
        """``count`` nominal bit times in ns, to the nearest."""
        return (count * S + self.bitrate // 2) // self.bitrate

    @property
    def known(self) -> int:
        """How many frames' durations are kept."""
        return len(self._kept)

    def duration(self, frame: Frame) -> Ns:
        """SOF to the end of EOF in ns."""
        known = self._kept.get(frame)
        if known is None:
            nominal, fast = frame_bits(frame)
            product = self.bitrate * self.data_bitrate
            known = ((nominal * self.data_bitrate + fast * self.bitrate) * S + product // 2) // product
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[frame] = known
        return known
