"""A network camera for tests: a real HTTP server whose pictures are tilted, noisy JPEGs of what a unit shows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from harness.foundation.clock import WallClock
from harness.foundation.stamps import Stamp

cv2 = pytest.importorskip("cv2", reason="the extra 'camera' is not installed")

QUAD = ((0.14, 0.11), (0.90, 0.17), (0.86, 0.88), (0.10, 0.82))
"""A screen seen from the side, as shares of the picture."""
FRAME = (640, 480)


def seen_by_camera(
    pixels: np.ndarray, corners: Any = QUAD, frame: tuple[int, int] = FRAME, background: int = 70
) -> np.ndarray:
    """What a camera sees of a screen, without noise: its corners at ``corners`` of a picture of ``frame``."""
    height, width = pixels.shape[:2]
    # the same map as in the product, written down a second time: by centres of corner pixels
    source = np.array(
        [(-0.5, -0.5), (width - 0.5, -0.5), (width - 0.5, height - 0.5), (-0.5, height - 0.5)], np.float32
    )
    target = np.array([(x * frame[0] - 0.5, y * frame[1] - 0.5) for x, y in corners], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    # a camera's pixels gather light: draw four times as fine, then average
    fine = np.array([[4.0, 0.0, 1.5], [0.0, 4.0, 1.5], [0.0, 0.0, 1.0]]) @ matrix
    canvas = np.full((frame[1] * 4, frame[0] * 4, 3), background, np.uint8)
    cv2.warpPerspective(
        pixels,
        fine,
        (frame[0] * 4, frame[1] * 4),
        dst=canvas,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return cv2.resize(canvas, frame, interpolation=cv2.INTER_AREA)


@cache
def grain(frame: tuple[int, int]) -> list[np.ndarray]:
    """Three pictures of noise with a deviation of 1."""
    random = np.random.default_rng(5)
    return [random.standard_normal((frame[1], frame[0], 3), dtype=np.float32) for _ in range(3)]


class TestCamera:
    """Serves ``/stream`` (MJPEG) and ``/snap.jpg``. ``show`` is the unit's side. Attributes may be changed at any time:
    ``sigma`` of the noise, ``gain``, ``stuck`` (the last picture again and again), ``silent`` (nothing more comes)."""

    __test__ = False

    def __init__(
        self, clock: WallClock, corners: Any = QUAD, frame: tuple[int, int] = FRAME, rate: float = 30.0
    ) -> None:
        self.clock, self.corners, self.frame, self.rate = clock, corners, frame, rate
        self.sigma, self.gain, self.stuck, self.silent = 3.0, 1.0, False, False
        self.shown: list[int] = []
        self.passwords: list[str] = []
        self._view = seen_by_camera(np.zeros((48, 80, 3), np.uint8), corners, frame)
        self._noise = grain(frame)
        self._random = np.random.default_rng(6)
        self._last = b""
        self._touched: list[Callable[[float, float], None]] = []
        self._stop = threading.Event()
        self._serve(0)

    def _serve(self, port: int) -> None:
        self._stop.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def stream(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream"

    @property
    def still(self) -> str:
        return f"http://127.0.0.1:{self.port}/snap.jpg"

    def show(self, pixels: np.ndarray) -> None:
        view = seen_by_camera(pixels, self.corners, self.frame)
        self.shown.append(self.clock.now())
        self._view = view

    def on_touch(self, callback: Callable[[float, float], None]) -> Callable[[], None]:
        self._touched.append(callback)
        return lambda: self._touched.remove(callback)

    def jpeg(self) -> bytes:
        """A new exposure, unless stuck."""
        if not (self.stuck and self._last):
            noise = np.roll(self._noise[self._random.integers(3)], self._random.integers(0, 99, 2), (0, 1))
            picture = np.clip(np.rint(self._view * np.float32(self.gain) + noise * self.sigma), 0, 255).astype(np.uint8)
            self._last = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        return self._last

    def die(self) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def rise(self) -> None:
        self._serve(self.port)


def _handler(camera: TestCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            try:
                if self.path == "/stream":
                    self._stream()
                elif self.path == "/snap.jpg":
                    self._answer(camera.jpeg(), "image/jpeg")
                elif self.path == "/page":
                    self._answer(b"<html>no picture</html>", "text/html")
                elif self.path == "/private.jpg":
                    self._private()
                else:
                    self.send_error(404)
            except OSError:
                pass  # the other side has gone

        def _answer(self, data: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _private(self) -> None:
            given = self.headers.get("Authorization")
            if given is None:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                self.end_headers()
                return
            camera.passwords.append(given)
            self._answer(camera.jpeg(), "image/jpeg")

        def _stream(self) -> None:
            stop = camera._stop
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            while not stop.wait(1.0 / camera.rate):
                if camera.silent:
                    continue
                data = camera.jpeg()
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                self.wfile.write(head.encode("ascii") + data + b"\r\n")

    return Handler


class Finger:
    """A toucher: taps on the camera's unit when time next passes."""

    def __init__(self, camera: TestCamera) -> None:
        self._camera = camera
        self.closed = False

    def touch(self, x: float, y: float) -> Stamp:
        now = self._camera.clock.now()
        self._camera.clock.at(now, lambda: [c(x, y) for c in self._camera._touched], name="finger")
        return Stamp.exact(now)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def camera(clock: WallClock) -> Iterator[TestCamera]:
    served = TestCamera(clock)
    yield served
    served.die()


@pytest.fixture
def small_camera(clock: WallClock) -> Iterator[TestCamera]:
    """Of few pixels and many pictures a second."""
    served = TestCamera(clock, frame=(320, 240), rate=60)
    yield served
    served.die()


@pytest.fixture
def finger(small_camera: TestCamera) -> Finger:
    return Finger(small_camera)


@pytest.fixture
def as_seen() -> Any:
    """``seen_by_camera``."""
    return seen_by_camera


@pytest.fixture
def quad() -> Any:
    """Where the test camera's screen lies."""
    return QUAD
