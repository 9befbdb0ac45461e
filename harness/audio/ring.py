"""The last minutes of some lines: int16 frames by their running index, overwritten from the oldest on.

Theory. The memory is asked for once and written in place, so a real-time thread may write without allocating. Indices
count frames since the ring was made and never wrap; what lies further back than the ring is long is gone, and asking
for it is an error that says so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Lost(Exception):
    """The frames asked for have been overwritten, or are not there yet."""


class Ring:
    """``frames`` frames of ``channels`` int16 samples; in memory (touched as it fills), or in ``file`` if given."""

    def __init__(self, frames: int, channels: int, file: Path | None = None) -> None:
        self.frames = frames
        self.written = 0
        """Frames written so far: the index of the next one."""
        shape = (frames, channels)
        self._data: NDArray[np.int16] = (
            np.zeros(shape, np.int16) if file is None else np.memmap(file, np.int16, "w+", shape=shape)
        )

    def write(self, block: NDArray[np.int16]) -> None:
        """Append a block, shape (n, channels), n at most the ring's length."""
        place, count = self.written % self.frames, len(block)
        first = min(count, self.frames - place)
        self._data[place : place + first] = block[:first]
        self._data[: count - first] = block[first:]
        self.written += count

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.int16]:
        """A copy of the samples [start, stop) of one channel. Lost where they are not (or no longer) held."""
        if not 0 <= start <= stop <= self.written:
            raise Lost(f"frames {start}..{stop} are not among the {self.written} written")
        place, count = start % self.frames, stop - start
        first = min(count, self.frames - place)
        copied = np.concatenate((self._data[place : place + first, channel], self._data[: count - first, channel]))
        # looked at after the copy: a block written meanwhile may have overwritten what was being copied
        if start < self.written - self.frames:
            raise Lost(f"frames before {self.written - self.frames} have been overwritten; asked from {start}")
        return copied
