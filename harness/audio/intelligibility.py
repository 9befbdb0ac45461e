"""Short-time objective intelligibility (C. H. Taal et al., IEEE Trans. ASLP 19 (2011)), by pystoi.

Theory. STOI compares short-time envelopes of the aligned pair; 20 ms of misalignment cost a quarter of the score, so
the delay is taken out first. It needs 30 frames (384 ms) that are not silent; with fewer the library returns 1e-5 and
warns, which would read as "unintelligible": here that is Unmeasurable instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.align import aligned
from harness.audio.delay import Delay, delay
from harness.audio.level import frame_powers, speech_level, unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

_METHOD = 0.005
"""Change of the score when the alignment is off by a sample at 16 kHz."""

_LEAST = 0.5
"""Seconds of speech, so that 30 frames remain after the silent ones are taken out."""


@dataclass(frozen=True)
class Intelligibility:
    """STOI, 0..1, and the delay that was taken out."""

    stoi: Interval
    delay: Delay
    rate: int


def stoi(reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int) -> Intelligibility:
    """STOI of ``capture`` against the clean ``reference`` (mono, both at ``rate``). What is missing counts as silence.

    Unmeasurable below 0.5 s of speech, or when the capture does not hold the reference.
    """
    from pystoi import stoi as compute

    spoken = _spoken(reference, rate)
    if spoken < _LEAST:
        raise Unmeasurable(f"{spoken:.2f} s of speech, {_LEAST} s are needed for STOI")
    found = delay(reference, capture, rate)
    heard = aligned(len(reference), capture, found.seconds.value, rate)
    score = float(compute(unit(reference), heard, rate))
    return Intelligibility(Interval(score, max(score - _METHOD, 0.0), min(score + _METHOD, 1.0)), found, rate)


def _spoken(reference: NDArray[np.generic], rate: int) -> float:
    """Seconds of the frames within 40 dB of the active level, which is what STOI keeps."""
    limit = 10.0 ** ((speech_level(reference, rate).active.value - 40.0) / 10.0)
    return float((frame_powers(reference, rate) >= limit).sum()) * 0.02
