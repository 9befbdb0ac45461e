"""The log of an Android unit as a console: ``logcat`` over adb, every byte with its time.

Theory. A thread reads the stream, stamps and enqueues; listeners are called from the clock. A line that begins as
``logcat -v threadtime -v epoch -v usec`` prints it carries the device's own time: its stamp is that time on the bench's
line, by exchanges with the device's clock that another thread makes (device_clock.py). Whatever a device says, a line
came after the stream was last found empty, less ``latency``, and before it was read; ``latency`` is what logd and adb
may take to bring a line here, and the watermark stays behind by as much. Bytes without a time have just these bounds,
and so has a line whose own time disagrees with them: then the clock was set, and is asked anew at once.

A stream that hangs looks like one on which nothing is said. So the watermark follows the exchanges, too: what the
device has not answered since, it may have said. When the device goes, the watermark stays. The thread asks again
until it is back, from the time of the last line on (resume.py). If the log goes on in one piece, nothing was lost,
and what was said meanwhile comes with its true times. If not (the ring was overwritten, the unit started anew), lines
are missing: the gap says so. Then the watermark stays for good, since nobody can tell what was not heard, unless the
rig accepts gaps.

Nothing is typed into a log: ``write`` is not offered.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from harness.console.device_clock import DeviceClock
from harness.console.port import Bytes
from harness.console.resume import Resume, device_time
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time

Listener = Callable[[Bytes], None]

COMMAND = "logcat -v threadtime -v epoch -v usec"
DELIVER_EVERY: Ns = 5 * MS
RETRY_S = 0.2
PROOF: Ns = 2 * S
"""The log's old lines come at once; so long they are waited for."""
JOIN_S = 12.0


class Stream(Protocol):
    def read(self) -> bytes: ...

    def close(self) -> None: ...


class Device(Protocol):
    """What this needs of an adb device."""

    serial: str

    def shell(self, command: str) -> str: ...

    def stream(self, command: str) -> Stream: ...


class Gap(NamedTuple):
    """The stream was broken from ``start`` to ``stop`` on the bench line; ``lost`` when lines may be missing."""

    start: Ns
    stop: Ns
    lost: bool
    why: str


class _Hearing(NamedTuple):
    listener: Listener
    since: Ns


class LogcatConsole:
    """A ``ConsolePort``. ``buffers`` as ``logcat -b`` names them. RigFault when the device gives no log or no time."""

    def __init__(
        self,
        clock: Clock,
        device: Device,
        *,
        buffers: Sequence[str] = ("main", "system", "crash"),
        latency: Ns = 100 * MS,
        ask_every: Ns = 1 * S,
        accept_gaps: bool = False,
        stall: Ns = 3 * S,
    ) -> None:
        self.stall = stall
        self.fault: RigFault | None = None
        """Why the stream is broken now, or that lines are missing; or None."""
        self.gaps: list[Gap] = []
        self.device_clock = DeviceClock()
        self._clock = clock
        self._device = device
        self._command = COMMAND + "".join(f" -b {name}" for name in buffers)
        self._queue: deque[Bytes] = deque()
        self._log: list[Bytes] = []
        self._listeners: dict[int, _Hearing] = {}
        self._next = 0
        self._latency = latency
        self._ask_every = ask_every
        self._accept_gaps = accept_gaps
        self._closed = threading.Event()
        self._wake = threading.Event()
        self._last: Ns = -1
        self._rest = b""
        self._dead = False
        self._broke: tuple[Ns, Ns] | None = None
        """While it is not known yet what a gap has cost: when it began, and when the log was back."""
        self._alive: Ns = -1
        """When the device was last asked for its time and then gave it: silence since then proves nothing."""
        self._resume = Resume(self._ask_clock())
        self._stream = device.stream(self._since())
        self._read_to: Ns = clock.now()
        self._delivered_to: Ns = self._read_to - latency
        self._threads = [
            threading.Thread(target=work, name=f"{name} of {device.serial}", daemon=True)
            for name, work in (("log", self._read), ("clock", self._keep_time))
        ]
        for thread in self._threads:
            thread.start()
        self._handle: Handle = clock.at(clock.now() + DELIVER_EVERY, self._tick, name=f"console {device.serial}")

    def write(self, data: bytes) -> None:
        """NotOffered: a log takes no input."""
        raise NotOffered(
            "logcat is read only: nothing can be typed into it. A rig whose scenarios type needs 'console: serial'."
        )

    def listen(self, listener: Listener) -> Callable[[], None]:
        """As ``ConsolePort.listen``. HarnessError once closed, RigFault when lines were lost."""
        if self._closed.is_set():
            raise HarnessError(f"listen: the log of {self._device.serial} is closed")
        if self._dead and self.fault is not None:
            raise self.fault
        key, self._next = self._next, self._next + 1
        self._listeners[key] = _Hearing(listener, self._clock.now())

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def log(self) -> Sequence[Bytes]:
        """Every chunk delivered so far, oldest first."""
        return tuple(self._log)

    def seen_to(self) -> Ns:
        return self._delivered_to

    def close(self) -> None:
        """Deliver what was read, end. Twice is harmless."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._wake.set()
        self._handle.cancel()
        for thread in self._threads:
            thread.join(JOIN_S)
        self._stream.close()
        self._deliver()
        self._listeners.clear()

    def _tick(self) -> None:
        self._deliver()
        if not self._closed.is_set():
            again = self._clock.now() + DELIVER_EVERY
            self._handle = self._clock.at(again, self._tick, name=f"console {self._device.serial}")

    def _deliver(self) -> None:
        # The watermark first: whatever was read before it is in the queue by now.
        read_to = min(self._read_to, self._alive)
        while self._queue:
            chunk = self._queue.popleft()
            self._log.append(chunk)
            for key, hearing in tuple(self._listeners.items()):
                if key in self._listeners and chunk.stamp.late >= hearing.since:
                    hearing.listener(chunk)
        self._delivered_to = max(self._delivered_to, read_to - self._latency)

    def _ask_clock(self) -> Ns:
        """Exchange time with the device; its time, ns."""
        asked = self._clock.now()
        said = self._device.shell("date +%s.%N").strip()
        answered = self._clock.now()
        whole, _, part = said.partition(".")
        if not (whole.isdigit() and part.isdigit()):
            raise RigFault(f"Android {self._device.serial} says its time as {said!r}; 'date +%s.%N' should give digits")
        device = int(whole) * S + int(part[:9].ljust(9, "0"))
        self.device_clock.exchange(asked, device, answered, 10 ** max(9 - len(part), 0))
        self._alive = asked
        return device

    def _keep_time(self) -> None:
        hung: RigFault | None = None
        while not self._closed.is_set():
            self._wake.wait(self._ask_every / S)
            self._wake.clear()
            try:
                self._ask_clock()
            except Exception as why:  # noqa: BLE001 - whatever keeps the device from answering must be known
                if self.fault is None:
                    self.fault = hung = _as_fault(why, self._device.serial)
                continue
            if self.fault is hung:
                self.fault = None

    def _since(self) -> str:
        when = self._resume.when
        return f"{self._command} -T {when // S}.{when % S:09}"

    def _read(self) -> None:
        empty = self._read_to
        stopping = False
        while not stopping:
            stopping = self._closed.is_set()
            try:
                data = self._stream.read()
            except Exception as why:  # noqa: BLE001 - whatever ends the stream must be known, never silent
                self._take(b"", empty, self._clock.now(), idle=True)
                if not self._back(empty, why):
                    return
                continue
            late = self._clock.now()
            self._take(data, empty, late, idle=not data)
            if not data or (self._broke is not None and late - self._broke[1] > PROOF):
                self._judge_gap(late)  # what was said meanwhile comes in one go: not before the end of that
            if not self._dead and self._broke is None:
                self._read_to = empty = late

    def _take(self, data: bytes, empty: Ns, late: Ns, *, idle: bool) -> None:
        """Cut ``data`` into lines, stamp and enqueue them; an unfinished line waits for its end, unless nothing more
        comes just now."""
        data = self._rest + data
        end = len(data) if idle else data.rfind(b"\n") + 1
        self._rest = data[end:]
        start = 0
        while start < end:
            stop = data.find(b"\n", start, end) + 1 or end
            line, start = data[start:stop], stop
            fresh = self._resume.fresh(line)
            if fresh:
                self._queue.append(Bytes(self._stamp(line, empty, late), fresh))
                if fresh == line:
                    self._resume.took(line)

    def _stamp(self, line: bytes, empty: Ns, late: Ns) -> Stamp:
        stamp = Stamp(late, min(empty, self._alive, late) - self._latency, late)
        device, resolution = device_time(line)
        own = self.device_clock.stamp(device, resolution, late) if device else None
        if own is not None:
            first, last = max(own.early, stamp.early), min(own.late, late)
            if first <= last:
                stamp = Stamp(min(max(own.t, first), last), first, last)
            else:
                self._wake.set()
        # Buffers are merged by the device nearly, not wholly, in order: a line is never stamped before the last one.
        self._last = max(stamp.t, self._last)
        return Stamp(self._last, stamp.early, max(stamp.late, self._last))

    def _back(self, since: Ns, why: BaseException) -> bool:
        """Ask for the log again until it is there; False when the console was closed meanwhile."""
        self._stream.close()
        self._rest = b""
        self._broken(why)
        began = self._broke[0] if self._broke is not None else since
        while not self._closed.wait(RETRY_S):
            try:
                device = self._ask_clock()
                up = round(float(self._device.shell("cat /proc/uptime").split()[0]) * S)
                if up < self._clock.now() - began:
                    self._resume.anew(device - up)
                    self._stream = self._device.stream(self._command)
                else:
                    self._resume.again()
                    self._stream = self._device.stream(self._since())
            except Exception as still:  # noqa: BLE001 - still gone; the newest reason counts
                self._broken(still)
                continue
            self._broke = (began, self._clock.now())
            return True
        return False

    def _broken(self, why: BaseException) -> None:
        if not self._dead:
            self.fault = _as_fault(why, self._device.serial)

    def _judge_gap(self, now: Ns) -> None:
        """Once it is known what a gap has cost, keep it."""
        if self._broke is None:
            return
        began, back = self._broke
        if self._resume.pending:
            if now - back < PROOF:
                return
            self._resume.given_up()
        self.gaps.append(Gap(began, back, self._resume.lost, str(self.fault)))
        self._broke = None
        if self._resume.lost and not self._accept_gaps:
            self._dead = True
            self.fault = RigFault(
                f"the log of {self._device.serial} was broken off from {show_time(began)} to {show_time(back)}, and "
                f"lines of that time are missing ({self.fault}). Make the log's ring larger ('adb logcat -G 16M'), "
                f"or accept gaps in the rig file ('gaps: accepted') if what the unit logs meanwhile need not be judged."
            )
        elif not self._dead:
            self.fault = None


def _as_fault(why: BaseException, serial: str) -> RigFault:
    return why if isinstance(why, RigFault) else RigFault(f"the log of {serial} broke off: {why!r}")
