"""A screen in memory: the unit shows pictures, the rig looks back at them and touches.

Theory. A picture is a reference and the instant it came to the front; it stays until the next one. Of several shown
at one instant only the last was ever visible. A touch is put on the clock at the present instant, so the unit reacts
while time passes and never inside the caller's own code.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns, show_time
from harness.screen.port import Picture

Touched = Callable[[float, float], None]


class FarScreen:
    """The unit's end: shows pictures and feels touches."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._instants: list[Ns] = []
        self._pictures: list[Picture] = []
        self._touched: list[Touched] = []

    def show(self, pixels: NDArray[np.uint8]) -> None:
        """Bring ``pixels`` (height, width, 3) uint8 to the front now. Kept by reference: the caller leaves them alone.

        HarnessError for another shape or type.
        """
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            raise HarnessError(f"a picture is uint8 (height, width, 3), not {pixels.dtype} of shape {pixels.shape}")
        view = pixels.view()
        view.flags.writeable = False
        now = self._clock.now()
        if self._instants and self._instants[-1] == now:
            self._instants.pop()
            self._pictures.pop()
        self._instants.append(now)
        self._pictures.append(Picture(Stamp.exact(now), view))

    def on_touch(self, callback: Touched) -> Callable[[], None]:
        """Call ``callback(x, y)`` (0..1 from the top left) for every touch. Returns the way to stop that."""
        self._touched.append(callback)

        def stop() -> None:
            if callback in self._touched:
                self._touched.remove(callback)

        return stop

    def touched(self, x: float, y: float) -> None:
        for callback in tuple(self._touched):
            callback(x, y)

    def between(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        first = max(bisect_right(self._instants, start) - 1, 0)
        return tuple(self._pictures[first : bisect_right(self._instants, stop)])


class MemoryScreen:
    """The rig's end (a ``ScreenPort``)."""

    uncertainty = EXACT

    def __init__(self, clock: Clock, far: FarScreen) -> None:
        self._clock = clock
        self._far = far
        self._closed = False

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """As ``ScreenPort.frames``; empty while nothing has been shown yet. The pixels are read-only, and one array is
        one picture: callers may remember by ``id(picture.pixels)`` what they have read from it, as long as they hold
        the picture. HarnessError when ``stop`` is beyond ``seen_to()``."""
        if not 0 <= start <= stop:
            raise HarnessError(f"screen: the window {start}..{stop} ns is not one")
        if stop > self.seen_to():
            raise HarnessError(f"screen: asked up to {show_time(stop)}, but seen only to {show_time(self.seen_to())}")
        return self._far.between(start, stop)

    def touch(self, x: float, y: float) -> Stamp:
        """As ``ScreenPort.touch``; the unit feels it when time next passes. HarnessError beside it or once closed."""
        if self._closed:
            raise HarnessError("touch: the screen is closed")
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise HarnessError(f"touch at ({x}, {y}): both go from 0 to 1")
        now = self._clock.now()
        self._clock.at(now, lambda: self._far.touched(x, y), name="touch")
        return Stamp.exact(now)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more touches; the pictures stay readable."""
        self._closed = True


def pair(clock: Clock) -> tuple[MemoryScreen, FarScreen]:
    """The rig's port and the unit's end of one screen."""
    far = FarScreen(clock)
    return MemoryScreen(clock, far), far
