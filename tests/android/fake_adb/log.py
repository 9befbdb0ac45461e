"""The device's log: a ring of entries with the device's time, and who reads it now."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import NamedTuple


class Entry(NamedTuple):
    when: int
    data: bytes


class Log:
    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._ring: list[Entry] = []
        self._news = threading.Condition()
        self._closed = False
        self._cut = 0
        self.readers = 0

    def say(self, message: str, tag: str = "HeadUnit", level: str = "I") -> bytes:
        """Log a line as apps do; the bytes that ``logcat -v threadtime -v epoch -v usec`` prints for it."""
        when = self._now()
        stamp = f"{when // 10**9:>19}.{when % 10**9 // 1000:06}"
        line = f"{stamp}  1234  1234 {level} {tag:<8}: {message}\n".encode()
        self.write(line, when)
        return line

    def write(self, data: bytes, when: int | None = None) -> None:
        """Put raw bytes into the stream."""
        with self._news:
            self._ring.append(Entry(self._now() if when is None else when, data))
            self._news.notify_all()

    def forget(self) -> None:
        """The ring was overwritten, or the device has started anew."""
        with self._news:
            self._ring.clear()

    def hang_up(self) -> None:
        with self._news:
            self._cut += 1
            self._news.notify_all()

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()

    def wait_for_readers(self, count: int, timeout: float = 10) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self.readers >= count, timeout)

    def follow(self, command: str, send: Callable[[bytes], None], gone: Callable[[], bool]) -> None:
        """``logcat ... -T 'sec.frac'``: entries from that time on, then what comes, until the reader has left."""
        since = re.search(r"-T '?(\d+)\.(\d+)'?", command)
        start = int(since[1]) * 10**9 + int(since[2].ljust(9, "0")) if since else 0
        with self._news:
            cut = self._cut
            waiting = [e for e in self._ring if e.when >= start]
            position = len(self._ring)
            self.readers += 1
            self._news.notify_all()
        try:
            for entry in waiting:
                send(entry.data)
            while True:
                with self._news:
                    if len(self._ring) <= position and not self._closed and self._cut == cut:
                        self._news.wait(0.02)
                    if self._closed or self._cut != cut:
                        return
                    position = min(position, len(self._ring))
                    fresh, position = self._ring[position:], len(self._ring)
                for entry in fresh:
                    send(entry.data)
                if gone():
                    return
        finally:
            with self._news:
                self.readers -= 1
