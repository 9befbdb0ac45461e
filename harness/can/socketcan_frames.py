"""Frames straight from a SocketCAN socket that python-can has opened, with the kernel's own instants.

Theory. python-can's ``recv`` waits, reads and wraps each frame for any interface; that costs ten times what the kernel
needs for it, and its stamps pass through floating-point seconds. Who takes hundreds of frames at a time from the
kernel's queue (``poller``) reads them here: struct can_frame or canfd_frame (linux/can.h) with SCM_TIMESTAMPNS.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

_HEAD = struct.Struct("=IBB2x")
_TIME = struct.Struct("@ll")
_CANFD_MTU = 72
_EXTENDED, _REMOTE, _ERROR = 0x8000_0000, 0x4000_0000, 0x2000_0000
_BRS = 0x01
_ROOM = socket.CMSG_SPACE(_TIME.size) if hasattr(socket, "CMSG_SPACE") else 0
_SENT_HERE = getattr(socket, "MSG_DONTROUTE", 4)


class RawMessage(NamedTuple):
    """What ``received.read_message`` reads of a python-can message. ``stamp`` is CLOCK_REALTIME in ns, 0 for none."""

    arbitration_id: int
    data: bytes
    is_extended_id: bool
    is_remote_frame: bool
    is_error_frame: bool
    is_fd: bool
    bitrate_switch: bool
    is_rx: bool
    stamp: int


def receiver(bus: Any) -> Callable[[float], RawMessage | None]:
    """In the place of ``bus.recv``, for a SocketCAN bus: the next frame, or None; it never waits. OSError as the socket
    says, ENETDOWN among them."""
    line: socket.socket = bus.socket

    def receive(_: float) -> RawMessage | None:
        try:
            raw, ancillary, flags, _address = line.recvmsg(_CANFD_MTU, _ROOM, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        identifier, length, fd_flags = _HEAD.unpack_from(raw)
        stamp = 0
        for _level, _kind, data in ancillary:  # the time stamp is all that python-can asks for
            seconds, rest = _TIME.unpack_from(data)
            stamp = seconds * 1_000_000_000 + rest
        extended = bool(identifier & _EXTENDED)
        return RawMessage(
            identifier & (0x1FFF_FFFF if extended or identifier & _ERROR else 0x7FF),
            raw[8 : 8 + length],
            extended,
            bool(identifier & _REMOTE),
            bool(identifier & _ERROR),
            len(raw) == _CANFD_MTU,
            bool(fd_flags & _BRS),
            not flags & _SENT_HERE,
            stamp,
        )

    return receive
