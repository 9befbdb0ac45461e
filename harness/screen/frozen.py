"""A frozen picture is not a still screen.

Theory. A camera that hangs goes on delivering its last picture, and a judge would take it for a screen that does not
change. But a living sensor is never still: photons and electrons come by chance, so that two exposures of one scene
differ in some pixels everywhere (EMVA 1288, temporal dark noise and shot noise). A picture equal to the bit to the one
before therefore proves nothing about the time between them, and only one that differs proves that the camera looked.
The watermark follows the proofs. While they fail to come it stands still, at once and not only after the limit: a
picture that proves itself later has lost nothing, and a frozen one was never believed. When the watermark has stood
for longer than ``stall``, judging is BLOCKED.

A camera may write a clock into its picture, and that clock may outlive the sensor. So the difference has to be
everywhere: in at least ``LEAST`` of 8 x 8 tiles.

What has no sensor gives equal pictures of a still screen by right: a digital grabber, and a network camera whose
encoder skips what did not change (H.264, H.265). It is declared with ``noise: none``. Then each arrival counts, and a
grabber that repeats its last picture for ever cannot be told from a still screen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.foundation.units import Ns

TILES = 8
LEAST = 4
"""So many tiles must differ. A written clock touches two or three."""


def living(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> bool:
    """Whether two camera pictures in a row (height, width, 3) differ as a sensor's do. Another size is a difference."""
    if before.shape != after.shape:
        return True
    if before.shape[0] < TILES or before.shape[1] < TILES:
        return not np.array_equal(before, after)
    rows = [np.array_split(one, TILES, axis=0) for one in (before, after)]
    differing = 0
    for a, b in zip(*rows, strict=True):
        if np.array_equal(a, b):
            continue
        for left, right in zip(np.array_split(a, TILES, axis=1), np.array_split(b, TILES, axis=1), strict=True):
            differing += not np.array_equal(left, right)
            if differing >= LEAST:
                return True
    return False


class Pulse:
    """When a camera last proved that it looks. ``noise`` False: every arrival is a proof."""

    def __init__(self, *, noise: bool, limit: Ns) -> None:
        self._noise = noise
        self._limit = limit
        self._last: NDArray[np.uint8] | None = None
        self._proved: Ns = -1

    def beats(self, pixels: NDArray[np.uint8], arrived: Ns) -> bool:
        """Take the next picture, kept by reference until the one after it; whether it proves a living camera."""
        alive = not self._noise or self._last is None or living(self._last, pixels)
        self._last = pixels
        if alive:
            self._proved = arrived
        return alive

    def frozen_for(self, now: Ns) -> Ns:
        """ns since the last proof, when that is longer than the limit, else 0."""
        since = now - self._proved
        return since if self._proved >= 0 and since > self._limit else 0
