"""End-to-end protection of a message: counter and checksum, where the DBC puts them.

Theory (AUTOSAR PRS_E2EProtocol, FO R21-11, chapters 6.2 to 6.12; CRC polynomials: SWS_CRCLibrary). The sender counts
its frames and adds a checksum over the data and a data id that is not sent, so that a receiver notices frames that
were changed, lost, repeated, or belong to another message:

- E2E-P01: CRC-8 SAE J1850 (start and final value 0) over data id and data; counter 0..14. ``data_id_mode`` says which
  bytes of the id enter: both, low, alternating (by the counter's parity), or nibble (the low byte, then 0; the low
  nibble of the high byte is sent in the high nibble of the counter's byte).
- E2E-P02: CRC-8 0x2F over the data and the byte of ``data_ids`` that the counter selects; counter 0..15.
- E2E-P05: CRC-16 CCITT over data and data id; counter 0..255.
- E2E-P11: as P01, modes both and nibble.
- J1850 (or CRC8): CRC-8 SAE J1850 (start and final value 0xFF) over data id, if any, and the other bytes.
- XOR, SUM: over the bytes of the data id (up to 32 bits: the CAN id, say), if any, and all bytes with the checksum's
  bits 0; as many bits as the checksum has.

The CRCs themselves come from autosar-e2e.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import NamedTuple

from harness.can.message import Message
from harness.can.signal import Signal

PROFILES = ("E2E-P01", "E2E-P02", "E2E-P05", "E2E-P11", "J1850", "CRC8", "XOR", "SUM")
MODES = ("both", "low", "alternating", "nibble")
_MODULUS = {"E2E-P01": 15, "E2E-P02": 16, "E2E-P05": 256, "E2E-P11": 15}
_CHECKSUM_BITS = {"E2E-P05": 16}


@dataclass(frozen=True, slots=True)
class Protection:
    """How one message is protected, as the car's data says. ``counter`` or ``checksum`` may be "" where there is none
    (not with an E2E profile). ``counter_modulus`` is how many values the counter has; None: the profile's, or what the
    signal's bits carry. ``data_ids`` are the 16 bytes of profile 2. ``max_delta`` is the largest jump of the counter
    that a receiver accepts."""

    profile: str
    data_id: int | None = None
    data_id_mode: str = "both"
    counter: str = ""
    checksum: str = ""
    max_delta: int = 1
    counter_modulus: int | None = None
    data_ids: bytes = b""


class Checked(NamedTuple):
    """What a frame's protection says: its counter (None where there is none), and whether its checksum is right."""

    counter: int | None
    checksum_ok: bool


class Protector:
    """Applies and checks the protection of one message. ValueError, naming what is wrong, when the two do not fit."""

    def __init__(self, message: Message, protection: Protection) -> None:
        self.message = message
        self.protection = protection
        self._counter = _field(message, protection.counter, "counter")
        self._checksum = _field(message, protection.checksum, "checksum")
        self._judge_fit()
        self.modulus = self._modulus()
        self._sum = _checksum_function(protection, self._checksum)
        self._nibble = None
        if protection.data_id_mode == "nibble" and self._counter is not None:
            self._nibble = (self._counter.start_bit // 8, (protection.data_id or 0) >> 4 & 0xF0)

    def apply(self, data: bytes, counter: int) -> bytes:
        """``data`` with ``counter`` and the checksum that belongs to both."""
        out = bytearray(data)
        if self._counter is not None:
            self._counter.write_raw(out, counter)
        if self._nibble is not None:
            index, high = self._nibble
            out[index] = out[index] & 0x0F | high
        if self._checksum is not None:
            self._checksum.write_raw(out, self._sum(out, counter))
        return bytes(out)

    def check(self, data: bytes) -> Checked:
        """Counter and correctness of the checksum in ``data`` (of the message's length; anything else is wrong)."""
        if len(data) != self.message.length:
            return Checked(None, False)
        counter = None if self._counter is None else int(self._counter.read_raw(data))
        if counter is not None and counter >= self.modulus:
            return Checked(counter, False)
        if self._nibble is not None and data[self._nibble[0]] & 0xF0 != self._nibble[1]:
            return Checked(counter, False)
        if self._checksum is None:
            return Checked(counter, True)
        return Checked(counter, self._checksum.read_raw(data) == self._sum(bytearray(data), counter or 0))

    def next_counter(self, counter: int) -> int:
        return (counter + 1) % self.modulus

    def counter_of(self, data: bytes) -> int:
        """The counter's value in ``data``; 0 where there is no counter."""
        return 0 if self._counter is None else int(self._counter.read_raw(data))

    def spoil(self, data: bytes) -> bytes:
        """``data`` with a checksum that is certainly wrong (each of its bits inverted)."""
        if self._checksum is None:
            raise ValueError(f"{self.message.name} has no checksum to spoil")
        out = bytearray(data)
        self._checksum.write_raw(out, int(self._checksum.read_raw(data)) ^ (1 << self._checksum.length) - 1)
        return bytes(out)

    def _modulus(self) -> int:
        if self._counter is None:
            return 1
        modulus = self.protection.counter_modulus or _MODULUS.get(self.protection.profile, 1 << self._counter.length)
        if modulus > 1 << self._counter.length:
            raise ValueError(f"{self._where('counter')}: {self._counter.length} bits cannot count {modulus} values")
        return modulus

    def _where(self, what: str) -> str:
        return f"{self.message.name}.{getattr(self.protection, what)} ({what})"

    def _judge_fit(self) -> None:
        p = self.protection
        if p.profile not in PROFILES:
            raise ValueError(f"{self.message.name}: unknown profile {p.profile!r}; known: {', '.join(PROFILES)}")
        if p.data_id_mode not in MODES:
            raise ValueError(f"{self.message.name}: unknown data id mode {p.data_id_mode!r}; known: {', '.join(MODES)}")
        if p.profile.startswith("E2E"):
            if self._counter is None or self._checksum is None:
                raise ValueError(f"{self.message.name}: {p.profile} needs a counter and a checksum signal")
            if p.profile != "E2E-P02" and (p.data_id is None or not 0 <= p.data_id <= 0xFFFF):
                raise ValueError(f"{self.message.name}: {p.profile} needs a data id from 0 to 0xFFFF, not {p.data_id}")
        elif self._counter is None and self._checksum is None:
            raise ValueError(f"{self.message.name}: a protection without counter and without checksum protects nothing")
        if p.profile in ("XOR", "SUM") and not 0 <= (p.data_id or 0) < 1 << 32:
            raise ValueError(f"{self.message.name}: {p.profile} takes a data id of up to 32 bits, not {p.data_id}")
        if p.profile == "E2E-P02" and len(p.data_ids) != 16:
            raise ValueError(f"{self.message.name}: E2E-P02 needs 16 data ids, not {len(p.data_ids)}")
        if p.profile == "E2E-P11" and p.data_id_mode not in ("both", "nibble"):
            raise ValueError(f"{self.message.name}: E2E-P11 knows the data id modes both and nibble")
        if self._checksum is None:
            return
        if p.profile not in ("XOR", "SUM"):
            bits, s = _CHECKSUM_BITS.get(p.profile, 8), self._checksum
            aligned = s.start_bit % 8 == (0 if s.little_endian else 7)
            if s.length != bits or not aligned:
                raise ValueError(f"{self._where('checksum')}: {p.profile} needs {bits} bits that fill whole bytes")
        if p.data_id_mode == "nibble" and self._counter is not None \
                and (self._counter.start_bit % 8, self._counter.length) not in ((0, 4), (3, 4)):
            raise ValueError(f"{self._where('counter')}: mode nibble needs the counter in the low nibble of its byte")


def _field(message: Message, name: str, what: str) -> Signal | None:
    if not name:
        return None
    if name not in message.signals:
        raise ValueError(f"{message.name} has no signal {name!r} for the {what}; signals: {', '.join(message.signals)}")
    signal = message.signals[name]
    if signal.signed or signal.float or signal.mux:
        raise ValueError(f"{message.name}.{name}: a {what} is unsigned, no float and not multiplexed")
    return signal


def _checksum_function(p: Protection, field: Signal | None) -> Callable[[bytearray, int], int]:
    """(data with counter in place, counter) -> checksum; whatever lies in the checksum's own bits is ignored."""
    if field is None:
        return lambda _data, _counter: 0
    first = field.start_bit // 8
    after = first + (field.length + 7) // 8
    low, high = (p.data_id or 0) & 0xFF, (p.data_id or 0) >> 8 & 0xFF
    ids = b"" if p.data_id is None else bytes((low, high))
    if p.profile in ("XOR", "SUM"):
        # four bytes: a data id that is the CAN id may have 29 bits; bytes of 0 change neither
        return _plain_sum(p.profile, b"" if p.data_id is None else p.data_id.to_bytes(4, "little"), field)
    from e2e.crc import calculate_crc8, calculate_crc8_h2f, calculate_crc16

    if p.profile in ("E2E-P01", "E2E-P11"):
        prefixes = {"both": (ids, ids), "low": (ids[:1],) * 2, "alternating": (ids[:1], ids[1:]),
                    "nibble": (bytes((low, 0)),) * 2}[p.data_id_mode]
        even, odd = prefixes
        # the library's start and final values of 0xFF are undone: this profile has 0 for both
        return lambda d, c: calculate_crc8((odd if c & 1 else even) + d[:first] + d[after:], 0xFF, False) ^ 0xFF
    if p.profile == "E2E-P02":
        selected = [bytes((b,)) for b in p.data_ids]
        return lambda d, c: calculate_crc8_h2f(bytes(d[:first] + d[after:]) + selected[c])
    if p.profile == "E2E-P05":
        return lambda d, _c: calculate_crc16(bytes(d[:first] + d[after:]) + ids)
    return lambda d, _c: calculate_crc8(ids + d[:first] + d[after:])


def _plain_sum(profile: str, ids: bytes, field: Signal) -> Callable[[bytearray, int], int]:
    mask = (1 << field.length) - 1

    def checksum(data: bytearray, _counter: int) -> int:
        field.write_raw(data, 0)
        total = sum(ids) + sum(data) if profile == "SUM" else reduce(xor, data, reduce(xor, ids, 0))
        return total & mask

    return checksum
