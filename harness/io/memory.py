"""Single wires in memory.

Theory. A wire holds its level from the instant it is switched; the unit is told when time next passes, at that same
instant, so it never acts in the middle of the caller's code. Switching a wire to where it is already is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns
from harness.io.port import LINES

Changed = Callable[[str, bool], None]


class Switched(NamedTuple):
    """A wire changed its level."""

    stamp: Stamp
    line: str
    on: bool


class FarIo:
    """The unit's end: looks at the wires and is told of changes. All are off at first."""

    def __init__(self) -> None:
        self._on = dict.fromkeys(LINES, False)
        self._changed: list[Changed] = []

    def state(self, line: str) -> bool:
        """The level of ``line`` now. HarnessError for an unknown line."""
        if line not in self._on:
            raise HarnessError(f"no line {line!r}; there are: {', '.join(LINES)}")
        return self._on[line]

    def on_change(self, callback: Changed) -> Callable[[], None]:
        """Call ``callback(line, on)`` for every change. Returns the way to stop that."""
        self._changed.append(callback)

        def stop() -> None:
            if callback in self._changed:
                self._changed.remove(callback)

        return stop

    def switch(self, line: str, on: bool) -> None:
        self._on[line] = on

    def tell(self, line: str, on: bool) -> None:
        for callback in tuple(self._changed):
            callback(line, on)


class MemoryIo:
    """The rig's end (an ``IoPort``)."""

    uncertainty = EXACT

    def __init__(self, clock: Clock, far: FarIo) -> None:
        self._clock = clock
        self._far = far
        self._log: list[Switched] = []
        self._closed = False

    def set(self, line: str, on: bool) -> Stamp:
        """As ``IoPort.set``, at once and exact."""
        if self._closed:
            raise HarnessError(f"set {line}: the lines are closed")
        now = self._clock.now()
        stamp = Stamp.exact(now)
        if self._far.state(line) != on:
            self._far.switch(line, on)
            self._log.append(Switched(stamp, line, on))
            self._clock.at(now, lambda: self._far.tell(line, on), name=f"line {line}")
        return stamp

    def lines(self) -> Sequence[str]:
        return LINES

    def log(self) -> Sequence[Switched]:
        """Every change so far, oldest first."""
        return tuple(self._log)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """The wires keep their levels; no more switching."""
        self._closed = True


def pair(clock: Clock) -> tuple[MemoryIo, FarIo]:
    """The rig's port and the unit's end of the same wires."""
    far = FarIo()
    return MemoryIo(clock, far), far
