"""The unit's screen over HTTP, as harness/screen/http_still.py asks for it: each picture with the instant it was shown.

``GET /screen.ppm?after=N&wait=S`` gives picture N+1, at once or within S seconds, else 204; ``GET /screen.png`` what is
in front now, for a browser; ``POST /touch?x=&y=``.
Instant and watermark are taken under one lock: no picture can be shown before an instant that was told as "now".
"""

from __future__ import annotations

import io
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from harness.foundation.clock import Clock
from harness.foundation.desk import Desk
from harness.foundation.units import Ns
from harness.screen.http_still import NOW, SHOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_WAIT_S = 1.0


class ServedScreen:
    """In the place of ``harness.screen.memory``'s far end."""

    def __init__(self, clock: Clock, desk: Desk) -> None:
        self._clock = clock
        self._desk = desk
        self._shown: list[tuple[Ns, NDArray[np.uint8]]] = []
        self._more = threading.Condition()
        self._touched: list[Callable[[float, float], None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="screen", daemon=True).start()

    def show(self, pixels: NDArray[np.uint8]) -> None:
        """Bring ``pixels`` (height, width, 3) uint8 to the front now. Kept by reference."""
        with self._more:
            self._shown.append((self._clock.now(), pixels))
            self._more.notify_all()

    def on_touch(self, callback: Callable[[float, float], None]) -> Callable[[], None]:
        """Call ``callback(x, y)``, in the unit's thread, for every touch. Returns the way to stop that."""
        self._touched.append(callback)

        def stop() -> None:
            if callback in self._touched:
                self._touched.remove(callback)

        return stop

    def front(self) -> bytes:
        """What is in front now, as PNG; b"" when nothing has been shown yet."""
        return _png(self._shown[-1][1]) if self._shown else b""

    def picture(self, after: int, wait: float) -> tuple[Ns, Ns | None, bytes]:
        """(now, when shown, PPM) of the picture number ``after`` + 1; (now, None, b"") when there is none yet."""
        with self._more:
            self._more.wait_for(lambda: len(self._shown) > after, min(wait, LONGEST_WAIT_S))
            now = self._clock.now()
            if len(self._shown) <= after:
                return now, None, b""
            shown, pixels = self._shown[after]
        data = b"P6\n%d %d\n255\n" % pixels.shape[1::-1] + pixels.tobytes()
        return self._clock.now(), shown, data

    def touch(self, x: float, y: float) -> Ns:
        """A finger; returns when the unit felt it."""

        def felt() -> Ns:
            for callback in tuple(self._touched):
                callback(x, y)
            return self._clock.now()

        return self._desk.ask(felt)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    # screens are flat: run-length coding is the quickest for them
    Image.fromarray(pixels).save(out, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return out.getvalue()


def _handler(screen: ServedScreen) -> type[BaseHTTPRequestHandler]:
    class Connection(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = parse_qs(asked.query)
            if asked.path == "/screen.png":
                self._send(200, screen.front(), {"Content-Type": "image/png"})
                return
            if asked.path != "/screen.ppm":
                self.send_error(404)
                return
            now, shown, data = screen.picture(int(query.get("after", ["0"])[0]), float(query.get("wait", ["0"])[0]))
            if shown is None:
                self._send(204, b"", {NOW: str(now)})
            else:
                kind = "image/x-portable-pixmap"
                self._send(200, data, {NOW: str(now), SHOWN: str(shown), "Content-Type": kind})

        def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status == 200:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()

        def do_POST(self) -> None:
            asked = urlsplit(self.path)
            query = parse_qs(asked.query)
            if asked.path != "/touch":
                self.send_error(404)
                return
            at = screen.touch(float(query["x"][0]), float(query["y"][0]))
            self.send_response(204)
            self.send_header(NOW, str(at))
            self.end_headers()
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Every picture in the log would bury what matters."""

    return Connection
