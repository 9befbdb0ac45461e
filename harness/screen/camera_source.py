"""Where a camera's pictures come from: a stream that OpenCV opens, or still pictures fetched over HTTP.

Theory. A picture's stamp needs two bounds. It was taken before it was in our hands (``arrived``). It was not taken
before some instant, and that one is harder: a stream has buffers, and a picture may have waited in them while we were
busy. But when a read had to wait, the buffers were empty when it began, so the picture entered them after that
(``entered``). A read that did not wait took a picture which may have been there already; it came behind the one
before it, so that one's bound holds for it. A reader that falls behind thereby widens its stamps by itself. Between
exposure and the entering lies the camera's own latency, which nobody here can see; the rig file declares it.

Still pictures were taken after they were asked for, unless the camera hands out an older one; that is latency too.

Both block in the reading thread; neither is used elsewhere.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit, urlunsplit

import numpy as np
from numpy.typing import NDArray

from harness.foundation.clock import Clock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S
from harness.screen.opencv import opencv

OPEN_MS, READ_MS = 5_000, 2_000
"""How long a stream may take to open, and a picture to come."""
FASTEST: Ns = 4 * MS
"""A read shorter than this, or than a quarter of the usual distance between pictures, did not wait."""
MOST_BYTES = 64 << 20

CONTROLS = (
    "auto_exposure", "exposure", "gain", "brightness", "contrast", "saturation", "sharpness", "gamma", "autofocus",
    "focus", "auto_wb", "wb_temperature", "zoom", "backlight",
)  # fmt: skip
"""What a camera may be set to; OpenCV's words (``CAP_PROP_...``), its driver's figures."""


class Grabbed(NamedTuple):
    """One picture, RGB (height, width, 3) uint8; it came in between ``entered`` and ``arrived``, ns of bench time."""

    pixels: NDArray[np.uint8]
    entered: Ns
    arrived: Ns


class Source(Protocol):
    """``name`` is the address without a password. ``grab`` waits for the next picture, RigFault when none comes;
    ``reopen`` after that; ``close`` ends it (from the thread that grabs)."""

    name: str

    def grab(self, wait: Callable[[float], object]) -> Grabbed: ...

    def reopen(self) -> None: ...

    def close(self) -> None: ...


class Video:
    """A stream: a device's number, its path, or an address (http MJPEG, rtsp) or file that OpenCV can open."""

    def __init__(
        self,
        clock: Clock,
        place: int | str,
        *,
        resolution: tuple[int, int] | None = None,
        rate: float | None = None,
        fourcc: str | None = None,
        controls: Mapping[str, float] | None = None,
    ) -> None:
        """``resolution`` (width, height), ``rate`` per second, ``fourcc`` ("MJPG") and ``controls`` are asked of a
        device. RigFault when it does not open or follow."""
        self.name = f"camera {place}" if isinstance(place, int) else shown(place)
        self._clock = clock
        self._place = place
        self._wanted = (resolution, rate, fourcc, dict(controls or {}))
        self._cap: Any = None
        self._file = isinstance(place, str) and "://" not in place and not place.startswith("/dev/")
        self._ended = False
        self._pace = 0.0
        self._entered: Ns = 0
        self._arrived: Ns = 0
        self._usual: Ns = 0
        self.reopen()

    def reopen(self) -> None:
        """RigFault with what to look at when it cannot be opened."""
        if self._ended:
            raise self._end()
        self.close()
        cv2 = opencv()
        # a stream is probed while it is opened: its first pictures may have come in then
        self._entered = self._arrived = self._clock.now()
        device = isinstance(self._place, int) or self._place.startswith("/dev/")
        if device:
            self._cap = cv2.VideoCapture(self._place)
        else:
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_MS]
            # each decoding thread of FFmpeg's would hold one picture back
            self._cap = cv2.VideoCapture(self._place, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])
        if not self._cap.isOpened():
            look = (
                "See which cameras there are ('v4l2-ctl --list-devices' on Linux), that this user may read them (group "
                "video), and that nobody else has it open"
                if device
                else "See that the address is right and a player (ffplay) shows it from this machine"
            )
            raise RigFault(f"{self.name} does not open. {look}.")
        self._set(cv2)
        self._pace = 1.0 / (self._cap.get(cv2.CAP_PROP_FPS) or 25.0) if self._file else 0.0
        self._usual = 0

    def grab(self, wait: Callable[[float], object]) -> Grabbed:
        if self._cap is None:
            raise RigFault(f"{self.name} is not open")
        if self._pace:
            wait(self._pace)
        began = self._clock.now()
        taken = self._cap.grab()
        arrived = self._clock.now()
        good, pixels = self._cap.retrieve() if taken else (False, None)
        if not good or pixels is None:
            if self._file:
                self._ended = True
                raise self._end()
            raise RigFault(
                f"{self.name} gives no picture any more. See that it has power and its cable or network, and that "
                f"nobody else uses it."
            )
        if self._pace or arrived - began >= max(FASTEST, self._usual // 4):
            self._entered = began
        distance, self._arrived = arrived - self._arrived, arrived
        self._usual += (distance - self._usual) // 8
        return Grabbed(_rgb(pixels), self._entered, arrived)

    def close(self) -> None:
        if self._cap is not None:
            self._cap.release()
            self._cap = None

    def _end(self) -> RigFault:
        return RigFault(f"{self.name} has come to its end. A file is for trying things out; a rig needs a camera.")

    def _set(self, cv2: Any) -> None:
        resolution, rate, fourcc, controls = self._wanted
        asked: list[tuple[str, int, float]] = []
        if fourcc is not None:
            asked.append((f"fourcc {fourcc}", cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*fourcc)))
        if resolution is not None:
            asked.append((f"width {resolution[0]}", cv2.CAP_PROP_FRAME_WIDTH, resolution[0]))
            asked.append((f"height {resolution[1]}", cv2.CAP_PROP_FRAME_HEIGHT, resolution[1]))
        if rate is not None:
            asked.append((f"rate {rate:g}", cv2.CAP_PROP_FPS, rate))
        asked += [
            (f"{key} {value:g}", getattr(cv2, f"CAP_PROP_{key.upper()}"), value) for key, value in controls.items()
        ]
        refused = [what for what, number, value in asked if not self._cap.set(number, value)]
        if resolution is not None:
            got = (int(self._cap.get(cv2.CAP_PROP_FRAME_WIDTH)), int(self._cap.get(cv2.CAP_PROP_FRAME_HEIGHT)))
            if got != tuple(resolution):
                refused.append(f"resolution {resolution[0]}x{resolution[1]} (it gives {got[0]}x{got[1]})")
        if refused:
            raise RigFault(
                f"{self.name} does not follow: {', '.join(refused)}. 'v4l2-ctl --list-formats-ext --list-ctrls' shows "
                f"what it can do."
            )


class Still:
    """Pictures fetched one by one, ``rate`` times a second. A user and password in the address are sent as the camera
    asks for them (basic or digest)."""

    def __init__(self, clock: Clock, url: str, rate: float) -> None:
        self.name = shown(url)
        self._clock = clock
        self._every: Ns = int(S / rate)
        self._next: Ns = clock.now()
        parts = urlsplit(url)
        self._url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if parts.username is not None:
            passwords.add_password(None, self._url, parts.username, parts.password or "")
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPBasicAuthHandler(passwords),
            urllib.request.HTTPDigestAuthHandler(passwords),
        )

    def grab(self, wait: Callable[[float], object]) -> Grabbed:
        rest = self._next - self._clock.now()
        if rest > 0:
            wait(rest / S)
        asked = self._clock.now()
        self._next = max(self._next + self._every, asked)
        try:
            with self._opener.open(self._url, timeout=READ_MS / 1000) as answer:
                data = answer.read(MOST_BYTES)
        except OSError as why:
            raise RigFault(f"{self.name} gives no picture: {why}. See that it opens in a browser.") from why
        cv2 = opencv()
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
        if pixels is None:
            raise RigFault(
                f"{self.name} answers with {len(data)} bytes that are no picture. Give the address of the picture "
                f"itself (a JPEG or PNG), or write 'url' for a stream."
            )
        return Grabbed(_rgb(pixels), asked, self._clock.now())

    def reopen(self) -> None:
        """Every picture is asked for afresh."""

    def close(self) -> None:
        """Nothing stays open between two pictures."""


def shown(url: str) -> str:
    """The address without user and password, for whatever people read."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def _rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    cv2 = opencv()
    code = cv2.COLOR_GRAY2RGB if pixels.ndim == 2 else cv2.COLOR_BGR2RGB
    colours: NDArray[np.uint8] = cv2.cvtColor(pixels, code)
    return colours
