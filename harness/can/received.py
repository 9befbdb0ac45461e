"""What python-can hands over, in our words.

Error frames of SocketCAN carry their meaning in the identifier and the data (linux/can/error.h): bus states come as
kind "state", everything else as "error" with what is known. Other interfaces only say that there was one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.can.port import Frame
from harness.can.timing import FD_LENGTHS

_LOST, _CONTROLLER, _PROTOCOL, _TRANSCEIVER, _ACK, _OFF, _RESTARTED = 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x100
_OTHERS = {0x01: "transmission timed out", _LOST: "arbitration lost", _TRANSCEIVER: "transceiver",
           _ACK: "nobody acknowledges", 0x80: "bus error"}  # fmt: skip
_VIOLATIONS = {0x01: "bit error", 0x02: "form error", 0x04: "stuff error", 0x08: "could not send dominant",
               0x10: "could not send recessive", 0x20: "overload", 0x40: "active error",
               0x80: "while sending"}  # fmt: skip
_OVERFLOWS = {0x01: "receive buffer overflow", 0x02: "transmit buffer overflow"}
_STATES = ((0x30, "passive"), (0x0C, "warning"), (0x40, "active"))


class Received(NamedTuple):
    """``kind`` and ``detail`` as in Heard."""

    kind: str
    frame: Frame | None
    detail: str = ""


def read_message(message: Any, socketcan: bool = False) -> Received:
    """A python-can message as what it is. Never raises for odd contents: those are kind "bad"."""
    identifier, extended = message.arbitration_id, bool(message.is_extended_id)
    data = bytes(message.data or b"")
    if message.is_error_frame:
        return _read_error(identifier, data) if socketcan else Received("error", None, data.hex())
    if message.is_remote_frame:
        return Received("bad", None, f"remote frame 0x{identifier:X}")
    fd = bool(message.is_fd)
    if identifier < 0 or identifier >> (29 if extended else 11):
        return Received("bad", None, f"identifier 0x{identifier:X} is out of range")
    if len(data) not in FD_LENGTHS or (len(data) > 8 and not fd):
        return Received("bad", None, f"0x{identifier:X} with {len(data)} bytes")
    return Received("data", Frame(identifier, data, extended, fd, fd and bool(message.bitrate_switch)))


def _read_error(classes: int, data: bytes) -> Received:
    data = data.ljust(8, b"\0")
    if classes & _OFF:
        return Received("state", None, "off")
    if classes & _RESTARTED:
        return Received("state", None, "active")
    if classes & _CONTROLLER:
        for bits, state in _STATES:
            if data[1] & bits:
                return Received("state", None, state)
    said = [text for bit, text in _OTHERS.items() if classes & bit]
    if classes & _CONTROLLER:
        said += [text for bit, text in _OVERFLOWS.items() if data[1] & bit]
    if classes & _PROTOCOL:
        said += [text for bit, text in _VIOLATIONS.items() if data[2] & bit]
    return Received("error", None, ", ".join(said) or f"class 0x{classes:X}")
