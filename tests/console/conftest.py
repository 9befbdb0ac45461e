"""The unit's end of a serial line: a pseudo terminal whose master the test holds."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator

import pytest


class PtyUnit:
    """Prints into the master of a pty and reads what is typed; ``unplug`` closes it as a pulled adapter does."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.url = os.ttyname(self._slave)
        self._typed: list[Callable[[bytes], None]] = []
        self._end, self._ended = os.pipe()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._master, data) :]

    def on_input(self, callback: Callable[[bytes], None]) -> None:
        self._typed.append(callback)

    def unplug(self) -> None:
        if self._master < 0:
            return
        os.write(self._ended, b"x")
        self._thread.join(5)
        for descriptor in (self._master, self._slave, self._end, self._ended):
            os.close(descriptor)
        self._master = -1

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._end], [], [])
            if self._end in ready:
                return
            data = os.read(self._master, 4096)
            for callback in self._typed:
                callback(data)


@pytest.fixture
def unit() -> Iterator[PtyUnit]:
    unit = PtyUnit()
    yield unit
    unit.unplug()
