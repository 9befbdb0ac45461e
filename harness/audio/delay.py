"""How much later a capture holds what the reference holds.

Theory. Generalised cross-correlation: the cross spectrum of both, its magnitude flattened by the power 0.7 (between
plain correlation, which speech blurs, and full whitening, which lets noise outside the speech vote; C. H. Knapp and
G. C. Carter, IEEE Trans. ASSP 24 (1976); K. D. Donohue et al., CASSP 2007), limited to the band the channel carries.
The highest value is looked for on whole samples, then between them: a parabola through three of them says where to
evaluate the same sum an eighth of a sample apart, for a second one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.level import unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

WIDE = (100.0, 7000.0)
NARROW = (300.0, 3400.0)
"""Bands in Hz: of wide-band speech and of a telephone channel."""

_FLATTEN = 0.7
_NEIGHBOURHOOD = 0.002
"""Seconds about the peak that belong to it; the next best peak is looked for outside."""

_METHOD = 20e-6
"""Seconds: more than the error seen on speech at 16 kHz, from clean down to 10 dB under the noise."""

_THREE = np.array([-1.0, 0.0, 1.0])
_LEAST_RATIO = 1.5
LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Delay:
    """``seconds`` the capture lags (negative: leads); ``ratio`` of the correlation peak to the next best one."""

    seconds: Interval
    ratio: float
    rate: int
    band: tuple[float, float]


def delay(
    reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int, band: tuple[float, float] = WIDE
) -> Delay:
    """Delay of ``capture`` against ``reference`` (both mono at ``rate``; 16 kHz is enough for speech).

    Unmeasurable below 1 s of reference, for silence, or when no peak stands 1.5 times above the rest: the capture
    does not hold the reference.
    """
    if len(reference) < LEAST_SECONDS * rate:
        raise Unmeasurable(f"{len(reference) / rate:.3f} s of reference, {LEAST_SECONDS} s are needed for a delay")
    cross, size = cross_spectrum(reference, capture, rate, band)
    lag, ratio = peak(cross, size, len(reference), len(capture), rate)
    if ratio < _LEAST_RATIO:
        raise Unmeasurable(f"no delay: the best correlation is only {ratio:.2f} times the next")
    seconds = sharpened(cross, size, lag) / rate
    return Delay(Interval(seconds, seconds - _METHOD, seconds + _METHOD), ratio, rate, band)


def cross_spectrum(
    reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int, band: tuple[float, float]
) -> tuple[NDArray[np.complex128], int]:
    """The flattened cross spectrum within ``band``, and the length of its transform. Unmeasurable for silence."""
    from scipy.fft import next_fast_len, rfft

    size: int = next_fast_len(len(reference) + len(capture))
    cross: NDArray[np.complex128] = np.conj(rfft(unit(reference), size)) * rfft(unit(capture), size)
    frequency = np.fft.rfftfreq(size, 1.0 / rate)
    cross[(frequency < band[0]) | (frequency > band[1])] = 0.0
    magnitude = np.abs(cross)
    loudest = magnitude.max()
    if loudest == 0.0:
        raise Unmeasurable("silence, or nothing within the band")
    cross /= np.maximum(magnitude, 1e-9 * loudest) ** _FLATTEN
    return cross, size


def peak(cross: NDArray[np.complex128], size: int, reference: int, capture: int, rate: int) -> tuple[int, float]:
    """Whole-sample lag of the highest correlation among the lags at which the two overlap, and how many times it is the
    next highest one more than 2 ms away."""
    from scipy.fft import irfft

    correlation = irfft(cross, size)
    lags = np.concatenate((correlation[size - reference + 1 :], correlation[:capture]))
    best = int(np.argmax(lags))
    near = round(_NEIGHBOURHOOD * rate)
    rest = max(float(lags[: max(best - near, 0)].max(initial=0.0)), float(lags[best + near + 1 :].max(initial=0.0)))
    return best - (reference - 1), float(lags[best]) / rest if rest > 0.0 else float("inf")


def sharpened(cross: NDArray[np.complex128], size: int, lag: int) -> float:
    """The peak near ``lag`` in fractions of a sample: a parabola through whole samples, then a finer one about it."""
    used = np.flatnonzero(cross)
    magnitude, angle, turn = np.abs(cross[used]), np.angle(cross[used]), 2.0 * np.pi * used / size
    place = float(lag)
    for step in (1.0, 0.125):
        left, middle, right = (float(np.sum(magnitude * np.cos(turn * t + angle))) for t in place + step * _THREE)
        bend = left - 2.0 * middle + right
        shift = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
        place += step * min(max(shift, -1.0), 1.0)
    return place
