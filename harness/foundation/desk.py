"""Where threads hand their work over to the one thread that owns a clock.

Theory. Servers need threads, what lives on a clock has none: whatever a connection asks for is put on the desk and done
between two steps of the clock, in the clock's own thread. A thread that needs the result waits for it. A job wakes the
loop at once, so an answer takes some 100 us and not the loop's step.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from harness.foundation.clock import WallClock

T = TypeVar("T")

LONGEST_S = 0.05
"""How late at most the loop sees that it is to stop."""
ANSWER_WITHIN_S = 5.0


class Desk:
    """``ask`` and ``post`` for any thread, ``work`` for the one that owns the clock."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def post(self, job: Callable[[], None]) -> None:
        """Have ``job`` done soon."""
        self._jobs.put(job)

    def ask(self, job: Callable[[], T], within_s: float = ANSWER_WITHIN_S) -> T:
        """Have ``job`` done and wait for its result. What it raises is raised here; TimeoutError after ``within_s``."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(job())
            except Exception as why:  # noqa: BLE001 - it is the asker's
                future.set_exception(why)

        self._jobs.put(run)
        return future.result(within_s)

    def work(self, clock: WallClock, stopped: Callable[[], bool]) -> None:
        """Let time pass and do what comes, until ``stopped()``."""
        while not stopped():
            clock.run_until(clock.now())
            due = clock.next_due()
            rest = LONGEST_S if due is None else min(LONGEST_S, (due - clock.now()) / 1e9)
            try:
                job = self._jobs.get(timeout=max(rest, 0))
            except Empty:
                continue
            job()
