"""The thread that takes frames from an interface, and does nothing else.

Theory. Only a thread can wait for frames while the test computes. It stamps what came with the bench's clock, puts it
into a queue, and looks after its own life: whatever ``receive`` raises becomes an entry of the queue and a pause that
grows with each failure in a row, never the end. ``empty_at`` moves each time ``receive`` comes back sound and with
nothing: whatever had come by then is in the queue. It stands still when the thread is dead, when it hangs in a
vendor's library, and while the interface only fails. So one number tells the three ways of being deaf from silence on
the bus. Where the bus is never silent, the stamps of the frames themselves say how far we are.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from harness.can.state_watch import StateWatch
from harness.foundation.clock import Clock
from harness.foundation.units import Ns

POLL_S = 0.02
"""How long one call waits: the watermark of a silent bus lags by so much."""
LONGEST_PAUSE_S = 0.1
ROOM = 1_000_000
"""Entries the queue holds; about 100 s of a full 1 Mbit/s bus that nobody attends to."""


class Arrived(NamedTuple):
    """One entry: a message (python-can's), or a failure, or a bus state. ``at`` is bench time in ns."""

    at: Ns
    message: Any = None
    failure: str = ""
    state: str = ""


class Reader:
    """``receive(seconds)`` gives a message, or None when none came. ``state`` as in ``StateWatch``."""

    def __init__(
        self,
        clock: Clock,
        receive: Callable[[float], Any],
        name: str,
        state: Callable[[], str] | None = None,
    ) -> None:
        self.queue: deque[Arrived] = deque()
        self.empty_at: Ns = clock.now()
        self.failures = 0
        self.lost = 0
        """Messages that found no room in the queue."""
        self._clock = clock
        self._receive = receive
        self._state = StateWatch(state)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"can reader {name}", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self, within_s: float = 2.0) -> bool:
        """Ask the thread to end; whether it did within that time."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        now, failed, told = self._clock.now, 0, ""
        while not self._stop.is_set():
            began = now()
            try:
                message = self._receive(POLL_S)
                if message is not None:
                    self._keep(Arrived(now(), message))
                if state := self._state.news(began):
                    self._keep(Arrived(began, state=state))
            except Exception as why:  # noqa: BLE001 - reception never ends, whatever an interface raises
                if self._stop.is_set():
                    return
                failed += 1
                self.failures += 1
                text = f"{type(why).__name__}: {why}"
                if text != told:  # the same again and again is one event
                    told = text
                    self._keep(Arrived(now(), failure=text))
                self._stop.wait(min(LONGEST_PAUSE_S, 0.0005 * 2 ** min(failed, 16)))
                continue
            failed, told = 0, ""
            if message is None:
                # set last: who reads this first and the queue afterwards misses nothing up to here
                self.empty_at = began

    def _keep(self, entry: Arrived) -> None:
        if len(self.queue) >= ROOM:
            self.lost += 1
        else:
            self.queue.append(entry)
