"""A serial console over pyserial: a device, a pty, ``socket://``, ``rfc2217://``, ``loop://``.

Theory. A thread reads, stamps and enqueues, and does nothing else; listeners are called from the clock, in the
caller's thread. What the thread knows of a chunk's first byte: it was not there when the line was last found empty
(``early``, minus what the USB adapter may hold back), and it was there when the read came back (``late``). The best
guess in between comes from the baud rate: so many bytes took so long on the wire.

The thread notes each instant at which it found the line empty; that is the watermark, once everything read before it
has been delivered. A thread that died leaves the watermark where it was, so judging comes to BLOCKED by itself, and
every use of the port raises the fault with its remedy. What was read before that is still delivered.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.console.port import Bytes
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    from serial import SerialBase

Listener = Callable[[Bytes], None]

BITS_PER_BYTE = 10
"""8N1: a start bit, eight of data, a stop bit."""
DELIVER_EVERY: Ns = 5 * MS
"""So often read bytes are handed to the listeners while time passes."""
LOOK_EVERY: Ns = 5 * MS
"""So long one look at a silent line takes at most; the width of a stamp, and the lag of the watermark."""
JOIN_S = 2.0
MOST = 1 << 16
"""So many bytes one look takes at most from a line that cannot say how much it holds."""


class _Hearing(NamedTuple):
    listener: Listener
    since: Ns


def usb_latency(url: str, sysfs: Path = Path("/sys/class/tty")) -> Ns:
    """How long a USB adapter may hold bytes back, in ns: what Linux says of it, 16 ms (FTDI's default) for other USB
    adapters, 0 for what is no USB adapter by its name."""
    name = url.rpartition("/")[2]
    try:
        return int((sysfs / name / "device" / "latency_timer").read_text(encoding="ascii")) * MS
    except (OSError, ValueError):
        usb = ("ttyUSB", "ttyACM", "cu.usb", "COM")
        return 16 * MS if name.startswith(usb) else 0


class SerialConsole:
    """The rig's end of a serial line (a ``ConsolePort``). Needs a clock that keeps true time.

    ``latency`` in ns: how long the adapter holds bytes back (None: ``usb_latency``). RigFault when it cannot be
    opened.
    """

    def __init__(
        self, clock: Clock, url: str, baud: int = 115_200, *, latency: Ns | None = None, stall: Ns = 1 * S
    ) -> None:
        if clock.kind != "wall":
            raise HarnessError(f"{url}: a serial line needs a wall clock, this one is {clock.kind}")
        self.url = url
        self.stall = stall
        self.fault: RigFault | None = None
        """Why the reader died, or None."""
        self._clock = clock
        self._latency = usb_latency(url) if latency is None else latency
        self._byte_time = BITS_PER_BYTE * S // baud
        self._port = _open(url, baud)
        self._queue: deque[Bytes] = deque()
        self._read_to: Ns = clock.now()
        self._delivered_to: Ns = self._read_to - self._latency
        self._log: list[Bytes] = []
        self._listeners: dict[int, _Hearing] = {}
        self._next = 0
        self._closed = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name=f"reader of {url}", daemon=True)
        self._thread.start()
        self._handle: Handle = clock.at(clock.now() + DELIVER_EVERY, self._tick, name=f"console {url}")

    def write(self, data: bytes) -> None:
        """Type ``data`` now; returns when the operating system has taken it. HarnessError once closed, RigFault when
        the line is gone or takes nothing for 1 s."""
        self._usable("write")
        try:
            self._port.write(bytes(data))
        except Exception as why:
            raise self._broken(why) from why

    def listen(self, listener: Listener) -> Callable[[], None]:
        """As ``ConsolePort.listen``. HarnessError once closed, RigFault when the line is gone."""
        self._usable("listen")
        key, self._next = self._next, self._next + 1
        self._listeners[key] = _Hearing(listener, self._clock.now())

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    def log(self) -> Sequence[Bytes]:
        """Every chunk delivered so far, oldest first; after ``close`` every chunk that was read."""
        return tuple(self._log)

    def seen_to(self) -> Ns:
        return self._delivered_to

    def close(self) -> None:
        """Read what is still there, deliver it, end. Twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._handle.cancel()
        self._stop.set()
        self._thread.join(JOIN_S)
        self._deliver()
        self._listeners.clear()
        try:
            self._port.close()
        except OSError as why:
            raise RigFault(f"console {self.url} did not close: {why}") from why

    def _usable(self, what: str) -> None:
        if self._closed:
            raise HarnessError(f"{what}: the console {self.url} is closed")
        if self.fault is not None:
            raise self.fault

    def _broken(self, why: BaseException) -> RigFault:
        self.fault = self.fault or RigFault(
            f"console {self.url} broke off: {why}. Plug the adapter in again (or restart its server), see that nobody "
            f"else has it open, and start the run afresh."
        )
        return self.fault

    def _tick(self) -> None:
        self._deliver()
        if not self._closed:
            due = (self._clock.now() // DELIVER_EVERY + 1) * DELIVER_EVERY  # with everything else that looks then
            self._handle = self._clock.at(due, self._tick, name=f"console {self.url}")

    def _deliver(self) -> None:
        # The watermark first: whatever was read before it is in the queue by now.
        read_to = self._read_to
        while self._queue:
            chunk = self._queue.popleft()
            self._log.append(chunk)
            for key, hearing in tuple(self._listeners.items()):
                if key in self._listeners and chunk.stamp.late >= hearing.since:
                    hearing.listener(chunk)
        self._delivered_to = max(self._delivered_to, read_to - self._latency)

    def _read(self) -> None:
        empty = self._clock.now()
        last = empty - self._latency
        stopping = False
        try:
            while not stopping:
                # Once more after being told to stop: what has arrived by then is not lost.
                stopping = self._stop.is_set()
                data = self._port.read(1)
                late = self._clock.now()
                if data:
                    data += self._rest()
                    early = empty - self._latency
                    guess = late - (len(data) - 1) * self._byte_time - self._latency // 2
                    last = min(max(guess, early, last), late)
                    self._queue.append(Bytes(Stamp(last, early, late), data))
                    stopping = False
                if len(data) <= MOST:
                    # What was there at ``late`` has been taken; only a full read may have left something.
                    self._read_to = empty = late
        except Exception as why:  # noqa: BLE001 - whatever ends the reader must be known, never silent
            if not self._stop.is_set():
                self._broken(why)

    def _rest(self) -> bytes:
        """What else is there, without waiting for more."""
        port = self._port
        if not self.url.startswith("socket://"):
            waiting: int = port.in_waiting
            return bytes(port.read(waiting)) if waiting else b""
        # pyserial cannot say how much a socket holds; a read that does not wait takes what is there.
        port.timeout = 0
        try:
            return bytes(port.read(MOST))
        finally:
            port.timeout = LOOK_EVERY / S


def _open(url: str, baud: int) -> SerialBase:
    import serial

    # pyserial cannot bound a write over rfc2217; there the system's own bound on a dead connection holds.
    write_timeout = None if url.startswith("rfc2217://") else 1.0
    try:
        return serial.serial_for_url(url, baudrate=baud, timeout=LOOK_EVERY / S, write_timeout=write_timeout)
    except (serial.SerialException, OSError, ValueError) as why:
        raise RigFault(
            f"console {url} cannot be opened: {why}. Check the name of the port ('python -m serial.tools.list_ports'), "
            f"the rights on it (group dialout on Linux) and that nobody else has it open."
        ) from why
