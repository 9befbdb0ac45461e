"""The unit's link where somebody shapes it for us and is told so in lines over TCP.

``link up 30000000 0.0`` (state, one-way delay in ns, share lost) is answered ``ok <ns>`` with the instant at which it
took effect, on the time line both sides share; ``error <why>`` otherwise.
"""

from __future__ import annotations

import socket

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, show_time
from harness.network.port import Link

TIMEOUT_S = 2.0


class LineNetwork:
    """A ``NetworkPort``. RigFault when nobody is there, does not answer, or has another time."""

    def __init__(self, clock: Clock, host: str, port: int) -> None:
        self._clock = clock
        self._where = f"network shaper {host}:{port}"
        try:
            self._socket = socket.create_connection((host, port), TIMEOUT_S)
        except OSError as why:
            raise RigFault(f"{self._where} cannot be reached: {why}") from why
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rwb")
        self._closed = False

    def link(self, link: Link) -> Stamp:
        """As ``NetworkPort.link``. HarnessError once closed."""
        if self._closed:
            raise HarnessError("link: the network is closed")
        if not 0.0 <= link.loss <= 1.0:
            raise ValueError(f"loss {link.loss}: it goes from 0 to 1")
        if link.delay < 0:
            raise ValueError(f"delay {link.delay} ns: nothing arrives before it was sent")
        asked = self._clock.now()
        try:
            self._file.write(f"link {'up' if link.up else 'down'} {link.delay} {link.loss!r}\n".encode())
            self._file.flush()
            answer = self._file.readline().decode().split()
        except OSError as why:
            raise RigFault(f"{self._where} does not answer: {why}") from why
        if len(answer) != 2 or answer[0] != "ok":
            raise RigFault(f"{self._where} answered {' '.join(answer) or 'nothing'!r}")
        at = int(answer[1])
        if not asked <= at <= self._clock.now():
            raise RigFault(f"{self._where} has another time: {show_time(at)}, asked at {show_time(asked)}")
        return Stamp.exact(at)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more settings; the link stays as it is."""
        if not self._closed:
            self._closed = True
            self._file.close()
            self._socket.close()
