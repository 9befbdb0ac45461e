"""A CAN channel through python-can: any interface it knows, on the wall clock.

Theory. A thread takes frames from the interface and queues them (``reader``), unless the kernel queues and stamps them
already (``poller``); everything else happens in the caller's thread while its clock runs: a callback that puts itself
on the clock again every ``POLL`` empties the queue, gives each frame its instant (``clock_map``), finds our own among
them (``echoes``) and tells the listeners. The watermark is the instant at which nothing more was found to take, less
the latency of the interface; when the thread is dead, hangs, or the interface only fails, it stands still, and
``stall`` says after how long that is the rig's fault. Where stamps are the host's, its two clocks are compared.

On SocketCAN cyclic frames are the kernel's (``bcm``); elsewhere they go out from the clock (``clock_cyclic``). Where an
interface does not give own frames back, the driver does so itself, with bounds as wide as a frame may wait for the bus.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Mapping, Sequence
from socket import socket
from typing import Any

from harness.can.bcm import BcmCyclic
from harness.can.bus_settings import ON_HOST_CLOCK, QUEUED_BY_KERNEL, Channel, check
from harness.can.clock_cyclic import ClockCyclic
from harness.can.clock_map import ClockMap
from harness.can.echoes import MARKED, MARKS, Echoes
from harness.can.opening import link_is_up, open_bus
from harness.can.poller import Poller
from harness.can.port import CyclicTask, Frame, Heard, Listener
from harness.can.reader import Arrived, Reader
from harness.can.received import read_message
from harness.can.socketcan_frames import RawMessage, receiver
from harness.can.timing import FD_LENGTHS
from harness.foundation.clock import Clock, Handle, host_time
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import CLOCK, Share
from harness.foundation.units import MS, Ns, S

POLL: Ns = 5 * MS
"""All buses of a process are looked at together, on multiples of this."""
SOON: Ns = 500_000
EAGER: Ns = 50 * MS
"""After a frame was sent an answer may come: for so long it is looked for every ``SOON``."""
COMPARE: Ns = 100 * MS
"""How often the host's two clocks are compared; they are steered apart by less than 0.1 us in that time."""
SEND_TRIES = 50
SEND_PAUSE_S = 0.002
"""A full buffer is tried again so often, so far apart: 100 ms hold 200 full frames at 500 kbit/s."""
ECHO_SPREAD: Ns = 100 * MS
"""How long after being asked for a frame may still wait for the bus, where no echo tells."""
KEPT_FAULTS = 1_000
HOW_COMPARED = {
    "host": f"measured: the host's two clocks, compared every {COMPARE // MS} ms",
    "device": "measured: the interface's clock, against when its frames were asked for and arrived",
    "arrival": "declared by the driver: no stamp but the arrival, and what the interface may keep a frame for",
}
_TIMEOUTS = {"socketcan": SEND_PAUSE_S, "neovi": 0}
"""None elsewhere: with a time some interfaces wait for the bus and report a frame they have queued as failed, and a
second try would send it twice."""
_FULL = (errno.ENOBUFS, errno.EAGAIN)
_STATES = {"ACTIVE": "active", "PASSIVE": "passive", "ERROR": "off"}


class PythonCan:
    """A CanPort. ``faults`` are (t, text) of failures to receive, the first of ``fault_count``, ``raised`` those
    of listeners; ``clock_source`` is "host", "device" or "arrival": what the stamps come from."""

    stall: Ns = 1 * S
    """Behind the clock by more than this, the channel is deaf and the rig at fault."""

    def __init__(self, clock: Clock, channel: Channel, bus: Any = None) -> None:
        """``bus`` is an open python-can bus for ``channel``; None opens it. RigFault when that fails."""
        if clock.kind != "wall":
            raise HarnessError(f"{channel.name}: a real bus needs a wall clock, not a {clock.kind} one")
        self.channel = channel
        self.name = f"can {channel.name}"
        self.bus = open_bus(channel) if bus is None else bus
        self.listeners: tuple[Listener, ...] = ()
        self.faults: list[tuple[Ns, str]] = []
        self.raised: list[tuple[Ns, str]] = []
        self.fault_count = 0
        self.state = "active"
        self.clock_source = "host" if channel.interface in ON_HOST_CLOCK else "device"
        self.clock_map = ClockMap(channel.latency)
        self.reader: Reader | Poller = (
            Poller(clock, self._receive(), self._bus_state())
            if channel.interface in QUEUED_BY_KERNEL
            else Reader(clock, self.bus.recv, channel.name, self._bus_state())
        )
        self._kernel_stamps = channel.interface in QUEUED_BY_KERNEL
        self._compared: Ns = -COMPARE
        self._eager_until: Ns = -1
        self._clock = clock
        self._kernel_tasks: list[BcmCyclic] = []
        self._senders_of: dict[tuple[int, bool], list[BcmCyclic]] = {}
        self._tasks: list[ClockCyclic] = []
        self._numbers = 0
        self._echoes = Echoes(MARKS.get(channel.interface, MARKED), self._senders)
        self._socketcan = channel.interface == "socketcan"
        self.keeps_beat = self._socketcan
        self._own: list[tuple[Frame, Ns, Ns]] = []  # to be given back by us: frame, before and after handing it over
        self._seen: Ns = -1
        self._last: Ns = -1
        self._lost_told = 0
        self._closed = False
        self._pause = threading.Event()
        self._poll: Handle = clock.at(clock.now(), self._deliver, name=f"{self.name} delivery")

    @property
    def uncertainty(self) -> tuple[Share, ...]:
        """What the bounds of a frame's stamp consist of: how its clock was compared with the bench's."""
        return (Share(CLOCK, None, HOW_COMPARED[self.clock_source]),)

    @property
    def unechoed(self) -> int:
        """Own frames whose echo never came: lost on the way, or not taken by the bus."""
        return self._echoes.missed

    # -- sending ----------------------------------------------------------------------------------------------

    def send(self, frame: Frame) -> None:
        """Hand ``frame`` to the interface. RigFault, with what to do, when it does not take it within 100 ms;
        HarnessError for a frame that the channel cannot carry."""
        if self._closed:
            raise HarnessError(f"{self.name} is closed")
        message = self._message(frame)
        asked = self._clock.now()
        if self.channel.echoes:
            self._echoes.sent(frame, asked)
        try:
            self._hand_over(message, frame)
        except RigFault:
            if self.channel.echoes:
                self._echoes.withdraw(frame)
            raise
        if not self.channel.echoes:
            self._own.append((frame, asked, self._clock.now()))

    def look_soon(self) -> None:
        """An answer is expected: look for it more often for a while."""
        now = self._clock.now()
        if now >= self._eager_until:
            self._poll.cancel()
            self._poll = self._clock.at(now + SOON, self._deliver, name=f"{self.name} delivery")
        self._eager_until = now + EAGER

    def _message(self, frame: Frame) -> Any:
        from can import Message

        identifier, data, extended, fd, brs = frame
        fits = len(data) <= 8 or (fd and len(data) in FD_LENGTHS)
        if not fits or identifier < 0 or identifier >> (29 if extended else 11) or (fd and not self.channel.fd):
            why = "the channel is classic" if fd and not self.channel.fd else "id or length is out of range"
            raise HarnessError(f"{self.name}: {'FD' if fd else 'classic'} frame 0x{identifier:X} with {len(data)} "
                               f"bytes: {why}")  # fmt: skip
        return Message(arbitration_id=identifier, data=data, is_extended_id=extended, is_fd=fd, bitrate_switch=brs)

    def _hand_over(self, message: Any, frame: Frame) -> None:
        from can import CanError

        timeout = _TIMEOUTS.get(self.channel.interface)
        for left in reversed(range(SEND_TRIES)):
            try:
                self.bus.send(message, timeout=timeout)
                return
            except (CanError, OSError, ValueError) as why:
                code = getattr(why, "error_code", getattr(why, "errno", None))
                full = code in _FULL or any(word in str(why).lower() for word in ("full", "overflow"))
                if not full or not left:
                    raise RigFault(f"{self.name} cannot send 0x{frame.id:X}: {why}; {self._remedy(full)}") from why
            self._pause.wait(SEND_PAUSE_S)

    def _remedy(self, full: bool) -> str:
        if full:
            return ("nothing leaves the buffer: nobody acknowledges (is the unit on, the bit rate right, the bus "
                    "terminated with 60 ohm?) or the controller is bus-off")  # fmt: skip
        if self._socketcan:
            return f"look at it with: ip -details -statistics link show {self.channel.channel}"
        return "look whether the interface is still plugged in"

    def cyclic(self, frames: Sequence[Frame], period: Ns, first: Ns | None = None) -> CyclicTask:
        """Send ``frames`` in turn, one each ``period`` ns, the first at ``first`` (default: now): from the kernel on
        SocketCAN where it can keep them, otherwise from our clock."""
        if self._closed:
            raise HarnessError(f"{self.name} is closed")
        for frame in frames:
            self._message(frame)
        when = self._clock.now() if first is None else first
        if self._socketcan and frames and period >= 1000 and BcmCyclic.fits(frames):
            self._numbers += 1
            self._kernel_tasks = [task for task in self._kernel_tasks if not task.over()]
            kernel = BcmCyclic(self._clock, str(self.channel.channel), self._numbers, frames, period, when)
            self._kernel_tasks.append(kernel)
            self._senders_of.clear()
            kernel.on_new_key = self._senders_of.clear
            return kernel
        task = ClockCyclic(self._clock, self.send, frames, period, when, self.name)
        self._tasks.append(task)
        return task

    def _senders(self, frame: Frame) -> list[BcmCyclic]:
        key = frame.key
        found = self._senders_of.get(key)
        if found is None:
            found = self._senders_of[key] = [task for task in self._kernel_tasks if key in task.keys]
        return found

    def stop(self) -> None:
        for kernel in self._kernel_tasks:  # they stay for a while, to own the echoes that are still to come
            kernel.stop()
        for task in self._tasks:
            task.stop()
        self._tasks.clear()

    # -- hearing ----------------------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each Heard from now on; the returned function ends that and may be called twice."""
        self.listeners = (*self.listeners, listener)
        open_ = [listener]

        def end() -> None:
            if open_:
                rest = list(self.listeners)
                if open_[0] in rest:
                    rest.remove(open_.pop())
                self.listeners = tuple(rest)

        return end

    def seen_to(self) -> Ns:
        """All up to here has been delivered. Moves while the clock runs, and only while reception is sound."""
        return self._seen

    def _receive(self) -> Callable[[float], Any]:
        """How to take a frame from the kernel's queue."""
        real_socket = self.channel.interface == "socketcan" and isinstance(getattr(self.bus, "socket", None), socket)
        return receiver(self.bus) if real_socket else self.bus.recv

    def _bus_state(self) -> Callable[[], str] | None:
        """How to ask the interface for its state, where it can tell."""
        from can import BusABC

        if self.channel.interface == "socketcan":
            name = str(self.channel.channel)
            return lambda: link_is_up(name)
        if type(self.bus).state is BusABC.state:
            return None
        try:
            _ = self.bus.state
        except Exception as why:  # noqa: BLE001 - an interface that cannot tell is none the worse for it
            self._fault(self._clock.now(), f"bus state: {type(why).__name__}: {why}")
            return None
        return lambda: _STATES.get(getattr(self.bus.state, "name", ""), "active")

    def _deliver(self) -> None:
        now = self._clock.now()
        step = SOON if now < self._eager_until else POLL
        self._poll = self._clock.at((now // step + 1) * step, self._deliver, name=f"{self.name} delivery")
        reader = self.reader
        if isinstance(reader, Poller):
            if now - self._compared >= COMPARE:
                self._compare(now)
            reader.look()
        empty_at = reader.empty_at  # before the queue: what came up to then is in it
        for _ in range(len(reader.queue)):
            self._hear(reader.queue.popleft())
        own, self._own = self._own, []
        for frame, asked, after in own:
            self._tell(Stamp(after, asked, after + ECHO_SPREAD), "data", frame, True, "given back by the driver")
        if reader.lost != self._lost_told:
            self._lost_told, lost = reader.lost, reader.lost - self._lost_told
            now = self._clock.now()
            self._tell(Stamp.exact(now), "bad", None, False, f"{lost} frames found no room and are lost")
        self._seen = max(self._seen, empty_at - self.channel.latency)
        self._echoes.expire(self._seen)

    def _compare(self, now: Ns) -> None:
        """Where the stamps' clock stands against ours: read between two looks at ours."""
        self._compared = now
        before, device, after = self._clock.now(), host_time(), self._clock.now()
        self.clock_map.arrived(device, after)
        self.clock_map.happened_after(device, before, after)

    def _hear(self, entry: Arrived) -> None:
        at, message, failure, state = entry
        if failure:
            self._fault(at, f"reception: {failure}")
            self._tell(Stamp.exact(at), "bad", None, False, failure)
            return
        if state:
            self._set_state(Stamp(at, at - 100 * MS, at), state)
            return
        try:
            kind, frame, detail = read_message(message, self._socketcan)
            own, asked = self._echoes.take(frame, message.is_rx) if kind == "data" and frame else (False, None)
            stamp = self._stamp(message, at, asked)
        except Exception as why:  # noqa: BLE001 - a vendor's message may hold anything
            self._fault(at, f"reception: {type(why).__name__}: {why}")
            self._tell(Stamp.exact(at), "bad", None, False, f"{type(why).__name__}: {why}")
            return
        if kind == "state":
            self._set_state(stamp, detail)
        else:
            self._tell(stamp, kind, frame, own, detail)
        self._seen = max(self._seen, stamp.early - 1)

    def _stamp(self, message: Any, at: Ns, asked: Ns | None) -> Stamp:
        device = message.stamp if isinstance(message, RawMessage) else int((message.timestamp or 0) * S)
        if not device:
            self.clock_source = "arrival"
            return self.clock_map.unstamped(at)
        if self._kernel_stamps:
            return self.clock_map.stamp(device, at)
        self.clock_map.arrived(device, at)
        if asked is not None:
            self.clock_map.happened_after(device, asked, at)
        return self.clock_map.stamp(device, at)

    def _set_state(self, stamp: Stamp, state: str) -> None:
        self.state = state
        self._tell(stamp, "state", None, False, state)

    def _tell(self, stamp: Stamp, kind: str, frame: Frame | None, own: bool, detail: str = "") -> None:
        """Give it to every listener. Estimates of one bus do not go backwards, whatever was learnt in between."""
        t = self._last = max(self._last, stamp.t)
        heard = Heard(t, stamp.early, max(stamp.late, t), kind, frame, own, detail)
        for listener in self.listeners:
            try:
                listener(heard)
            except Exception as why:  # noqa: BLE001 - reception goes on whatever a listener does
                if len(self.raised) < KEPT_FAULTS:
                    who = getattr(listener, "__qualname__", type(listener).__name__)
                    self.raised.append((t, f"{who}: {type(why).__name__}: {why}"))

    def _fault(self, t: Ns, text: str) -> None:
        self.fault_count += 1
        if len(self.faults) < KEPT_FAULTS:
            self.faults.append((t, text))

    def close(self) -> None:
        """Stop every task, end the thread, free the interface. Idempotent. RigFault when the thread hangs."""
        if self._closed:
            return
        self._closed = True
        self.stop()
        self._poll.cancel()
        self.listeners = ()
        ended = self.reader.stop()
        self.bus.shutdown()
        if not ended:
            raise RigFault(f"{self.name}: the interface's library does not come back from receiving")


def open_python_can(
    clock: Clock, name: str, settings: Mapping[str, object],
    bitrate: int | None = None, data_bitrate: int | None = None,
) -> PythonCan:  # fmt: skip
    """The channel that ``settings`` describe; ``bitrate`` and ``data_bitrate`` are the car's, where the settings say
    nothing. BadInput for wrong settings, RigFault when it cannot be opened."""
    asked: dict[str, object] = {"bitrate": bitrate, "data_bitrate": data_bitrate}
    return PythonCan(clock, check(f"can/{name}", {**asked, **settings}))
