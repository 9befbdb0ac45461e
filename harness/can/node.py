"""One node of a memory bus: the port that scenarios, the rest-bus and the simulated unit send and listen on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from harness.can.port import Frame, Heard, Listener
from harness.foundation.clock import Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns

if TYPE_CHECKING:
    from harness.can.memory import MemoryBus

WARNING, PASSIVE, OFF = 96, 128, 256
RECOVERY_BITS = 128 * 11
KEPT_FAULTS = 1_000


class MemoryCan:
    """A CanPort on a MemoryBus, with the error counters and states of a CAN controller (ISO 11898-1, 12.1.4).

    ``raised`` are (t, text) of listeners that raised, the first thousand of ``fault_count``; ``unsent`` counts frames
    that never reached the bus because the node was off or silenced.
    """

    uncertainty = EXACT

    def __init__(self, bus: MemoryBus, name: str) -> None:
        self.bus = bus
        self.name = name
        self.listeners: tuple[Listener, ...] = ()
        self.raised: list[tuple[Ns, str]] = []
        self.fault_count = 0
        self.unsent = 0
        self.transmit_errors = 0
        self.receive_errors = 0
        self.state = "active"
        self._tasks: list[MemoryCyclic] = []
        self._recovering: Handle | None = None
        self._closed = False

    def send(self, frame: Frame) -> None:
        """Queue ``frame``. RigFault when the node is bus-off, HarnessError when the bus cannot carry such a frame."""
        if self.state == "off":
            self.unsent += 1
            raise RigFault(f"{self.bus.name or 'can'}/{self.name} is bus-off and cannot send 0x{frame.id:X}")
        if self._closed:
            raise HarnessError(f"{self.bus.name or 'can'}/{self.name} is closed")
        self.bus.queue(self, frame)

    def cyclic(self, frames: Sequence[Frame], period: Ns, first: Ns | None = None) -> MemoryCyclic:
        """Send ``frames`` in turn, one each ``period`` ns, the first at ``first`` (default: now)."""
        task = MemoryCyclic(self, frames, period, self.bus.clock.now() if first is None else first)
        self._tasks.append(task)
        return task

    def stop(self) -> None:
        for task in self._tasks:
            task.stop()
        self._tasks.clear()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each Heard from now on; the returned function ends that and may be called twice."""
        self.listeners = (*self.listeners, listener)
        open_ = [listener]  # emptied by the first end(), so that a second one cannot take away a twin

        def end() -> None:
            if open_:
                rest = list(self.listeners)
                if open_[0] in rest:
                    rest.remove(open_.pop())
                self.listeners = tuple(rest)

        return end

    def seen_to(self) -> Ns:
        return self.bus.clock.settled()

    def close(self) -> None:
        """Leave the bus. Idempotent."""
        if not self._closed:
            self._closed = True
            self.stop()
            self.listeners = ()
            self.bus.detach(self)

    # -- the controller ---------------------------------------------------------------------------------------

    def recover(self) -> None:
        """Ask to come back from bus-off: active again after 128 * 11 bits. Nothing happens when not off."""
        if self.state == "off" and self._recovering is None:
            when = self.bus.clock.now() + self.bus.timing.bits(RECOVERY_BITS)
            name = f"can {self.bus.name} {self.name} recovery"
            self._recovering = self.bus.clock.at(when, self._recovered, name=name)

    def _recovered(self) -> None:
        self._recovering = None
        self.transmit_errors = self.receive_errors = 0
        self._set_state("active")

    def count_errors(self, transmit: int = 0, receive: int = 0) -> None:
        """Move the error counters; the state follows and is heard by this node's listeners."""
        self.transmit_errors = max(0, self.transmit_errors + transmit)
        self.receive_errors = max(0, min(self.receive_errors + receive, PASSIVE + 7))
        worst = max(self.transmit_errors, self.receive_errors)
        if self.transmit_errors >= OFF:
            state = "off"
        else:
            state = "passive" if worst >= PASSIVE else "warning" if worst >= WARNING else "active"
        if state != self.state:
            self._set_state(state)

    def _set_state(self, state: str) -> None:
        self.state = state
        if state == "off":
            self.unsent += self.bus.drop(self)
        t = self.bus.clock.now()
        self.deliver(Heard(t, t, t, "state", None, False, state))

    def deliver(self, heard: Heard) -> None:
        """Give ``heard`` to every listener; one that raises is recorded and the others still hear."""
        for listener in self.listeners:
            try:
                listener(heard)
            except Exception as why:  # noqa: BLE001 - reception goes on whatever a listener does
                self.fault(heard.t, listener, why)

    def fault(self, t: Ns, listener: Listener, why: Exception) -> None:
        self.fault_count += 1
        if len(self.raised) < KEPT_FAULTS:
            who = getattr(listener, "__qualname__", type(listener).__name__)
            self.raised.append((t, f"{who}: {type(why).__name__}: {why}"))


class MemoryCyclic:
    """Frames repeated on the clock. Each instant is a multiple of the period after the first: no drift."""

    def __init__(self, node: MemoryCan, frames: Sequence[Frame], period: Ns, first: Ns) -> None:
        if not frames or period <= 0:
            raise HarnessError(f"cyclic sending needs frames and a period above 0, not {len(frames)} and {period} ns")
        self._node = node
        self._frames = tuple(frames)
        self._period = period
        self._position = 0
        self._due = first
        self.sent = 0
        self._name = f"can {node.bus.name} cyclic 0x{frames[0].id:X}"
        self._handle: Handle | None = node.bus.clock.at(first, self._fire, name=self._name)

    def _fire(self) -> None:
        frame = self._frames[self._position]
        self._position = (self._position + 1) % len(self._frames)
        self._due += self._period
        self._handle = self._node.bus.clock.at(self._due, self._fire, name=self._name)
        if self._node.state != "off":
            self._node.send(frame)
            self.sent += 1
        else:
            self._node.unsent += 1

    def replace(self, frames: Sequence[Frame]) -> None:
        if not frames:
            raise HarnessError("a cyclic task needs at least one frame; stop() ends it")
        self._frames = tuple(frames)
        self._position %= len(self._frames)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
