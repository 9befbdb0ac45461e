"""The unit's serial console on a pseudo terminal: whoever opens ``path`` is at the other end of the wire.

A serial line has no flow control here: what nobody reads, beyond what the terminal's buffer holds, is lost and counted.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from harness.foundation.desk import Desk

MOST = 65_536


class PtyConsole:
    """In the place of ``harness.console.memory``'s far end. ``lost`` counts bytes nobody took."""

    def __init__(self, desk: Desk) -> None:
        import tty

        self._master, self._slave = os.openpty()  # the far side stays open, so that a reader may come and go
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.lost = 0
        self._desk = desk
        self._typed: list[Callable[[bytes], None]] = []
        self._reading = os.dup(self._master)
        os.set_blocking(self._master, True)
        self._thread = threading.Thread(target=self._read, name="console input", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Print ``data`` now."""
        import select

        while data:
            if not select.select([], [self._master], [], 0)[1]:
                self.lost += len(data)
                return
            # a terminal takes at least this many bytes once it is ready for any
            data = data[os.write(self._master, data[:64]) :]

    def on_input(self, callback: Callable[[bytes], None]) -> Callable[[], None]:
        """Call ``callback(data)``, in the unit's thread, for what is typed. Returns the way to stop that."""
        self._typed.append(callback)

        def stop() -> None:
            if callback in self._typed:
                self._typed.remove(callback)

        return stop

    def close(self) -> None:
        """Unplug it: who has it open reads its end."""
        os.close(self._slave)
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._reading, MOST)
            except OSError:  # no more slave: unplugged
                data = b""
            if not data:
                os.close(self._reading)
                return
            self._desk.post(lambda data=data: self._tell(data))  # type: ignore[misc]

    def _tell(self, data: bytes) -> None:
        for callback in tuple(self._typed):
            callback(data)
