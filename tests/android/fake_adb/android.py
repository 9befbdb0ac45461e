"""A scripted Android: a shell, files, a screen, a log, a clock of its own, and whatever app is put on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from fake_adb.files import Files
from fake_adb.log import Log
from fake_adb.shell import Shell
from fake_adb.wire import Wire

SIZE = (120, 200)


class Android:
    """``ahead`` is how far its clock is ahead of ours, in ns. ``app`` may answer taps, text, intents and draw nodes."""

    def __init__(self, serial: str, features: tuple[str, ...] = ("shell_v2", "cmd", "fixed_push_mkdir")) -> None:
        self.serial = serial
        self.state = "device"
        self.features = features
        self.ahead = 0
        self.booted = time.monotonic() - 3600
        self.properties = {"ro.serialno": serial, "ro.build.version.sdk": "34", "ro.build.version.release": "14"}
        self.files = Files()
        self.log = Log(self.now)
        self.ports: dict[int, Callable[[Wire], None]] = {}
        self.app: Any = None
        self.shell = Shell(self)
        self.cut_next: int | None = None
        """Cut the next service of this device after so many bytes."""
        self.header_words = 4
        """Words before the pixels of a raw screen capture: 3 up to Android 8, 4 from 9 on."""
        self.refuses_dump = ""
        self._pixels = np.full((*SIZE, 3), 10, np.uint8)
        self._touched: list[Callable[[float, float], None]] = []
        self._lock = threading.Lock()

    def now(self) -> int:
        """The device's time of day, ns."""
        return time.time_ns() + self.ahead

    def up_s(self) -> float:
        return time.monotonic() - self.booted

    def restart(self) -> None:
        """The log begins anew; connections are the server's business."""
        self.booted = time.monotonic()
        self.log.forget()

    def close(self) -> None:
        self.log.close()

    def hang_up(self) -> None:
        self.log.hang_up()

    def check_cut(self, wire: Wire) -> None:
        with self._lock:
            wire.cut_after, self.cut_next = self.cut_next, None

    def show(self, pixels: np.ndarray) -> None:
        with self._lock:
            self._pixels = pixels.copy()

    def pixels(self) -> np.ndarray:
        with self._lock:
            return self._pixels

    def rgba(self) -> np.ndarray:
        pixels = self.pixels()
        return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])

    def on_touch(self, callback: Callable[[float, float], None]) -> None:
        self._touched.append(callback)

    def tap(self, x: float, y: float, held_ms: int = 0) -> None:
        """At pixels of the screen."""
        height, width = self.pixels().shape[:2]
        for callback in self._touched:
            callback(x / width, y / height)
        if self.app is not None:
            self.app.tap(x, y, held_ms)
