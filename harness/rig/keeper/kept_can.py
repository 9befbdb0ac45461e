"""A CAN channel that the keeper holds: the same port, the frames on another process's time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.can.port import CyclicTask, Frame, Heard, Listener
from harness.foundation.errors import HarnessError
from harness.foundation.uncertainty import Share
from harness.foundation.units import Ns, S
from harness.rig.keeper.link import Link

KEPT_FAULTS = 1_000


class KeptCan:
    """A CanPort. ``recorded`` says that the keeper writes the trace of this bus to disk."""

    stall: Ns = 1 * S
    uncertainty: tuple[Share, ...] = ()
    """As the keeper's port declares it."""

    def __init__(self, link: Link, name: str, *, recorded: bool, look_soon: Callable[[], None] = lambda: None) -> None:
        """``look_soon`` tells who delivers that an answer is expected."""
        self.name = f"can {name}"
        self.recorded = recorded
        self.look_soon = look_soon
        self.raised: list[tuple[Ns, str]] = []
        self._target = f"can/{name}"
        self._link = link
        self._listeners: tuple[Listener, ...] = ()
        self._seen: Ns = -1
        self._closed = False

    def send(self, frame: Frame) -> None:
        self._open()
        self.look_soon()
        self._link.call(self._target, "send", frame)

    def cyclic(self, frames: Sequence[Frame], period: Ns, first: Ns | None = None) -> CyclicTask:
        self._open()
        return KeptTask(self._link, self._link.call(self._target, "cyclic", tuple(frames), period, first))

    def stop(self) -> None:
        self._link.call(self._target, "stop")

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners = (*self._listeners, listener)
        open_ = [listener]

        def end() -> None:
            if open_:
                rest = list(self._listeners)
                if open_[0] in rest:
                    rest.remove(open_.pop())
                self._listeners = tuple(rest)

        return end

    def seen_to(self) -> Ns:
        return self._seen

    def close(self) -> None:
        self._closed = True
        self._listeners = ()

    def take(self, news: tuple[Ns, list[tuple[Any, ...]]]) -> None:
        """A batch of the keeper's stream: (watermark, what was heard up to it)."""
        seen, batch = news
        for t, early, late, kind, frame, own, detail in batch:
            heard = Heard(t, early, late, kind, frame if frame is None else Frame(*frame), own, detail)
            for listener in self._listeners:
                try:
                    listener(heard)
                except Exception as why:  # noqa: BLE001 - reception goes on whatever a listener does
                    self._fault(t, listener, why)
        self._seen = max(self._seen, seen)

    def _open(self) -> None:
        if self._closed:
            raise HarnessError(f"{self.name} is closed")

    def _fault(self, t: Ns, listener: Listener, why: Exception) -> None:
        if len(self.raised) < KEPT_FAULTS:
            who = getattr(listener, "__qualname__", type(listener).__name__)
            self.raised.append((t, f"{who}: {type(why).__name__}: {why}"))


class KeptTask:
    """A CyclicTask in the keeper, or behind it in the kernel."""

    def __init__(self, link: Link, target: str) -> None:
        self._link = link
        self._target = target

    @property
    def sent(self) -> int:
        return int(self._link.call(self._target, "sent"))

    def replace(self, frames: Sequence[Frame]) -> None:
        self._link.call(self._target, "replace", tuple(frames))

    def stop(self) -> None:
        self._link.call(self._target, "stop")
