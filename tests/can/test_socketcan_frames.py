"""Reading struct can_frame and canfd_frame off a socket, as linux/can.h lays them out."""

from __future__ import annotations

import socket
import struct
from types import SimpleNamespace
from typing import Any

import pytest

from harness.can.port import Frame
from harness.can.received import read_message
from harness.can.socketcan_frames import receiver


class Line:
    """A socket that hands out given datagrams: the kernel's part, of which this machine may have none."""

    def __init__(self, *datagrams: tuple[bytes, int]) -> None:
        self._datagrams = list(datagrams)

    def recvmsg(self, size: int, room: int, flags: int) -> tuple[bytes, list[Any], int, Any]:
        if not self._datagrams:
            raise BlockingIOError
        raw, mark = self._datagrams.pop(0)
        stamp = (socket.SOL_SOCKET, 35, struct.pack("@ll", 1_700_000_000, 123_456_789))
        return raw[:size], [stamp], mark, ("vcan0",)


def classic(identifier: int, data: bytes) -> bytes:
    return struct.pack("=IB3x8s", identifier, len(data), data)


def fd(identifier: int, data: bytes, flags: int) -> bytes:
    return struct.pack("=IBB2x64s", identifier, len(data), flags, data)


@pytest.mark.parametrize(
    ("raw", "frame"),
    [
        (classic(0x123, b"\x01\x02"), Frame(0x123, b"\x01\x02")),
        (classic(0x123 | 0x8000_0000, b""), Frame(0x123, b"", extended=True)),
        (fd(0x7FF, bytes(range(64)), 0x05), Frame(0x7FF, bytes(range(64)), fd=True, brs=True)),
        (fd(0x1ABCDE12 | 0x8000_0000, bytes(12), 0x04), Frame(0x1ABCDE12, bytes(12), extended=True, fd=True)),
    ],
)
def test_a_frame_is_read_with_all_that_identifies_it(raw: bytes, frame: Frame) -> None:
    receive = receiver(SimpleNamespace(socket=Line((raw, 0))))
    message = receive(0)
    assert message is not None
    assert read_message(message, socketcan=True) == ("data", frame, "")
    assert message.is_rx
    assert message.stamp == 1_700_000_000_123_456_789
    assert receive(0) is None


def test_what_this_machine_sent_is_marked() -> None:
    message = receiver(SimpleNamespace(socket=Line((classic(0x100, b""), socket.MSG_DONTROUTE))))(0)
    assert message is not None
    assert not message.is_rx


def test_error_frames_keep_their_class() -> None:
    bus_off = struct.pack("=IB3x8s", 0x2000_0040, 8, bytes(8))
    passive = struct.pack("=IB3x8s", 0x2000_0004, 8, bytes([0, 0x20, 0, 0, 0, 0, 0, 0]))
    receive = receiver(SimpleNamespace(socket=Line((bus_off, 0), (passive, 0))))
    assert read_message(receive(0), socketcan=True)[::2] == ("state", "off")
    assert read_message(receive(0), socketcan=True)[::2] == ("state", "passive")


def test_a_remote_frame_is_no_data_frame() -> None:
    message = receiver(SimpleNamespace(socket=Line((struct.pack("=IB3x8s", 0x4000_0123, 0, b""), 0))))(0)
    assert read_message(message, socketcan=True).kind == "bad"
