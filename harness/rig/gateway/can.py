"""A gateway in a CAN bus: what the unit sends reaches the bench otherwise, or what the bench sends the unit.

Theory. The bench's side of the gateway is a bus of its own: a frame of the bench is acknowledged there, so its echo
comes at once, and whether, when and how it reaches the unit is another matter. A ``Change`` says what becomes of one
frame: a list of (delay, what), none for a lost one. Changes with a memory are made anew for each rig.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from harness.can.clock_cyclic import ClockCyclic
from harness.can.port import CanPort, CyclicTask, Frame, Heard, Listener
from harness.foundation.clock import Clock
from harness.foundation.units import Ns

Key = tuple[int, bool]
Change = Callable[[Heard], Sequence[tuple[Ns, Heard]]]
"""What becomes of one data frame: (ns later, as what) each, in order."""


class CanGate:
    """A CanPort before a CanPort. ``from_unit`` changes data frames that others send, ``to_unit`` those of the bench,
    both only with a key in ``keys`` (None: all). Without ``echo`` the bench never hears its own frames. From
    ``dead_from`` on the reader is dead: nothing is heard and the watermark stands."""

    def __init__(
        self,
        clock: Clock,
        port: CanPort,
        *,
        keys: Collection[Key] | None = None,
        from_unit: Change | None = None,
        to_unit: Change | None = None,
        echo: bool = True,
        dead_from: Ns | None = None,
    ) -> None:
        self._clock = clock
        self._port = port
        self._keys = keys
        self._from_unit = from_unit
        self._to_unit = to_unit
        self._echo = echo
        self._dead_from = dead_from
        self._listeners: dict[int, Listener] = {}
        self._next = 0
        self._tasks: list[CyclicTask] = []
        self._on_the_way: list[Ns] = []
        self._closed = False
        self.raised: list[tuple[Ns, str]] = []
        self._end = port.listen(self._heard)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    @property
    def keeps_beat(self) -> bool:
        """The kernel's timer sends past the gateway: where it changes what is sent, it has to be asked each time."""
        return self._to_unit is None and bool(getattr(self._port, "keeps_beat", False))

    def send(self, frame: Frame) -> None:
        if self._to_unit is None or self._closed or not self._meant(frame):
            self._port.send(frame)
            return
        now = self._clock.now()
        own = Heard(now, now, now, "data", frame, True)
        for delay, changed in self._to_unit(own):
            if changed.frame is not None:
                self._pass_on(changed.frame, delay)
        self._clock.at(now, lambda: self._tell(own), name="gateway echo delivery")

    def cyclic(self, frames: Sequence[Frame], period: Ns, first: Ns | None = None) -> CyclicTask:
        if self._to_unit is None or not frames or not any(self._meant(frame) for frame in frames):
            return self._port.cyclic(frames, period, first)
        begin = self._clock.now() if first is None else first
        task = ClockCyclic(self._clock, self.send, frames, period, begin, "gateway")
        self._tasks.append(task)
        return task

    def stop(self) -> None:
        for task in self._tasks:
            task.stop()
        self._tasks.clear()
        self._port.stop()

    def listen(self, listener: Listener) -> Callable[[], None]:
        key, self._next = self._next, self._next + 1
        self._listeners[key] = listener

        def end() -> None:
            self._listeners.pop(key, None)

        return end

    def seen_to(self) -> Ns:
        seen = min([self._port.seen_to(), *(due - 1 for due in self._on_the_way)])
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._closed = True
        self._listeners.clear()
        self._end()
        self.stop()
        self._port.close()

    def _meant(self, frame: Frame) -> bool:
        return self._keys is None or frame.key in self._keys

    def _pass_on(self, frame: Frame, delay: Ns) -> None:
        if not delay:
            self._port.send(frame)
            return

        def late() -> None:
            if not self._closed:
                self._port.send(frame)

        self._clock.at(self._clock.now() + delay, late, name="gateway passes on")

    def _heard(self, heard: Heard) -> None:
        frame = heard.frame
        if self._dead_from is not None and heard.t > self._dead_from:
            return
        if heard.kind != "data" or frame is None:
            self._tell(heard)
        elif heard.own:
            # what was changed has had its echo on the bench's side
            if self._echo and not (self._to_unit is not None and self._meant(frame)):
                self._tell(heard)
        elif self._from_unit is None or not self._meant(frame):
            self._tell(heard)
        else:
            for delay, changed in self._from_unit(heard):
                self._later(shifted(changed, heard.t + delay - changed.t), delay)

    def _later(self, heard: Heard, delay: Ns) -> None:
        if not delay:
            self._tell(heard)
            return
        due = max(heard.t, self._clock.now())
        self._on_the_way.append(due)

        def arrives() -> None:
            self._on_the_way.remove(due)
            self._tell(heard)

        self._clock.at(due, arrives, name="gateway delivery")

    def _tell(self, heard: Heard) -> None:
        for listener in tuple(self._listeners.values()):
            try:
                listener(heard)
            except Exception as why:  # noqa: BLE001 - reception goes on whatever a listener does
                self.raised.append((heard.t, f"{type(why).__name__}: {why}"))


def shifted(heard: Heard, by: Ns) -> Heard:
    return heard._replace(t=heard.t + by, early=heard.early + by, late=heard.late + by) if by else heard


# -- what can become of a frame ------------------------------------------------------------------------------------
def lost(every: int = 1) -> Change:
    """Each ``every``-th frame of a message is lost."""
    count = _counter()
    return lambda heard: () if count(heard) % every == 0 else ((0, heard),)


def late(by: Ns, every: int = 1) -> Change:
    """Each ``every``-th frame of a message comes ``by`` ns late."""
    count = _counter()
    return lambda heard: ((by if count(heard) % every == 0 else 0, heard),)


def frozen(after: int = 0) -> Change:
    """After so many frames of a message every one carries what the last of them did: the gateway repeats itself."""
    count = _counter()
    first: dict[Key, Frame] = {}

    def change(heard: Heard) -> Sequence[tuple[Ns, Heard]]:
        frame = _frame(heard)
        if count(heard) > after:
            return ((0, heard._replace(frame=first.setdefault(frame.key, frame))),)
        return ((0, heard),)

    return change


def flipped(byte: int, mask: int, every: int = 1) -> Change:
    """Bits of a byte are inverted in each ``every``-th frame of a message that has this byte."""
    count = _counter()

    def change(heard: Heard) -> Sequence[tuple[Ns, Heard]]:
        frame = _frame(heard)
        if count(heard) % every or byte >= len(frame.data):
            return ((0, heard),)
        data = bytearray(frame.data)
        data[byte] ^= mask
        return ((0, heard._replace(frame=frame._replace(data=bytes(data)))),)

    return change


def repeated(every: int = 1, after: Ns = 0) -> Change:
    """Each ``every``-th frame of a message comes again, ``after`` ns later."""
    count = _counter()
    return lambda heard: ((0, heard),) if count(heard) % every else ((0, heard), (after, heard))


def swapped(every: int = 2) -> Change:
    """Each ``every``-th frame of a message comes behind the one that follows it."""
    count = _counter()
    waiting: dict[Key, Heard] = {}

    def change(heard: Heard) -> Sequence[tuple[Ns, Heard]]:
        key = _frame(heard).key
        if count(heard) % every == 0:
            waiting[key] = heard
            return ()
        held = waiting.pop(key, None)
        return ((0, heard),) if held is None else ((0, heard), (0, shifted(held, heard.t - held.t)))

    return change


def with_errors(every: int) -> Change:
    """Beside each ``every``-th frame of a message an error frame is heard."""
    count = _counter()
    return lambda heard: (
        ((0, heard),) if count(heard) % every else ((0, heard), (0, heard._replace(kind="error", detail="destroyed")))
    )


def _counter() -> Callable[[Heard], int]:
    """Counts the frames of each message, from 1."""
    counts: dict[Key, int] = {}

    def count(heard: Heard) -> int:
        key = _frame(heard).key
        counts[key] = counts.get(key, 0) + 1
        return counts[key]

    return count


def _frame(heard: Heard) -> Frame:
    if heard.frame is None:
        raise ValueError("only data frames are changed")
    return heard.frame
