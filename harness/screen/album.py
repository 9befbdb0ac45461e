"""The pictures a screen driver has told of, by instant, and how far it has seen."""

from __future__ import annotations

from bisect import bisect_right

from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, show_time
from harness.screen.port import Picture


class Album:
    """``pictures`` are the kept ones, oldest first; ``seen`` is the watermark (-1 before anything was seen)."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.seen: Ns = -1
        self._instants: list[Ns] = []

    def add(self, picture: Picture) -> None:
        """Later than all before; one of the same instant takes the place of the last."""
        if self._instants and self._instants[-1] == picture.stamp.t:
            self._instants.pop()
            self.pictures.pop()
        self._instants.append(picture.stamp.t)
        self.pictures.append(picture)

    def forget_first(self) -> Picture:
        """Drop the oldest, and return it."""
        self._instants.pop(0)
        return self.pictures.pop(0)

    def see(self, to: Ns) -> None:
        """All up to ``to`` has been told. Never goes back."""
        self.seen = max(self.seen, to)

    def between(self, start: Ns, stop: Ns) -> tuple[Picture, ...]:
        """As ``ScreenPort.frames``. HarnessError for a window that is none, or beyond what was seen."""
        if not 0 <= start <= stop:
            raise HarnessError(f"screen: the window {start}..{stop} ns is not one")
        if stop > self.seen:
            raise HarnessError(f"screen: asked up to {show_time(stop)}, but seen only to {show_time(self.seen)}")
        first = max(bisect_right(self._instants, start) - 1, 0)
        return tuple(self.pictures[first : bisect_right(self._instants, stop)])
