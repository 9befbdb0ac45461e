"""Samples pressed against the ceiling.

Theory. A converter that overflows repeats its largest value: three equal samples in a row at the ceiling are no
waveform. This holds on raw PCM only; behind a codec or a filter the flat tops are gone, and the distortion of a tone
(``tones.distortion``) is the witness. A limiter that works below full scale needs its own ``ceiling``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from harness.foundation.stamps import Interval

_LEAST = 3


@dataclass(frozen=True)
class Clipping:
    """``share`` of all samples in flat tops (0..1), the number of ``runs``, the index of the first one or None."""

    share: Interval
    runs: int
    first: int | None
    ceiling: int
    count: int


def clipping(samples: NDArray[np.int16], ceiling: int = 32_767) -> Clipping:
    """Runs of three samples and more at or beyond +/- ``ceiling``, each run on one side."""
    side = np.where(samples >= ceiling, 1, np.where(samples <= -ceiling, -1, 0))
    changes = (np.flatnonzero(np.diff(side)) + 1).tolist()
    flat = [(a, b) for a, b in pairwise([0, *changes, len(samples)]) if b - a >= _LEAST and side[a]]
    inside = sum(b - a for a, b in flat)
    share = Interval.exact(inside / len(samples) if len(samples) else 0.0)
    return Clipping(share, len(flat), flat[0][0] if flat else None, ceiling, len(samples))
