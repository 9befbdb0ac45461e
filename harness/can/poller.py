"""Takes frames from an interface whose kernel keeps and stamps them, without a thread.

Theory. SocketCAN and UDP sockets queue what comes in the kernel, with its instant, in a buffer of some thousand frames.
A thread that waits for each of them would only move them to another queue, at the price of two changes of thread a
frame. So they are taken when the bench's clock comes by. The watermark is the instant before the look that found
nothing more; it stands still while the interface fails or nobody looks, so deafness is told apart from silence as
with ``reader``. What did not fit the kernel's buffer is lost there; a trace of our own cyclic frames shows it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from harness.can.reader import Arrived
from harness.can.state_watch import StateWatch
from harness.foundation.clock import Clock
from harness.foundation.units import MS, Ns

AT_ONCE = 2_000
"""Frames taken in one look: the rest waits for the next, so that other callbacks have their turn."""
LONGEST_PAUSE: Ns = 100 * MS


class Poller:
    """In the place of ``Reader``: ``look`` fills ``queue``."""

    def __init__(
        self, clock: Clock, receive: Callable[[float], Any], state: Callable[[], str] | None = None
    ) -> None:
        self.queue: deque[Arrived] = deque()
        self.empty_at: Ns = clock.now()
        self.failures = 0
        self.lost = 0
        self._clock = clock
        self._receive = receive
        self._state = StateWatch(state)
        self._failed = 0
        self._told = ""
        self._not_before: Ns = 0
        self._stopped = False

    def alive(self) -> bool:
        return not self._stopped

    def stop(self) -> bool:
        self._stopped = True
        return True

    def look(self) -> None:
        """Take what is there now."""
        began = self._clock.now()
        if self._stopped or began < self._not_before:
            return
        now, receive, keep = self._clock.now, self._receive, self.queue.append
        try:
            for _ in range(AT_ONCE):
                message = receive(0)
                if message is None:
                    break
                keep(Arrived(now(), message))
            if state := self._state.news(began):
                keep(Arrived(began, state=state))
        except Exception as why:  # noqa: BLE001 - reception never ends, whatever an interface raises
            self._fail(began, f"{type(why).__name__}: {why}")
            return
        self._failed, self._told = 0, ""
        if message is None:
            self.empty_at = began

    def _fail(self, at: Ns, text: str) -> None:
        self._failed += 1
        self.failures += 1
        self._not_before = at + min(LONGEST_PAUSE, MS << min(self._failed, 10))
        if text != self._told:  # the same again and again is one event
            self._told = text
            self.queue.append(Arrived(at, failure=text))
