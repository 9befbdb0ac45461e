"""A gateway before the screen: what is in front reaches the bench otherwise, and a finger may miss it.

Theory. The bench asks for the pictures of a window; an answer is changed picture by picture, and one array stays one
picture: who remembers what it has read from it may go on doing so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harness.foundation.clock import Clock
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.screen.port import Picture, ScreenPort

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Look = Callable[["NDArray[np.uint8]"], "NDArray[np.uint8]"]
"""What becomes of a picture's pixels; the same shape."""


class ScreenGate:
    """A ScreenPort before a ScreenPort. ``look`` changes the pixels, ``late`` is how much later a picture is seen;
    from ``frozen_from`` on the picture of that instant is delivered for ever; the picture before comes ``again`` for
    that long, as long after each change. From ``dead_from`` on the watermark stands: a driver that found its camera
    frozen. ``numb``: touches go nowhere; the clock says when."""

    def __init__(
        self,
        port: ScreenPort,
        *,
        look: Look | None = None,
        late: Ns = 0,
        frozen_from: Ns | None = None,
        again: Ns = 0,
        dead_from: Ns | None = None,
        numb: Clock | None = None,
    ) -> None:
        self._port = port
        self._look = look
        self._late = late
        self._frozen_from = frozen_from
        self._again = again
        self._dead_from = dead_from
        self._numb = numb
        self._seen: dict[int, tuple[Picture, NDArray[np.uint8]]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        if self._frozen_from is not None:
            start, stop = min(start, self._frozen_from), min(stop, self._frozen_from)
        if self._late:
            if stop < self._late:
                return ()
            found = self._port.frames(max(0, start - self._late), stop - self._late)
            found = [replace(picture, stamp=picture.stamp.shifted(self._late)) for picture in found]
        else:
            found = list(self._port.frames(start, stop))
        if self._again:
            found = self._with_the_old_one(start, stop)
        return found if self._look is None else [replace(one, pixels=self._changed(one)) for one in found]

    def touch(self, x: float, y: float) -> Stamp:
        return self._port.touch(x, y) if self._numb is None else Stamp.exact(self._numb.now())

    def seen_to(self) -> Ns:
        seen = self._port.seen_to()
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._port.close()

    def _changed(self, picture: Picture) -> NDArray[np.uint8]:
        if self._look is None:
            return picture.pixels
        known = self._seen.get(id(picture.pixels))
        if known is None:
            known = self._seen[id(picture.pixels)] = (picture, self._look(picture.pixels))
        return known[1]

    def _with_the_old_one(self, start: Ns, stop: Ns) -> list[Picture]:
        """After each change, ``again`` ns later, the picture before it for ``again`` ns, unless another came."""
        true = list(self._port.frames(max(0, start - 3 * self._again), stop))
        shown = true[:1]
        for number, (before, after) in enumerate(pairwise(true), 1):
            shown.append(after)
            following = true[number + 1].stamp.t if number + 1 < len(true) else stop + 1
            for at, pixels in ((self._again, before.pixels), (2 * self._again, after.pixels)):
                if after.stamp.t + at < following:
                    shown.append(Picture(after.stamp.shifted(at), pixels))
        in_front = [picture for picture in shown if picture.stamp.t <= start][-1:]
        return [*in_front, *(picture for picture in shown if start < picture.stamp.t <= stop)]


# -- what can become of a picture ----------------------------------------------------------------------------------
def dark(share: float) -> Look:
    """Only so much of the light is left."""

    def look(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        import numpy as np

        return _fixed((pixels.astype(np.float32) * share).astype(np.uint8))

    return look


def covered(left: float, top: float, right: float, bottom: float) -> Look:
    """A part of the screen, as shares of its size, is covered by something grey."""

    def look(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = pixels.shape[:2]
        over = pixels.copy()
        over[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = 96
        return _fixed(over)

    return look


def coarse(block: int) -> Look:
    """Out of focus: ``block`` x ``block`` pixels are one."""

    def look(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        import numpy as np

        height, width = pixels.shape[:2]
        rows, columns = np.arange(height) // block * block, np.arange(width) // block * block
        return _fixed(pixels[rows][:, columns])

    return look


def _fixed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels.flags.writeable = False
    return pixels
