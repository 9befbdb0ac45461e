"""The screen of an Android device: pictures by ``screencap``, a finger by ``input tap``.

Theory. A capture asked for at A and received at B shows what was on the screen at some instant between. So a picture
that differs from the one before came to the front after the last capture of the old one was asked for, and before B:
that is its stamp, about two captures wide. What came and went between two captures is not seen, and the port says how
often it looks (``every``). A thread captures; pictures and watermark are taken over while the clock runs. The watermark
is the instant at which the last good capture was asked for. A device that is gone leaves it there, so judging comes to
BLOCKED by itself; when the device is back, the pictures go on, and the first of them is stamped over the whole gap.

``raw`` captures are four bytes a pixel (8 MB on a phone) and cost the device little; ``png`` is small on the wire and
takes the device half a second. A raw capture begins with width, height, format, and from Android 9 on colour space.
"""

from __future__ import annotations

import io
import struct
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import FRAME_TIME, Share
from harness.foundation.units import MS, Ns, S
from harness.screen.album import Album
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

DELIVER_EVERY: Ns = 10 * MS
RETRY_S = 0.2
JOIN_S = 12.0
RGBA = 1
"""PixelFormat.RGBA_8888 of the raw capture's header."""


class Device(Protocol):
    """What this needs of an adb device."""

    serial: str

    def shell(self, command: str) -> str: ...

    def exec_out(self, command: str) -> bytes: ...

    def meanwhile(self, work: Callable[[], T]) -> T: ...


class _Captured(NamedTuple):
    asked: Ns
    picture: Picture | None


class AndroidScreen:
    """A ``ScreenPort``. ``fault`` says why the pictures stopped, or is None; ``gaps`` keeps (from, to, why) of each
    time the device was gone."""

    def __init__(
        self,
        clock: Clock,
        device: Device,
        *,
        every: Ns = 200 * MS,
        raw: bool = True,
        display: str = "",
        stall: Ns = 3 * S,
        prepare: Callable[[Picture], object] | None = None,
    ) -> None:
        """``every``: a capture is begun so long after the one before was, or at once if that took longer. ``display``:
        the id that ``dumpsys SurfaceFlinger --display-id`` shows, "" for the default one. ``prepare(picture)`` is
        called once for each new content, in the capturing thread. RigFault when the device gives no picture."""
        self.stall = stall
        self.uncertainty = (Share(FRAME_TIME, None, "the measure itself: a change lies between two captures"),)
        self.fault: RigFault | None = None
        self.gaps: list[tuple[Ns, Ns, str]] = []
        self._clock = clock
        self._device = device
        self._every = every
        self._raw = raw
        self._command = "screencap" + ("" if raw else " -p") + (f" -d {display}" if display else "")
        self._display = display
        self._prepare = prepare
        self._captured: deque[_Captured] = deque()
        self._album = Album()
        self._closed = threading.Event()
        self._asked: Ns = clock.now()
        self._front = self._capture()
        self._size = self._front.shape[:2]
        self._keep(self._asked, self._asked, clock.now(), self._front)
        self._thread = threading.Thread(target=self._watch, name=f"pictures of {device.serial}", daemon=True)
        self._thread.start()
        self._handle: Handle = clock.at(clock.now(), self._deliver, name=f"screen {device.serial} delivery")

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """As ``ScreenPort.frames``; read-only pixels. HarnessError beyond ``seen_to()``."""
        return self._album.between(start, stop)

    def touch(self, x: float, y: float) -> Stamp:
        """As ``ScreenPort.touch``; time passes until the device has taken it. HarnessError beside the screen or once
        closed, RigFault when the device is gone."""
        if self._closed.is_set():
            raise HarnessError("touch: the screen is closed")
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise HarnessError(f"touch at ({x}, {y}): both go from 0 to 1")
        height, width = self._size
        at = f"{min(round(x * width), width - 1)} {min(round(y * height), height - 1)}"
        where = f"-d {self._display} " if self._display else ""
        began = self._clock.now()
        self._device.meanwhile(lambda: self._device.shell(f"input {where}tap {at}"))
        ended = self._clock.now()
        return Stamp((began + ended) // 2, began, ended)

    def seen_to(self) -> Ns:
        return self._album.seen

    def close(self) -> None:
        """No more touches; the pictures stay readable."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._handle.cancel()
        self._thread.join(JOIN_S)

    def _deliver(self) -> None:
        while self._captured:
            asked, picture = self._captured.popleft()
            if picture is not None:
                self._album.add(picture)
            self._album.see(asked)
        if not self._closed.is_set():
            again = self._clock.now() + DELIVER_EVERY
            self._handle = self._clock.at(again, self._deliver, name=f"screen {self._device.serial} delivery")

    def _watch(self) -> None:
        while not self._closed.wait(max(self._asked + self._every - self._clock.now(), 0) / S):
            before, asked = self._asked, self._clock.now()
            try:
                pixels = self._capture()
            except Exception as why:  # noqa: BLE001 - whatever ends the pictures must be known, never silent
                self.fault = self.fault or _as_fault(why, self._device.serial)
                self._closed.wait(RETRY_S)
                continue
            answered = self._clock.now()
            self._asked = asked
            if self.fault is not None:
                self.gaps.append((before, answered, str(self.fault)))
                self.fault = None
            if pixels.shape == self._front.shape and (pixels == self._front).all():
                self._captured.append(_Captured(asked, None))
            else:
                self._front, self._size = pixels, pixels.shape[:2]
                self._keep(before, asked, answered, pixels)

    def _keep(self, before: Ns, asked: Ns, answered: Ns, pixels: NDArray[np.uint8]) -> None:
        guess = (before + answered) // 2 if before < asked else asked
        picture = Picture(Stamp(guess, before, answered), pixels)
        if self._prepare is not None:
            self._prepare(picture)
        self._captured.append(_Captured(asked, picture))

    def _capture(self) -> NDArray[np.uint8]:
        data = self._device.exec_out(self._command)
        return from_raw(data) if self._raw else from_png(data)


def from_raw(data: bytes) -> NDArray[np.uint8]:
    """Read-only RGB of a raw ``screencap``. RigFault when it is not whole, or of another format."""
    import numpy as np

    if len(data) < 12:
        raise RigFault(f"screencap gave {len(data)} bytes: {data[:80]!r}. Unlock the device, or try 'format: png'.")
    width, height, form = struct.unpack_from("<3I", data)
    header = len(data) - width * height * 4
    if form != RGBA or header not in (12, 16):
        raise RigFault(
            f"screencap gave {len(data)} bytes for {width} x {height} pixels of format {form}; whole RGBA was wanted. "
            f"Try 'format: png' in the rig file."
        )
    pixels = np.frombuffer(data, np.uint8, offset=header).reshape(height, width, 4)[:, :, :3].copy()
    pixels.flags.writeable = False
    return pixels


def from_png(data: bytes) -> NDArray[np.uint8]:
    """Read-only RGB of ``screencap -p``. RigFault when it is no whole PNG."""
    import numpy as np
    from PIL import Image

    try:
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    except (OSError, SyntaxError, ValueError) as why:
        raise RigFault(
            f"screencap gave {len(data)} bytes that are no whole picture: {why}. Unlock the device."
        ) from why
    pixels.flags.writeable = False
    return pixels


def _as_fault(why: Exception, serial: str) -> RigFault:
    return (
        why if isinstance(why, RigFault) else RigFault(f"pictures of {serial} broke off: {type(why).__name__}: {why}")
    )
