"""A simulated relay board on the unit's lines: Devantech's byte protocol (harness/io/relay.py), over TCP.

101..108 close a relay, 111..118 open it, 91 asks for all levels as one byte. Relays 1, 2, 3 are KL15, ACC, reverse.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable

from harness.foundation.desk import Desk
from harness.io.port import IoPort

WIRED = ("KL15", "ACC", "reverse")
_ASK, _OPEN_ALL, _CLOSE_ALL = 91, 110, 100


class Relays:
    """``take(byte)`` is one byte from the board's port, in the unit's thread; returns what the board says."""

    def __init__(self, io: IoPort) -> None:
        self._io = io
        self._levels = 0

    def take(self, byte: int) -> bytes:
        if byte == _ASK:
            return bytes([self._levels])
        for base, on in ((_CLOSE_ALL, True), (_OPEN_ALL, False)):
            number = byte - base
            if 1 <= number <= 8:
                bit = 1 << (number - 1)
                self._levels = self._levels | bit if on else self._levels & ~bit
                if number <= len(WIRED):
                    self._io.set(WIRED[number - 1], on)
        return b""


class RelayServer:
    """The board's port on 127.0.0.1."""

    def __init__(self, relays: Relays, desk: Desk) -> None:
        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    while data := self._heard():
                        for byte in data:
                            said = desk.ask(_taking(relays, byte))
                            if said:
                                self.request.sendall(said)
                except OSError:
                    return

            def _heard(self) -> bytes:
                # a board acknowledges nothing: a client that writes twice would wait 40 ms for our delayed one
                if hasattr(socket, "TCP_QUICKACK"):
                    self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                return bytes(self.request.recv(64))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="relays", daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _taking(relays: Relays, byte: int) -> Callable[[], bytes]:
    return lambda: relays.take(byte)
