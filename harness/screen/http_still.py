"""Pictures of a screen fetched over HTTP, for units (and cameras) that hand out what they show.

Theory. ``GET /screen.ppm?after=N`` answers with picture N+1 as soon as there is one, or 204 after a while without one;
as a plain PPM (binary, 8 bits), for between processes of one machine packing costs more than it saves.
Every answer says in ``Hil-Now`` what time it was where the pictures are made, a picture in ``Hil-Shown`` when it came
to the front; both in ns of the bench's time line, which is the machine's monotonic counter less a common zero. That
the counters are common is not believed: each answer must lie between asking and receiving, else the port breaks off.
So a picture's stamp is as exact as the maker's own clock call; what is between that and the glass is not seen here.

A thread fetches and decodes; pictures and watermark are taken over while the clock runs, so that within one judgement
nothing moves. A thread that fails leaves the watermark where it is, and judging comes to BLOCKED by itself.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.screen.album import Album
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOW, SHOWN = "Hil-Now", "Hil-Shown"
DELIVER_EVERY: Ns = 10 * MS
TIMEOUT_S = 5.0
RETRY_S = 0.1
WAIT_S = 0.2
"""How long one question waits for a picture: the watermark of a still screen lags by so much."""


class _Fetched(NamedTuple):
    seen_to: Ns
    picture: Picture | None


class HttpStill:
    """A ``ScreenPort``. ``url`` is "http://host:port". ``fault`` says why the pictures stopped, or is None."""

    def __init__(
        self, clock: Clock, url: str, prepare: Callable[[Picture], object] | None = None, *, stall: Ns = 1 * S
    ) -> None:
        """``prepare(picture)`` is called once for each new content, in the fetching thread: for what takes long and is
        remembered by the picture's array; it is part of what ``stall`` (ns) allows. RigFault when nobody answers
        there, or not in bench time."""
        if clock.kind != "wall":
            raise HarnessError(f"{url}: pictures over HTTP need a wall clock, this one is {clock.kind}")
        self.url = url
        self.stall = stall
        self.fault: RigFault | None = None
        self._clock = clock
        self._prepare = prepare
        self._album = Album()
        self._fetched: deque[_Fetched] = deque()
        self._closed = threading.Event()
        self._finger = _connect(url)
        self._ask(self._finger, "GET", "/screen.ppm?after=0&wait=0")
        self._thread = threading.Thread(target=self._fetch, name=f"pictures of {url}", daemon=True)
        self._thread.start()
        self._handle: Handle = clock.at(clock.now(), self._deliver, name=f"screen {url}")

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """As ``ScreenPort.frames``; read-only pixels, one array per picture. HarnessError beyond ``seen_to()``."""
        return self._album.between(start, stop)

    def touch(self, x: float, y: float) -> Stamp:
        """As ``ScreenPort.touch``. HarnessError beside the screen or once closed, RigFault when nobody answers."""
        if self._closed.is_set():
            raise HarnessError("touch: the screen is closed")
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise HarnessError(f"touch at ({x}, {y}): both go from 0 to 1")
        now, _, _ = self._ask(self._finger, "POST", f"/touch?x={x!r}&y={y!r}")
        return Stamp.exact(now)

    def seen_to(self) -> Ns:
        return self._album.seen

    def close(self) -> None:
        """No more touches; the pictures stay readable."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._handle.cancel()
        self._thread.join(TIMEOUT_S)
        self._finger.close()

    def _deliver(self) -> None:
        while self._fetched:
            seen_to, picture = self._fetched.popleft()
            if picture is not None:
                self._album.add(picture)
            self._album.see(seen_to)
        if not self._closed.is_set():
            due = (self._clock.now() // DELIVER_EVERY + 1) * DELIVER_EVERY  # with everything else that looks then
            self._handle = self._clock.at(due, self._deliver, name=f"screen {self.url}")

    def _fetch(self) -> None:
        connection, number = _connect(self.url), 0
        known: dict[bytes, NDArray[np.uint8]] = {}  # a screen shows the same picture again and again
        while not self._closed.is_set():
            try:
                now, shown, data = self._ask(connection, "GET", f"/screen.ppm?after={number}&wait={WAIT_S}")
            except RigFault as why:
                if self._closed.is_set():
                    break
                self.fault = why
                connection.close()
                self._closed.wait(RETRY_S)
                continue
            if shown is None:
                self._fetched.append(_Fetched(now, None))
                continue
            number += 1
            # more pictures may have come since: seen is all up to this one
            content = hashlib.blake2b(data).digest()
            if new := content not in known:
                known[content] = _decode(data)
            picture = Picture(Stamp.exact(shown), known[content])
            if new and self._prepare is not None:
                self._prepare(picture)
            self._fetched.append(_Fetched(shown, picture))
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, method: str, path: str) -> tuple[Ns, Ns | None, bytes]:
        """(their now, when the picture was shown, the picture), or RigFault."""
        asked = self._clock.now()
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as why:
            raise RigFault(f"screen {self.url} does not answer: {why or type(why).__name__}") from why
        answered = self._clock.now()
        now, shown = answer.headers.get(NOW), answer.headers.get(SHOWN)
        if answer.status not in (200, 204) or now is None:
            raise RigFault(f"screen {self.url} answered {answer.status} to {path}, or without its time ({NOW})")
        if not asked <= int(now) <= answered:
            raise RigFault(
                f"screen {self.url} has another time: it says {show_time(int(now))} between {show_time(asked)} and "
                f"{show_time(answered)} of the bench. Both must be on one machine and share one zero."
            )
        return int(now), None if shown is None else int(shown), data


def _connect(url: str) -> http.client.HTTPConnection:
    where = urlsplit(url)
    if where.scheme != "http" or where.hostname is None:
        raise RigFault(f"screen {url}: not an address such as http://127.0.0.1:8080")
    return http.client.HTTPConnection(where.hostname, where.port, timeout=TIMEOUT_S)


def _decode(data: bytes) -> NDArray[np.uint8]:
    """PPM to read-only RGB. RigFault for anything else."""
    import numpy as np

    head = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", data)
    if head is None or len(data) - head.end() != 3 * int(head[1]) * int(head[2]):
        raise RigFault("the screen sent something that is no picture (PPM, 8 bits)")
    pixels = np.frombuffer(data, np.uint8, offset=head.end()).reshape(int(head[2]), int(head[1]), 3)
    pixels.flags.writeable = False
    return pixels
