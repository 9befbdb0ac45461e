"""A gateway in the console: what the unit prints is lost or garbled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.console.port import Bytes, ConsolePort
from harness.foundation.units import Ns

Text = Callable[[bytes], bytes]


class ConsoleGate:
    """A ConsolePort before a ConsolePort. ``text`` changes what the unit printed (empty: lost), ``typed`` what the
    bench types. From ``dead_from`` on nothing comes and the watermark stands."""

    def __init__(
        self,
        port: ConsolePort,
        *,
        text: Text = lambda data: data,
        typed: Text = lambda data: data,
        dead_from: Ns | None = None,
    ) -> None:
        self._port = port
        self._text = text
        self._typed = typed
        self._dead_from = dead_from

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def write(self, data: bytes) -> None:
        self._port.write(self._typed(data))

    def listen(self, listener: Callable[[Bytes], None]) -> Callable[[], None]:
        def take(chunk: Bytes) -> None:
            if self._dead_from is not None and chunk.stamp.t > self._dead_from:
                return
            data = self._text(chunk.data)
            if data:
                listener(chunk if data == chunk.data else Bytes(chunk.stamp, data))

        return self._port.listen(take)

    def seen_to(self) -> Ns:
        seen = self._port.seen_to()
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._port.close()


def gone(data: bytes) -> bytes:
    """The wire is off."""
    return b""


def garbled(data: bytes) -> bytes:
    """The wrong baud rate: what comes is no text."""
    return bytes(byte ^ 0xB5 for byte in data)
