"""The unit's network link in memory.

Theory. A request is a call that travels one delay to the service, runs there, and whose answer travels one delay back.
When the link goes down, everything under way is lost, whether or not it comes up again meanwhile: a request so lost
never ran, an answer so lost did run, and the unit cannot tell which. A loss drawn by chance takes either way with equal
chance, for the same reason. What the service pushes is held by the service until it has arrived, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns, S
from harness.network.port import Link

TIMEOUT: Ns = 2 * S
"""After so long without an answer a request has failed."""
RETRY: Ns = 1 * S
"""After so long the service repeats a push that was lost."""


class Change(NamedTuple):
    """The link was set."""

    stamp: Stamp
    link: Link


class _Push:
    def __init__(self, deliver: Callable[[], None], name: str) -> None:
        self.deliver = deliver
        self.name = name
        self.handle: Handle | None = None


class FarNetwork:
    """The unit's end: what it sends and receives over the link."""

    def __init__(self, clock: Clock, rng: Random) -> None:
        self._clock = clock
        self._rng = rng
        self._link = Link()
        self.slower: Ns = 0
        """One way, beside what the link is set to: the delay of this unit's provider."""
        self._falls = 0
        self._changed: list[Callable[[Link], None]] = []
        self._pushes: list[_Push] = []
        self._last_arrival: Ns = 0

    @property
    def _delay(self) -> Ns:
        return self._link.delay + self.slower

    def current(self) -> Link:
        return self._link

    def on_change(self, callback: Callable[[Link], None]) -> Callable[[], None]:
        """Call ``callback(link)`` whenever the link was set to something else. Returns the way to stop that."""
        self._changed.append(callback)

        def stop() -> None:
            if callback in self._changed:
                self._changed.remove(callback)

        return stop

    def request(
        self, call: Callable[[], object], answer: Callable[[object], None], failed: Callable[[str], None], name: str
    ) -> None:
        """Run ``call`` at the service and bring its result to ``answer``.

        ``failed("down")`` when the link is down now, ``failed("timeout")`` 2 s from now when there was no answer.
        Exactly one of the two is called, once, while time passes.
        """
        clock, now, falls = self._clock, self._clock.now(), self._falls
        if not self._link.up:
            clock.at(now, lambda: failed("down"), name=f"{name}: down")
            return
        lost = self._rng.random() < self._link.loss
        lost_there = lost and self._rng.random() < 0.5
        timeout = clock.at(now + TIMEOUT, lambda: failed("timeout"), name=f"{name}: timeout")

        def arrive() -> None:
            if self._falls != falls:
                return
            result = call()
            if not lost:
                clock.at(clock.now() + self._delay, lambda: back(result), name=f"{name}: answer")

        def back(result: object) -> None:
            if self._falls == falls and timeout.call is not None:
                timeout.cancel()
                answer(result)

        if not lost_there:
            clock.at(now + self._delay, arrive, name=f"{name}: request")

    def push(self, deliver: Callable[[], None], name: str) -> None:
        """Bring ``deliver`` from the service to the unit: once, after all pushed before it, when the link allows."""
        push = _Push(deliver, name)
        self._pushes.append(push)
        self._send(push)

    def datagram(self, deliver: Callable[[], None], name: str) -> None:
        """Bring ``deliver`` across once, either way, or lose it: nobody repeats it."""
        link, falls = self._link, self._falls
        if not link.up or (link.loss and self._rng.random() < link.loss):
            return

        def arrive() -> None:
            if self._falls == falls:
                deliver()

        self._clock.at(self._clock.now() + self._delay, arrive, name=f"{name}: packet")

    def set(self, link: Link) -> None:
        before, self._link = self._link, link
        if before.up and not link.up:
            self._falls += 1
        if not link.up or link.loss >= 1:
            for push in self._pushes:
                if push.handle is not None:
                    push.handle.cancel()
                    push.handle = None
        for push in self._pushes:
            if push.handle is None:
                self._send(push)
        if link != before:
            self._clock.at(self._clock.now(), lambda: self._tell(link), name="network link")

    def _send(self, push: _Push) -> None:
        link = self._link
        if not link.up or link.loss >= 1:
            return
        now = self._clock.now()
        arrival = now + self._delay
        while self._rng.random() < link.loss:
            arrival += RETRY
        if any(other.handle is not None for other in self._pushes):
            arrival = max(arrival, self._last_arrival)
        self._last_arrival = arrival
        push.handle = self._clock.at(arrival, lambda: self._arrived(push), name=f"{push.name}: push")

    def _arrived(self, push: _Push) -> None:
        self._pushes.remove(push)
        push.deliver()

    def _tell(self, link: Link) -> None:
        for callback in tuple(self._changed):
            callback(link)


class MemoryNetwork:
    """The rig's end (a ``NetworkPort``)."""

    uncertainty = EXACT

    def __init__(self, clock: Clock, far: FarNetwork) -> None:
        self._clock = clock
        self._far = far
        self._log: list[Change] = []
        self._closed = False

    def link(self, link: Link) -> Stamp:
        """As ``NetworkPort.link``, at once and exact. HarnessError once closed."""
        if self._closed:
            raise HarnessError("link: the network is closed")
        if not 0.0 <= link.loss <= 1.0:
            raise ValueError(f"loss {link.loss}: it goes from 0 to 1")
        if link.delay < 0:
            raise ValueError(f"delay {link.delay} ns: nothing arrives before it was sent")
        stamp = Stamp.exact(self._clock.now())
        self._far.set(link)
        self._log.append(Change(stamp, link))
        return stamp

    def log(self) -> tuple[Change, ...]:
        """Every setting so far, oldest first."""
        return tuple(self._log)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more settings; the link stays as it is."""
        self._closed = True


def pair(clock: Clock, rng: Random | None = None) -> tuple[MemoryNetwork, FarNetwork]:
    """The rig's port and the unit's end of one link; ``rng`` draws the losses (default: a fixed seed)."""
    far = FarNetwork(clock, rng or Random("network"))
    return MemoryNetwork(clock, far), far
