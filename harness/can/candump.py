"""Recordings of a bus as candump -L writes them: one line for each thing heard, readable by everybody's tools.

``(12.003456789) body 1A3#0011223344556677 R``: seconds with nine decimals, channel, identifier (three hex digits, or
eight where it is extended), ``#`` and the data, or ``##`` with one digit of flags (1 is BRS) for FD; at the end R, or T
for the echo of a frame that the recording node sent itself.

Error frames, bus states and bad frames are written as SocketCAN error frames (linux/can/error.h): class in the
identifier, 8 bytes of data. CAN_ERR_BUSERROR is always set among the classes, because python-can takes an error frame
without it for data. The last four bytes hold the identifier of the frame concerned. What such a line does not keep is
the text of ``detail`` (but for states) and the data of the destroyed frame. No line keeps ``early`` and ``late``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from harness.can.port import Frame, Heard
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns, S

_EXTENDED = 0x8000_0000
_ERROR = 0x2000_0080  # CAN_ERR_FLAG | CAN_ERR_BUSERROR
_CONTROLLER, _PROTOCOL, _BUS_OFF = 0x04, 0x08, 0x40
_STATES = {"active": 0x40, "warning": 0x08, "passive": 0x20}  # CAN_ERR_CRTL_ACTIVE, _TX_WARNING, _TX_PASSIVE
_KINDS = {"error": 0x01, "bad": 0x02}  # CAN_ERR_PROT_BIT, CAN_ERR_PROT_FORM
_NO_FRAME = 0xFFFF_FFFF
_LINE = re.compile(r"\((\d+)\.(\d{1,9})\) (\S+) "
                   r"([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(#[0-9A-Fa-f])?((?:[0-9A-Fa-f]{2})*|R\d*)(?: ([RT]))?\s*")


def to_line(heard: Heard, channel: str) -> str:
    """``heard`` as one line, newline included. ``channel`` has no white space."""
    t, _, _, kind, frame, own, _ = heard
    if kind == "data" and frame is not None:
        identifier, data, extended, fd, brs = frame
        name = f"{identifier:08X}" if extended else f"{identifier:03X}"
        mark = ("##1" if brs else "##0") if fd else "#"
        shown = f"{name}{mark}{data.hex().upper()}"
    else:
        shown = _error_line(heard)
    return f"({t // S}.{t % S:09d}) {channel} {shown} {'T' if own else 'R'}\n"


def _error_line(heard: Heard) -> str:
    data = bytearray(8)
    error = _ERROR | _PROTOCOL
    if heard.kind == "state":
        error = _ERROR | (_BUS_OFF if heard.detail == "off" else _CONTROLLER)
        data[1] = _STATES.get(heard.detail, 0)
    else:
        data[2] = _KINDS[heard.kind]
    about = _NO_FRAME if heard.frame is None else heard.frame.id | (_EXTENDED if heard.frame.extended else 0)
    data[4:] = about.to_bytes(4, "big")
    return f"{error:08X}#{data.hex().upper()}"


def from_line(line: str, spread: Ns = 0) -> tuple[str, Heard]:
    """(channel, heard) of one line; the stamp is sure to within ``spread`` ns. ValueError when it is none."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("not a line as candump -L writes it")
    seconds, fraction, channel, identifier, flags, data, direction = match.groups()
    t = int(seconds) * S + int(fraction.ljust(9, "0"))
    stamp = (t, t - spread, t + spread)
    number, own = int(identifier, 16), direction == "T"
    if len(identifier) > 3 and number & 0x2000_0000:
        return channel, _read_error(stamp, number, bytes.fromhex(data), own)
    if data.startswith("R"):
        return channel, Heard(*stamp, "bad", None, own, "remote frame")
    frame = Frame(number & 0x1FFF_FFFF, bytes.fromhex(data), len(identifier) > 3, flags is not None,
                  flags is not None and bool(int(flags[1], 16) & 1))
    return channel, Heard(*stamp, "data", frame, own)


def _read_error(stamp: tuple[Ns, Ns, Ns], classes: int, data: bytes, own: bool) -> Heard:
    data = data.ljust(8, b"\0")
    about = int.from_bytes(data[4:8], "big")
    frame = None if about == _NO_FRAME else Frame(about & 0x1FFF_FFFF, b"", bool(about & _EXTENDED))
    if classes & _BUS_OFF:
        return Heard(*stamp, "state", frame, own, "off")
    if classes & _CONTROLLER:
        state = next((name for name, bit in _STATES.items() if data[1] & bit), "")
        return Heard(*stamp, "state", frame, own, state)
    kind = next((name for name, bit in _KINDS.items() if data[2] & bit), "error")
    return Heard(*stamp, kind, frame, own)


class CandumpWriter:
    """A listener that writes all it hears to an open text file. ``lines`` counts them, for pointing at one."""

    def __init__(self, file: TextIO, channel: str) -> None:
        self.lines = 0
        self._write = file.write
        self._channel = channel

    def __call__(self, heard: Heard) -> None:
        self._write(to_line(heard, self._channel))
        self.lines += 1


def read_candump(path: Path, spread: Ns = 0) -> Iterator[tuple[str, Heard]]:
    """(channel, heard) line by line. BadInput, with the line, for one that is none. A last line that breaks off (the
    writer was killed) comes as a Heard of kind "bad" at the instant of the line before it."""
    last = 0
    channel = ""
    with path.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                yield channel, Heard(last, last - spread, last + spread, "bad", None,
                                     False, f"the recording breaks off in line {number}")
                return
            if not line.strip():
                continue
            try:
                channel, heard = from_line(line, spread)
            except ValueError as why:
                raise BadInput(path, number, line.strip()[:80], str(why), "Restore the recording") from why
            last = heard.t
            yield channel, heard
