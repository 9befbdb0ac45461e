"""A camera that looks at the unit's screen, for units that hand out nothing.

Theory. A thread takes picture after picture, cuts the screen out of each (perspective), and holds it against the last
one that was told of (change). What is new gets a stamp: it was not there when the last living picture was exposed, and
it was there when this one arrived. With ``latency``, the longest time from the beginning of an exposure until the
picture is in our hands on a machine that keeps up, the truth lies within [entered(before) - latency, arrived]; the
width is latency and about two frame times. ``t`` is the late end, from where on the picture is known to be in front:
windows open and close by ``t``, and no reaction may seem to precede what caused it.

The watermark is entered - latency of the last picture that proves a living sensor (frozen): all that showed on the
glass before that has been told of, and nothing told of later is stamped before it. A frozen or lost
camera leaves it where it is, and after ``stall`` judging is BLOCKED. A lost camera is opened again; what changed
meanwhile is stamped as wide as the gap was.

A camera has no finger. ``touch`` is NotOffered unless the rig names a toucher.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import FRAME_TIME, Share
from harness.foundation.units import MS, Ns, S, show_time
from harness.screen.album import Album
from harness.screen.camera_source import Grabbed, Source
from harness.screen.change import THRESHOLD, blocks, changed
from harness.screen.exposure import PictureQuality, describe_picture
from harness.screen.frozen import Pulse
from harness.screen.perspective import WHOLE, Corners, correct
from harness.screen.port import Picture

EXPOSURE = "exposure and transfer"
DELIVER_EVERY: Ns = 10 * MS
RETRY_S = 0.3
JOIN_S = 5.0
KEEP = 1 << 30
"""Bytes of pictures that are kept; the oldest go first."""


class Toucher(Protocol):
    """Whatever can tap on the unit's screen."""

    def touch(self, x: float, y: float) -> Stamp: ...

    def close(self) -> None: ...


class View(NamedTuple):
    """How the screen is cut out: its corners in the camera's picture, and its ``size`` (width, height) in pixels; None:
    as large as the camera's picture."""

    corners: Corners = WHOLE
    size: tuple[int, int] | None = None

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return correct(pixels, self.corners, self.size or (pixels.shape[1], pixels.shape[0]))


class _Taken(NamedTuple):
    seen_to: Ns
    picture: Picture | None


class Camera:
    """A ``ScreenPort``. ``fault`` says why pictures stopped, or is None while they come."""

    def __init__(
        self,
        clock: Clock,
        source: Source,
        view: View = View(),  # noqa: B008 - frozen
        *,
        latency: Ns,
        noise: bool = True,
        threshold: float = THRESHOLD,
        stall: Ns = 2 * S,
        toucher: Toucher | None = None,
        prepare: Callable[[Picture], object] | None = None,
        keep: int = KEEP,
    ) -> None:
        """Takes the first picture before it returns. ``noise`` False: the source repeats a still screen to the bit
        (frozen). ``prepare(picture)`` is called once for each change, in the reading thread. RigFault without a
        picture, HarnessError on a clock that does not keep true time."""
        if clock.kind != "wall":
            raise HarnessError(f"{source.name}: a camera needs a wall clock, this one is {clock.kind}")
        self.name = source.name
        self.uncertainty = (
            Share(EXPOSURE, latency, "declared by the rig file: latency"),
            Share(FRAME_TIME, None, "the measure itself: a change lies between two exposures"),
        )
        self.fault: RigFault | None = None
        self.stall: Ns = stall + latency
        self.grabbed = 0
        """Pictures taken so far, changed or not."""
        self._clock, self._source, self._view = clock, source, view
        self._latency, self._threshold, self._limit = latency, threshold, stall
        self._toucher, self._prepare, self._keep = toucher, prepare, keep
        self._pulse = Pulse(noise=noise, limit=stall)
        self._reference: NDArray[np.float32] | None = None
        self._proved: Ns = 0
        self._queue: deque[_Taken] = deque()
        self._album = Album()
        self._bytes = 0
        self._forgotten: Ns = -1
        self._closed = threading.Event()
        try:
            self._take(source.grab(self._closed.wait))
        except BaseException:
            source.close()
            raise
        self._thread = threading.Thread(target=self._read, name=f"reader of {self.name}", daemon=True)
        self._thread.start()
        self._handle: Handle = clock.at(clock.now(), self._deliver, name=f"screen {self.name} delivery")

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """As ``ScreenPort.frames``; read-only pixels, one array per change. HarnessError beyond ``seen_to()``,
        RigFault for what is no longer kept."""
        found = self._album.between(start, stop)
        if start < self._forgotten:
            raise RigFault(
                f"screen: pictures before {show_time(self._forgotten)} are no longer kept ({self._keep >> 20} MiB were "
                f"full). Too much counts as a change: raise 'threshold' above the camera's noise, or raise 'keep'."
            )
        return found

    def touch(self, x: float, y: float) -> Stamp:
        """As ``ScreenPort.touch``, by the rig's toucher. NotOffered without one, HarnessError beside the screen or once
        closed."""
        if self._closed.is_set():
            raise HarnessError("touch: the screen is closed")
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise HarnessError(f"touch at ({x}, {y}): both go from 0 to 1")
        if self._toucher is None:
            raise NotOffered(
                "this rig only looks at the screen by a camera: nothing can touch it ('toucher' names one)"
            )
        return self._toucher.touch(x, y)

    def quality(self) -> PictureQuality:
        """Figures of the picture in front. RigFault before time has passed."""
        if not self._album.pictures:
            raise RigFault(f"{self.name}: no picture has been delivered yet")
        return describe_picture(self._album.pictures[-1].pixels)

    def seen_to(self) -> Ns:
        return self._album.seen

    def close(self) -> None:
        """No more touches; the pictures stay readable. Closes the toucher too. RigFault when the camera does not let
        go."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._handle.cancel()
        if self._toucher is not None:
            self._toucher.close()
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            raise RigFault(f"{self.name} does not let go of its last picture. Unplug it, or end this process.")

    def _deliver(self) -> None:
        while self._queue:
            seen_to, picture = self._queue.popleft()
            if picture is not None:
                self._album.add(picture)
                self._bytes += picture.pixels.nbytes
            self._album.see(seen_to)
        while self._bytes > self._keep and len(self._album.pictures) > 1:
            self._bytes -= self._album.forget_first().pixels.nbytes
            self._forgotten = self._album.pictures[0].stamp.t
        if not self._closed.is_set():
            self._handle = self._clock.at(
                self._clock.now() + DELIVER_EVERY, self._deliver, name=f"screen {self.name} delivery"
            )

    def _read(self) -> None:
        broken = False
        while not self._closed.is_set():
            try:
                if broken:
                    self._source.reopen()
                self._take(self._source.grab(self._closed.wait))
                broken = False
            except RigFault as why:
                self.fault, broken = why, True
                self._closed.wait(RETRY_S)
            except Exception as why:  # noqa: BLE001 - whatever ends the reader must be known, never silent
                self.fault = RigFault(f"{self.name}: the reader broke off: {why!r}")
                break
        self._source.close()

    def _take(self, grabbed: Grabbed) -> None:
        self.grabbed += 1
        first = self._reference is None
        if not self._pulse.beats(grabbed.pixels, grabbed.arrived):
            frozen = self._pulse.frozen_for(grabbed.arrived)
            if frozen:
                self.fault = RigFault(
                    f"{self.name} is frozen: it has given the same picture, to the bit, for {show_time(frozen)}. Start "
                    f"the camera afresh; if it has no sensor (a grabber) or its encoder repeats still pictures, write "
                    f"'noise: none'."
                )
            return
        self.fault = None
        pixels = self._view.of(grabbed.pixels)
        seen = blocks(pixels)
        picture = None
        if self._reference is None or changed(self._reference, seen, self._threshold):
            self._reference = seen
            pixels.flags.writeable = False
            early = 0 if first else self._proved
            # what was there from the beginning is in front in every window
            sure = self._shot(grabbed) if first else grabbed.arrived
            picture = Picture(Stamp(sure, early, grabbed.arrived), pixels)
            if self._prepare is not None:
                self._prepare(picture)
        self._proved = max(self._proved, self._shot(grabbed))
        self._queue.append(_Taken(self._proved, picture))

    def _shot(self, grabbed: Grabbed) -> Ns:
        """When this picture's exposure began at the earliest, and not before the bench's own time."""
        return max(grabbed.entered - self._latency, 0)
