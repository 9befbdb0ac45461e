"""The one door to time.

Theory. All of the harness lives on one time line of integer nanoseconds. A clock hands out "now" and runs callbacks
that were put at an instant. Callbacks run only while the caller is inside ``run_until``: never from another thread,
never in the middle of the caller's own code. Order at one instant is (priority, order of ``at``), so a run repeats.

``VirtualClock`` jumps from event to event in the caller's thread and never sleeps. ``WallClock`` waits for the true
time; a callback that ran late by more than ``lateness`` is recorded in ``late``, because then the rig is at fault
and not the unit.

This is the only module that may import ``time`` (a lint rule holds it).
"""

from __future__ import annotations

import datetime
import heapq
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns

LIVELOCK = 100_000
"""So many callbacks at one instant are a loop without progress, never a bench."""


class Handle:
    """A callback put on the clock. ``cancel()`` is idempotent and may be called from the callback itself."""

    __slots__ = ("call", "name")

    def __init__(self, call: Callable[[], None] | None, name: str) -> None:
        self.call = call
        self.name = name

    def cancel(self) -> None:
        self.call = None


class Clock(Protocol):
    """Bench time. ``kind`` is "virtual" or "wall"; drivers declare which they accept."""

    kind: str

    def now(self) -> Ns:
        """The present instant on the bench time line."""
        ...

    def settled(self) -> Ns:
        """The last instant up to which every callback has run; a memory source has delivered all up to here."""
        ...

    def at(self, when: Ns, call: Callable[[], None], *, name: str, priority: int = 0) -> Handle:
        """Run ``call`` at ``when`` (not before now); ``name`` appears in error messages."""
        ...

    def run_until(self, when: Ns) -> None:
        """Let time pass to ``when``, running every callback due up to and including it."""
        ...


class VirtualClock:
    """Deterministic time: a queue ordered by (instant, priority, sequence), stepped in the caller's thread."""

    kind = "virtual"

    def __init__(self) -> None:
        self._now: Ns = 0
        self._settled: Ns = -1
        self._queue: list[tuple[Ns, int, int, Handle]] = []
        self._sequence = 0
        self._running = False

    def now(self) -> Ns:
        return self._now

    def settled(self) -> Ns:
        return self._settled

    def at(self, when: Ns, call: Callable[[], None], *, name: str, priority: int = 0) -> Handle:
        if when < self._now:
            raise HarnessError(f"{name}: put at {when} ns, which has passed (now {self._now} ns)")
        handle = Handle(call, name)
        self._sequence += 1
        if when <= self._settled:
            self._settled = when - 1
        heapq.heappush(self._queue, (when, priority, self._sequence, handle))
        return handle

    def run_until(self, when: Ns) -> None:
        if self._running:
            raise HarnessError("a callback tried to let time pass; callbacks put work on the clock instead")
        queue, pop = self._queue, heapq.heappop
        self._running = True
        at_instant = 0
        try:
            while queue and queue[0][0] <= when:
                due, _, _, handle = pop(queue)
                call = handle.call
                if call is None:
                    continue
                if due != self._now:
                    self._now, at_instant = due, 0
                    self._settled = due - 1
                at_instant += 1
                if at_instant > LIVELOCK:
                    raise self._livelock(due, handle)
                handle.call = None
                call()
        finally:
            self._running = False
        self._now = max(self._now, when)
        self._settled = self._now

    def _livelock(self, instant: Ns, last: Handle) -> HarnessError:
        names = Counter([last.name, *(h.name for t, _, _, h in self._queue if t == instant and h.call)])
        who = ", ".join(f"{name} ({count})" for name, count in sorted(names.items())[:5])
        return HarnessError(f"time stands still at {instant} ns after {LIVELOCK} callbacks; at that instant: {who}")


class WallClock:
    """True time from the machine's monotonic counter. Late callbacks are recorded, not hidden.

    ``zero`` is the counter's value at bench time 0 (default: now). The counter is one for all processes of a machine,
    so a process that is given another's ``zero`` lives on the same time line, without any uncertainty of alignment.
    """

    kind = "wall"

    def __init__(self, lateness: Ns = 5 * MS, zero: Ns | None = None) -> None:
        self.zero: Ns = time.monotonic_ns() if zero is None else zero
        self._queue: list[tuple[Ns, int, int, Handle]] = []
        self._sequence = 0
        self._settled: Ns = -1
        self._running = False
        self._lateness = lateness
        self.late: list[tuple[Ns, Ns, str]] = []
        """(planned, late by, name) of every callback that ran more than ``lateness`` after its instant."""

    def now(self) -> Ns:
        return time.monotonic_ns() - self.zero

    def settled(self) -> Ns:
        return self._settled

    def at(self, when: Ns, call: Callable[[], None], *, name: str, priority: int = 0) -> Handle:
        handle = Handle(call, name)
        self._sequence += 1
        heapq.heappush(self._queue, (when, priority, self._sequence, handle))
        return handle

    def next_due(self) -> Ns | None:
        """When the next callback is due, None when nothing is on the clock."""
        while self._queue and self._queue[0][3].call is None:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def run_until(self, when: Ns) -> None:
        if self._running:
            raise HarnessError("a callback tried to let time pass; callbacks put work on the clock instead")
        self._running = True
        try:
            while True:
                target = min(when, self._queue[0][0]) if self._queue else when
                while (rest := target - self.now()) > 0:
                    time.sleep(rest / 1e9)
                if not self._queue or self._queue[0][0] > when:
                    break
                due, _, _, handle = heapq.heappop(self._queue)
                call, handle.call = handle.call, None
                if call is None:
                    continue
                behind = self.now() - due
                if behind > self._lateness:
                    self.late.append((due, behind, handle.name))
                call()
        finally:
            self._running = False
        self._settled = self.now()


def host_time() -> Ns:
    """The time of day that the kernel stamps frames with, in ns. Only to be compared with a clock's ``now``."""
    return time.time_ns()


def civil_time() -> str:
    """The date and time of day for ``meta.json``, ISO 8601 UTC. Never enters a journal."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def stopwatch() -> Callable[[], float]:
    """Wall seconds since the call, for progress and ``wall_s``. Never enters a journal."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def pause(seconds: float) -> None:
    """Yield the processor. For supervisors that watch child processes; scenarios and devices never call it."""
    time.sleep(seconds)
