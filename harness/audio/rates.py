"""From one sampling rate to another, by soxr (very high quality, linear phase: nothing is shifted in time)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.audio.level import FULL_SCALE, unit


def to_rate(samples: NDArray[np.int16], rate: int, wanted: int) -> NDArray[np.int16]:
    """Mono int16 at ``rate`` as mono int16 at ``wanted`` Hz; unchanged when they are equal."""
    if rate == wanted:
        return samples
    import soxr

    converted = FULL_SCALE * soxr.resample(unit(samples), rate, wanted, quality="VHQ")
    result: NDArray[np.int16] = np.clip(np.rint(converted), -32768, 32767).astype(np.int16)
    return result
