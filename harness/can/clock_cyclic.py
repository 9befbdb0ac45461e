"""Cyclic frames sent from our own clock, for interfaces behind which nothing else can.

Each instant is a multiple of the period after the first, so there is no drift. Instants that passed while nobody let
time run are skipped and counted, never made up for in a burst; the sequence goes on where it was, so a counter in it
stays right. A send that fails is counted and the task goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.can.port import Frame
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import Ns


class ClockCyclic:
    """``skipped`` instants and ``unsent`` frames are counted; ``why_unsent`` is the last reason."""

    def __init__(
        self, clock: Clock, send: Callable[[Frame], None], frames: Sequence[Frame], period: Ns, first: Ns, name: str
    ) -> None:
        if not frames or period <= 0:
            raise HarnessError(f"cyclic sending needs frames and a period above 0, not {len(frames)} and {period} ns")
        self.skipped = 0
        self.sent = 0
        self.unsent = 0
        self.why_unsent = ""
        self._clock = clock
        self._send = send
        self._frames = tuple(frames)
        self._period = period
        self._position = 0
        self._due = max(first, clock.now())
        self._name = f"{name} cyclic 0x{frames[0].id:X}"
        self._handle: Handle | None = clock.at(self._due, self._fire, name=self._name)

    def _fire(self) -> None:
        frame = self._frames[self._position]
        self._position = (self._position + 1) % len(self._frames)
        missed = max(0, (self._clock.now() - self._due) // self._period)
        self.skipped += missed
        self._due += (missed + 1) * self._period
        self._handle = self._clock.at(self._due, self._fire, name=self._name)
        try:
            self._send(frame)
            self.sent += 1
        except RigFault as why:
            self.unsent += 1
            self.why_unsent = str(why)

    def replace(self, frames: Sequence[Frame]) -> None:
        if not frames:
            raise HarnessError("a cyclic task needs at least one frame; stop() ends it")
        self._frames = tuple(frames)
        self._position %= len(self._frames)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
