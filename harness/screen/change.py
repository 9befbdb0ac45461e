"""Whether a camera picture shows something new, or the same through the noise.

Theory. A sensor never gives the same picture twice, and a port tells only of changes. So pictures are held against the
one told of last, in averages of 4 x 4 pixels, each colour by itself: averaging takes a sensor's noise down (to a
quarter at best) and leaves a letter's stroke clear of it. One block that differs by more than the threshold makes it a
new picture; the worst block decides, not the mean, or a changed digit would drown in the rest.
``harness.screen.compare`` answers another question (would a person call both the same view) and takes far too long for
every frame.

The last one told of, and not the frame before, is the reference: a slow fade is told of in steps, and never lost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.screen.opencv import opencv

BLOCK = 4
THRESHOLD = 25.0
"""Grey levels of 255. Sensor noise of 8 levels a pixel and JPEG moved the worst block of an 800 x 480 screen, seen in a
picture of 640 x 480, by 17; another digit in a line of text moved one by 140."""


def blocks(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Averages of ``BLOCK`` x ``BLOCK`` pixels, each colour by itself; a rim that fills no block is stretched into the
    last one."""
    height, width = pixels.shape[:2]
    cv2 = opencv()
    size = (max(width // BLOCK, 1), max(height // BLOCK, 1))
    averaged: NDArray[np.float32] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return averaged


def changed(before: NDArray[np.float32], after: NDArray[np.float32], threshold: float = THRESHOLD) -> bool:
    """Whether two pictures, as ``blocks``, differ by more than ``threshold`` grey levels anywhere; another size is a
    change."""
    if before.shape != after.shape:
        return True
    cv2 = opencv()
    return bool(cv2.norm(before, after, cv2.NORM_INF) > threshold)
