"""What a path does to each frequency, and which harmonics it adds, from one exponential sweep.

Theory. The sweep is divided out of the capture (spectrum by spectrum, only where the sweep has energy), which leaves
the impulse response of the path. Because the sweep spends equal time in every octave, what the path adds as the k-th
harmonic lies ``seconds * ln(k) / ln(high / low)`` before the linear response, whatever the frequency, and is cut out
beside it (A. Farina, AES 108th convention, 2000). The magnitude of the linear part is the frequency response; the
magnitude of the k-th part at k * f over that of the linear part at f is the k-th harmonic's share at f. Both are given
in third-octave bands (IEC 61260-1 base-ten centres). What lies in no part is noise and makes the bounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.level import unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

REFERENCE = 1000.0
"""Hz to which the response refers."""

_METHOD = 0.2
"""dB that a band's mean and the cutting of the impulse response are worth."""

_BEFORE, _AFTER = 0.02, 0.15
"""Seconds of the linear response before and after its peak: a room or a filter rings behind it, not before."""

_FINE = 4
"""Frequencies per line of a plain transform: a third octave at 125 Hz is only five lines wide."""
_EDGE = 10.0**0.05
"""From a third octave's centre to its upper edge."""
_INSIDE = 1.05
"""How far within the sweep a band begins and ends: the sweep itself begins and ends at once."""
_LEAST_PEAK = 20.0
"""How many times the impulse response must stand above what is nowhere near it."""
_FAINT = 1e-4
"""Share of the sweep's strongest spectral power under which a frequency is not divided by."""


@dataclass(frozen=True)
class Band:
    """``frequency``: centre in Hz; ``level``: dB against the band of 1 kHz; ``distortion``: share of the harmonics
    (0.03 is 3 %), None where their frequencies are beyond the sweep."""

    frequency: float
    level: Interval
    distortion: Interval | None


@dataclass(frozen=True)
class Response:
    """``bands`` from low to high; ``gain`` of the band of 1 kHz in dB; ``noise``: dB of what is nowhere expected."""

    bands: tuple[Band, ...]
    gain: float
    noise: float
    rate: int

    def deviation(self, low: float, high: float) -> Interval:
        """The largest distance from the level at 1 kHz, in dB, over the bands whose centres lie in [low, high] Hz."""
        inside = [b for b in self.bands if low <= b.frequency <= high]
        if not inside:
            raise Unmeasurable(f"no band between {low:g} and {high:g} Hz")
        worst = max(inside, key=lambda b: abs(b.level.value))
        value, spread = abs(worst.level.value), (worst.level.high - worst.level.low) / 2
        return Interval(value, max(value - spread, 0.0), value + spread)

    def worst(self, low: float, high: float) -> Band:
        """The band that deviates most."""
        return max((b for b in self.bands if low <= b.frequency <= high), key=lambda b: abs(b.level.value))


@dataclass(frozen=True)
class Sweep:
    """The sweep as it was made: Hz at both ends, and how long it lasts."""

    low: float
    high: float
    seconds: float

    def before(self, order: int) -> float:
        """Seconds by which the harmonic ``order`` lies before the linear response."""
        return self.seconds * float(np.log(order) / np.log(self.high / self.low))


def response(
    reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int, sweep: Sweep, harmonics: int = 5
) -> Response:
    """Response of the path from ``reference`` (the sweep itself) to ``capture`` (mono, both at ``rate``).

    Unmeasurable when the capture does not hold the sweep.
    """
    impulse = _impulse(reference, capture)
    peak = int(np.argmax(np.abs(impulse)))
    rest = float(np.median(np.abs(impulse)))
    if abs(float(impulse[peak])) < _LEAST_PEAK * rest:
        raise Unmeasurable("the capture does not hold the sweep")
    linear = _spectrum(impulse, peak, rate)
    parts = {k: _spectrum(impulse, peak - round(sweep.before(k) * rate), rate) for k in range(2, harmonics + 1)}
    noise = _noise(impulse, peak, rate, sweep, harmonics)
    centres = _centres(sweep)
    powers = {f: _mean(linear, rate, f) for f in centres}
    known = min(centres, key=lambda f: abs(f - REFERENCE))
    bands = []
    for centre in centres:
        level = 10.0 * float(np.log10(powers[centre] / powers[known]))
        spread = _METHOD + _doubt(noise, powers[centre]) + _doubt(noise, powers[known])
        share = _share(parts, rate, centre, sweep, powers[centre], noise)
        bands.append(Band(centre, Interval(level, level - spread, level + spread), share))
    gain = 10.0 * float(np.log10(powers[known]))
    return Response(tuple(bands), gain, 10.0 * float(np.log10(max(noise, 1e-12))), rate)


def _impulse(reference: NDArray[np.generic], capture: NDArray[np.generic]) -> NDArray[np.float64]:
    """The capture with the sweep divided out of it; circular, with room for the harmonics before the peak."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(reference) + len(capture))
    x, y = rfft(unit(reference), size), rfft(unit(capture), size)
    power = np.square(np.abs(x))
    strongest = power.max()
    if strongest == 0.0 or not np.any(y):
        raise Unmeasurable("silence")
    impulse: NDArray[np.float64] = irfft(y * np.conj(x) / (power + _FAINT * strongest), size)
    return impulse


def _spectrum(impulse: NDArray[np.float64], peak: int, rate: int) -> NDArray[np.float64]:
    """Power spectrum of the part around ``peak``, tapered at both ends."""
    before, after = round(_BEFORE * rate), round(_AFTER * rate)
    part = impulse[np.arange(peak - before, peak + after) % len(impulse)].copy()
    rise, fall = before // 2, after // 3
    part[:rise] *= np.sin(np.linspace(0.0, np.pi / 2, rise)) ** 2
    part[-fall:] *= np.cos(np.linspace(0.0, np.pi / 2, fall)) ** 2
    result: NDArray[np.float64] = np.square(np.abs(np.fft.rfft(part, _FINE * len(part))))
    return result


def _noise(impulse: NDArray[np.float64], peak: int, rate: int, sweep: Sweep, harmonics: int) -> float:
    """Mean power per frequency of a part of the impulse response in which nothing is expected: well behind the linear
    response, as far again as the highest harmonic lies before it."""
    place = peak + round((sweep.before(harmonics) / 2 + 2 * _AFTER) * rate)
    return float(np.median(_spectrum(impulse, place, rate))) / float(np.log(2.0))


def _centres(sweep: Sweep) -> list[float]:
    """Third-octave centres whose whole band the sweep passes through."""
    found = [REFERENCE * 10.0 ** (n / 10.0) for n in range(-17, 14)]
    return [f for f in found if f / _EDGE >= sweep.low * _INSIDE and f * _EDGE <= sweep.high / _INSIDE]


def _mean(power: NDArray[np.float64], rate: int, centre: float) -> float:
    """Over the lines from the lower edge of the third octave about ``centre`` to below the upper one."""
    lines = 2 * (len(power) - 1) / rate
    first, stop = (math.ceil(edge * lines) for edge in (centre / _EDGE, centre * _EDGE))
    return float(power[first:stop].mean())


def _doubt(noise: float, power: float) -> float:
    """dB that noise of that power may add to or take from ``power``."""
    return min(20.0 * float(np.log10(1.0 + np.sqrt(noise / power))), 20.0)


def _share(
    parts: dict[int, NDArray[np.float64]],
    rate: int,
    centre: float,
    sweep: Sweep,
    power: float,
    noise: float,
) -> Interval | None:
    orders = [k for k in parts if k * centre * _EDGE <= sweep.high / _INSIDE]
    if not orders:
        return None
    found = [_mean(parts[k], rate, k * centre) for k in orders]
    clean = sum(max(p - noise, 0.0) for p in found)
    spread = float(np.sqrt(len(orders) * noise / power))
    value = float(np.sqrt(clean / power))
    return Interval(value, max(value - spread, 0.0), value + spread)
