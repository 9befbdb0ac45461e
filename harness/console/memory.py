"""A serial console in memory: bytes both ways, no rate and no loss.

Theory. Bytes are stamped when they are written and handed over when time next passes, at that same instant and in
order. Each listener hears what was written after it began to listen; none takes bytes from another.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.console.port import Bytes
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns

Listener = Callable[[Bytes], None]


class _Wire:
    """One direction. Each listener has a key, so that the same function may listen twice."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._name = name
        self._listeners: dict[int, Listener] = {}
        self._next = 0

    def write(self, data: bytes) -> None:
        if not data:
            return
        now = self._clock.now()
        chunk = Bytes(Stamp.exact(now), bytes(data))
        hearers = tuple(self._listeners)

        def deliver() -> None:
            for key in hearers:
                listener = self._listeners.get(key)
                if listener is not None:
                    listener(chunk)

        self._clock.at(now, deliver, name=self._name)

    def listen(self, listener: Listener) -> Callable[[], None]:
        key, self._next = self._next, self._next + 1
        self._listeners[key] = listener

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop


class FarConsole:
    """The unit's end."""

    def __init__(self, out: _Wire, into: _Wire) -> None:
        self._out = out
        self._in = into

    def write(self, data: bytes) -> None:
        """Print ``data`` now."""
        self._out.write(data)

    def on_input(self, callback: Callable[[bytes], None]) -> Callable[[], None]:
        """Call ``callback(data)`` for what is typed from now on. Returns the way to stop that."""
        return self._in.listen(lambda chunk: callback(chunk.data))


class MemoryConsole:
    """The rig's end (a ``ConsolePort``)."""

    uncertainty = EXACT

    def __init__(self, clock: Clock, out: _Wire, into: _Wire) -> None:
        self._clock = clock
        self._out = out
        self._in = into
        self._closed = False

    def write(self, data: bytes) -> None:
        """Type ``data`` now. HarnessError once closed."""
        if self._closed:
            raise HarnessError("write: the console is closed")
        self._out.write(data)

    def listen(self, listener: Listener) -> Callable[[], None]:
        return self._in.listen(listener)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more typing."""
        self._closed = True


def pair(clock: Clock) -> tuple[MemoryConsole, FarConsole]:
    """The rig's port and the unit's end of one console."""
    to_unit, to_rig = _Wire(clock, "console input"), _Wire(clock, "console output")
    return MemoryConsole(clock, to_unit, to_rig), FarConsole(to_rig, to_unit)
