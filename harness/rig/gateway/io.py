"""A gateway in the lines: one does not follow, or follows late, and nobody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.foundation.clock import Clock
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.io.port import IoPort


class IoGate:
    """An IoPort before an IoPort. ``stuck``: line -> the level it keeps whatever is asked for, from its first switching
    on. ``late``: line -> how much later it follows."""

    def __init__(
        self,
        clock: Clock,
        port: IoPort,
        *,
        stuck: Mapping[str, bool] | None = None,
        late: Mapping[str, Ns] | None = None,
    ) -> None:
        self._clock = clock
        self._port = port
        self._stuck = stuck or {}
        self._late = late or {}
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def set(self, line: str, on: bool) -> Stamp:
        if line in self._late and line in self._port.lines() and not self._closed:
            now = self._clock.now()
            self._clock.at(now + self._late[line], lambda: self._follow(line, on), name=f"gateway of {line}")
            return Stamp.exact(now)
        return self._port.set(line, self._stuck.get(line, on))

    def lines(self) -> Sequence[str]:
        return self._port.lines()

    def seen_to(self) -> Ns:
        return self._port.seen_to()

    def close(self) -> None:
        self._closed = True
        self._port.close()

    def _follow(self, line: str, on: bool) -> None:
        if not self._closed:
            self._port.set(line, on)
