"""One connection, as the server holds it."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading


class Gone(Exception):
    """The other side has left, or the connection was cut."""


class Wire:
    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._lock = threading.Lock()
        self.cut_after: int | None = None
        """Cut the connection once so many more bytes were sent."""

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            got = self.some(count - len(data))
            data += got
        return data

    def some(self, most: int = 65536) -> bytes:
        try:
            got = self._connection.recv(most)
        except OSError as why:
            raise Gone from why
        if not got:
            raise Gone
        return got

    def send(self, data: bytes) -> None:
        with self._lock:
            if self.cut_after is not None:
                allowed, self.cut_after = data[: self.cut_after], self.cut_after - len(data)
                if len(allowed) < len(data):
                    self._write(allowed)
                    self.close()
                    raise Gone
            self._write(data)

    def _write(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except OSError as why:
            raise Gone from why

    def block(self, text: str) -> None:
        data = text.encode()
        self.send(f"{len(data):04x}".encode() + data)

    def okay(self, text: str) -> None:
        data = text.encode()
        self.send(b"OKAY" + f"{len(data):04x}".encode() + data)

    def fail(self, text: str) -> None:
        data = text.encode()
        with contextlib.suppress(Gone):
            self.send(b"FAIL" + f"{len(data):04x}".encode() + data)

    def packet(self, kind: int, data: bytes) -> None:
        """A packet of the shell protocol (shell_v2): 1 stdout, 2 stderr, 3 exit code."""
        if data:
            self.send(struct.pack("<BI", kind, len(data)) + data)

    def gone(self) -> bool:
        """Whether the other side has closed; what it typed meanwhile is not for this command."""
        try:
            while select.select([self._connection], [], [], 0)[0]:
                if self._connection.recv(4096) == b"":
                    return True
            return False
        except (OSError, ValueError):
            return True

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()
