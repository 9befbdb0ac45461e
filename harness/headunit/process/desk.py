"""Where threads hand their work over to the one thread that is the unit.

Theory. Servers need threads, the unit has none: whatever a connection asks for is put on the desk and done between two
steps of the clock, in the unit's own thread. A thread that needs the result waits for it. A job wakes the loop at once,
so an answer takes some 100 us and not the unit's step.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from harness.foundation.clock import Clock

T = TypeVar("T")

STEP_S = 0.001
"""How late at most the loop comes to what is due on the clock, when nothing is put on the desk."""
ANSWER_WITHIN_S = 5.0


class Desk:
    """``ask`` and ``post`` for any thread, ``work`` for the unit's."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def post(self, job: Callable[[], None]) -> None:
        """Have ``job`` done soon."""
        self._jobs.put(job)

    def ask(self, job: Callable[[], T]) -> T:
        """Have ``job`` done and wait for its result. What it raises is raised here; TimeoutError after 5 s."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(job())
            except Exception as why:  # noqa: BLE001 - it is the asker's
                future.set_exception(why)

        self._jobs.put(run)
        return future.result(ANSWER_WITHIN_S)

    def work(self, clock: Clock, stopped: Callable[[], bool]) -> None:
        """Let time pass and do what comes, until ``stopped()``."""
        while not stopped():
            clock.run_until(clock.now())
            try:
                job = self._jobs.get(timeout=STEP_S)
            except Empty:
                continue
            job()
