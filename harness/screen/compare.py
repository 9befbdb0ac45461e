"""Whether two pictures show the same to a person.

Theory. Structural similarity (Z. Wang et al., IEEE Trans. Image Processing 13 (2004)): about every pixel, brightness,
contrast and structure of both pictures are compared in a Gaussian window of 1.5 pixels, after averaging down to about
256 lines, as the authors advise for a usual viewing distance. The mean tells how alike the whole is; a changed word
hardly moves it, so the worst block of a sixteenth of the picture's height is looked at too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.foundation.errors import HarnessError

SAME_MEAN = 0.95
SAME_WORST = 0.75

_LINES = 256
_BLOCKS = 16
_SIGMA = 1.5
_C1 = (0.01 * 255.0) ** 2
_C2 = (0.03 * 255.0) ** 2


@dataclass(frozen=True)
class Likeness:
    """SSIM, 1 for equal pictures: ``mean`` of the whole; ``worst`` block's mean, and the middle of that block ``at``
    (x, y), each 0..1 from the top left."""

    mean: float
    worst: float
    at: tuple[float, float]

    @property
    def same(self) -> bool:
        return self.mean >= SAME_MEAN and self.worst >= SAME_WORST


def compare(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Likeness:
    """Likeness of two pictures (height, width, 3) uint8 of one size; HarnessError when the sizes differ."""
    if a.shape != b.shape:
        raise HarnessError(f"pictures of different size are compared: {a.shape} and {b.shape}")
    if a is b or np.array_equal(a, b):
        return Likeness(1.0, 1.0, (0.5, 0.5))
    table = _ssim(_luma(a), _luma(b))
    height, width = table.shape
    size = max(height // _BLOCKS, 1)
    rows, columns = height // size, max(width // size, 1)
    edges = np.linspace(0, width, columns + 1).astype(int)[:-1]
    blocks = np.add.reduceat(
        np.add.reduceat(table[: rows * size], np.arange(0, rows * size, size), axis=0), edges, axis=1
    )
    counts = np.outer(np.full(rows, size), np.diff(np.append(edges, width)))
    means = blocks / counts
    row, column = (int(k) for k in np.unravel_index(int(np.argmin(means)), means.shape))
    place = (float((edges[column] + counts[row, column] / size / 2) / width), float((row + 0.5) * size / height))
    return Likeness(float(table.mean()), float(means[row, column]), place)


def same_view(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    """Whether a person would call both the same view: alike as a whole, and no block of it different. Pictures of
    different size never are."""
    return a.shape == b.shape and compare(a, b).same


def _luma(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """BT.601 luma, averaged down by a whole factor to about ``_LINES`` lines."""
    luma: NDArray[np.float64] = pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    factor = max(round(min(luma.shape) / _LINES), 1)
    height, width = luma.shape[0] // factor * factor, luma.shape[1] // factor * factor
    small: NDArray[np.float64] = (
        luma[:height, :width].reshape(height // factor, factor, width // factor, factor).mean((1, 3))
    )
    return small


def _ssim(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.ndimage import gaussian_filter

    def around(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(gaussian_filter(values, _SIGMA, truncate=3.5), np.float64)

    mx, my = around(x), around(y)
    vx, vy, vxy = around(x * x) - mx * mx, around(y * y) - my * my, around(x * y) - mx * my
    top = (2.0 * mx * my + _C1) * (2.0 * vxy + _C2)
    table: NDArray[np.float64] = top / ((mx * mx + my * my + _C1) * (vx + vy + _C2))
    return table
