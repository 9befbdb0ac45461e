"""Chunks of a console into lines, pure and incremental.

Theory. Where a chunk ends says nothing about where a line ends, so the same bytes in any chunks give the same lines.
A line ends with LF; a CR directly before it belongs to the ending. A CR alone (a progress display) stays in the line.
No byte is lost: ``data + ending`` of all lines, joined, is what came in. Nothing is decoded.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.console.port import Bytes
from harness.foundation.stamps import Stamp


class Line(NamedTuple):
    """A line without its ending (b"\\n", b"\\r\\n", or b"" for one that was never ended), stamped by its first byte."""

    stamp: Stamp
    data: bytes
    ending: bytes


class LineSplitter:
    """Feed it chunks, it gives back the lines that became whole."""

    def __init__(self) -> None:
        self._stamp: Stamp | None = None
        self._pieces: list[bytes] = []

    def feed(self, chunk: Bytes) -> list[Line]:
        *whole, rest = chunk.data.split(b"\n")
        lines = [self._line(piece, chunk.stamp, ended=True) for piece in whole]
        if rest:
            self._stamp = self._stamp or chunk.stamp
            self._pieces.append(rest)
        return lines

    def flush(self) -> list[Line]:
        """The line that has not ended, if there is one; the splitter starts afresh."""
        if self._stamp is None:
            return []
        return [self._line(b"", self._stamp, ended=False)]

    def _line(self, last: bytes, stamp: Stamp, *, ended: bool) -> Line:
        data = b"".join((*self._pieces, last))
        begun = self._stamp or stamp
        self._pieces.clear()
        self._stamp = None
        if not ended:
            return Line(begun, data, b"")
        if data.endswith(b"\r"):
            return Line(begun, data[:-1], b"\r\n")
        return Line(begun, data, b"\n")
