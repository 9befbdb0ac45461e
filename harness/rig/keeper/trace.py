"""The trace of one bus, on disk while it happens: what is there outlives whoever is killed."""

from __future__ import annotations

from pathlib import Path

from harness.can.candump import to_line
from harness.can.port import CanPort, Heard
from harness.foundation.clock import Clock, Handle
from harness.foundation.units import MS, Ns

WRITE_EVERY: Ns = 50 * MS
"""A killed keeper loses no more than this, and what its last poll had not delivered."""


class Trace:
    """Everything heard on ``port``, as candump lines in ``path``."""

    def __init__(self, clock: Clock, port: CanPort, bus: str, path: Path) -> None:
        self._clock = clock
        self._bus = bus
        self._heard: list[Heard] = []
        self._file = path.open("w", encoding="ascii", newline="\n")
        self._end = port.listen(self._heard.append)
        self._handle: Handle = clock.at(clock.now() + WRITE_EVERY, self._write, name=f"trace {bus} delivery")

    def close(self) -> None:
        self._end()
        self._handle.cancel()
        self._flush()
        self._file.close()

    def _write(self) -> None:
        self._handle = self._clock.at(self._clock.now() + WRITE_EVERY, self._write, name=f"trace {self._bus} delivery")
        self._flush()

    def _flush(self) -> None:
        heard = self._heard[:]
        del self._heard[: len(heard)]
        self._file.write("".join(to_line(one, self._bus) for one in heard))
        self._file.flush()
