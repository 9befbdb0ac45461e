"""Which of the candidates a capture holds.

Theory. Every candidate is correlated with the capture as for a delay; the right one has one sharp peak and, laid over
the capture, the same waveform. Both must agree: a peak at least 2.5 times the next best one, and a likeness of at least
0.6. On speech of one speaker through speech codecs at 5..20 dB SNR, right ones had >= 4.0 and >= 0.83, wrong ones
<= 1.81 and <= 0.43, so the thresholds stand in the middle; other material is checked in tests/audio/test_match.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.align import aligned, in_band, likeness
from harness.audio.delay import cross_spectrum, peak
from harness.audio.unmeasurable import Unmeasurable

RATIO = 2.5
LIKENESS = 0.6
BAND = (200.0, 3400.0)


@dataclass(frozen=True)
class Candidate:
    """How well one candidate fits: peak ``ratio``, ``likeness`` -1..1, ``lag`` in samples from the capture's start."""

    id: str
    ratio: float
    likeness: float
    lag: int

    @property
    def fits(self) -> bool:
        return self.ratio >= RATIO and self.likeness >= LIKENESS


@dataclass(frozen=True)
class Match:
    """``id`` of the one candidate that the capture holds, None when none fits; ``candidates`` best first."""

    id: str | None
    candidates: tuple[Candidate, ...]
    rate: int


def match(
    capture: NDArray[np.generic],
    candidates: Mapping[str, NDArray[np.generic]],
    rate: int,
    band: tuple[float, float] = BAND,
) -> Match:
    """Find which candidate ``capture`` holds (all mono at ``rate``). A silent capture holds none."""
    heard = in_band(capture, rate, band)
    table = sorted(
        (_fit(name, sound, capture, heard, rate, band) for name, sound in candidates.items()),
        key=lambda c: (-c.fits, -c.likeness, -c.ratio, c.id),
    )
    first = table[0] if table else None
    return Match(first.id if first is not None and first.fits else None, tuple(table), rate)


def _fit(
    name: str,
    sound: NDArray[np.generic],
    capture: NDArray[np.generic],
    heard: NDArray[np.float64],
    rate: int,
    band: tuple[float, float],
) -> Candidate:
    try:
        lag, ratio = peak(*cross_spectrum(sound, capture, rate, band), len(sound), len(capture), rate)
    except Unmeasurable:
        return Candidate(name, 0.0, 0.0, 0)
    return Candidate(
        name, ratio, likeness(in_band(sound, rate, band), aligned(len(sound), heard, lag / rate, rate)), lag
    )
