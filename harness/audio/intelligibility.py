"""Short-time objective intelligibility (C. H. Taal et al., IEEE Trans. ASLP 19 (2011)), by pystoi.

Theory. STOI compares short-time envelopes of the aligned pair; 20 ms of misalignment cost a quarter of the score, so
the delay is taken out first. It needs 30 frames (384 ms) that are not silent; with fewer the library returns 1e-5 and
warns, which would read as "unintelligible": here that is Unmeasurable instead.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.align import aligned
from harness.audio.delay import Delay, delay
from harness.audio.level import unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

_METHOD = 0.005
"""Change of the score when the alignment is off by a sample at 16 kHz."""


@dataclass(frozen=True)
class Intelligibility:
    """STOI, 0..1, and the delay that was taken out."""

    stoi: Interval
    delay: Delay
    rate: int


def stoi(reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int) -> Intelligibility:
    """STOI of ``capture`` against the clean ``reference`` (mono, both at ``rate``). What is missing counts as silence.

    Unmeasurable below 384 ms of speech, or when the capture does not hold the reference.
    """
    from pystoi import stoi as compute

    found = delay(reference, capture, rate)
    heard = aligned(len(reference), capture, found.seconds.value, rate)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Not enough STFT frames", RuntimeWarning)
        try:
            score = float(compute(unit(reference), heard, rate))
        except RuntimeWarning:
            raise Unmeasurable("less than 0.384 s of speech, too little for STOI") from None
    return Intelligibility(Interval(score, max(score - _METHOD, 0.0), min(score + _METHOD, 1.0)), found, rate)
