"""Chimes and tones: where a known sound begins, how strong a tone is, how distorted.

Theory. A chime is looked for as a template by normalised cross-correlation: the score at an index is 1 when the
capture holds the template there and nothing else, whatever its level; under noise it is the root of the template's
share of the energy. A wrong chime or speech stays far below ``SCORE``. The bounds of the onset hold every place whose
score cannot be told from the best one, given how much of the energy there is not the template's. A tone's strength and
harmonics are the least-squares fit of sines, exact for any length; what the fit leaves over gives the bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.level import FULL_SCALE, decibel, unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

SCORE = 0.5
"""On stored speech, cabin noise and other chimes a wrong template stays under 0.4; the right one as loud as speech on
top of it reaches 0.6."""

QUIET = 10.0 ** (-75.0 / 10.0)
"""Mean square under which nothing is looked for: a chime 75 dB under full scale is none."""

_INDEPENDENT = 2000.0
"""Independent samples per second that the score of a place rests on: 1 kHz of bandwidth, less than any chime has."""


@dataclass(frozen=True)
class Found:
    """``onset``: index in the capture of the template's first sample, with bounds; ``score`` 0..1; ``level`` dBov of
    the template's part."""

    onset: Interval
    score: float
    level: float
    rate: int


def scores(capture: NDArray[np.generic], template: NDArray[np.generic]) -> NDArray[np.float64]:
    """Normalised cross-correlation at every index where the whole template fits; 0 where the capture is quiet."""
    from scipy.signal import oaconvolve

    x, t = unit(capture), unit(template)
    size = len(t)
    if len(x) < size:
        return np.zeros(0)
    products = oaconvolve(x, t[::-1], "valid")
    sums = np.concatenate(([0.0], np.cumsum(np.square(x))))
    energies = sums[size:] - sums[:-size]
    loud = energies > size * QUIET
    result = np.zeros(len(products))
    result[loud] = products[loud] / np.sqrt(energies[loud] * float(np.dot(t, t)))
    return result


def find_all(
    capture: NDArray[np.generic], template: NDArray[np.generic], rate: int, least: float = SCORE
) -> tuple[Found, ...]:
    """Every place where ``capture`` holds ``template`` (mono, both at ``rate``), in order; () when it is not there.

    A template that the capture's end cuts off is not seen: watch for its length beyond the window of interest.
    """
    table = scores(capture, template)
    size = len(template)
    found: list[Found] = []
    above = np.flatnonzero(table >= least)
    while len(above):
        group = above[above < above[0] + size]
        best = int(group[np.argmax(table[group])])
        found.append(_found(capture, table, best, size, rate))
        above = above[above >= best + size]
    return tuple(found)


def find(capture: NDArray[np.generic], template: NDArray[np.generic], rate: int, least: float = SCORE) -> Found | None:
    """The first place where ``capture`` holds ``template``; None when it is not there."""
    return next(iter(find_all(capture, template, rate, least)), None)


def _found(capture: NDArray[np.generic], table: NDArray[np.float64], best: int, size: int, rate: int) -> Found:
    score = float(min(table[best], 1.0))
    foreign = max(1.0 - score * score, 0.0)
    doubt = 3.0 * float(np.sqrt(foreign / (_INDEPENDENT * size / rate)))
    near = round(0.01 * rate)
    low = max(best - near, 0)
    alike = np.flatnonzero(table[low : best + near + 1] >= score - max(doubt, 1e-9)) + low
    level = decibel(float(np.mean(np.square(unit(capture[best : best + size])))) * score * score)
    return Found(Interval(float(best), float(alike[0] - 1), float(alike[-1] + 1)), score, level, rate)


@dataclass(frozen=True)
class Tone:
    """A sine and its harmonics. ``level``: dBov of the fundamental; ``distortion``: THD, root of the harmonics' power
    over the fundamental's (0.03 is 3 %); ``rest``: dBov of what is neither."""

    frequency: float
    level: Interval
    distortion: Interval
    rest: float
    rate: int
    count: int


def tone(samples: NDArray[np.generic], rate: int, frequency: float, harmonics: int = 10) -> Tone:
    """Fit a sine of ``frequency`` and its ``harmonics`` below half the rate. Unmeasurable below ten periods or when the
    tone does not stand out of what is left over."""
    x = unit(samples)
    if len(x) < 10 * rate / frequency:
        raise Unmeasurable(f"{len(x) / rate:.4f} s are less than ten periods of {frequency} Hz")
    orders = [k for k in range(1, harmonics + 1) if k * frequency < 0.45 * rate]
    phase = 2.0 * np.pi * frequency * np.arange(len(x)) / rate
    basis = np.column_stack([np.ones(len(x)), *(f(k * phase) for k in orders for f in (np.cos, np.sin))])
    weights, *_ = np.linalg.lstsq(basis, x, rcond=None)
    powers = 0.5 * np.square(weights[1:]).reshape(-1, 2).sum(axis=1)
    rest = float(np.mean(np.square(x - basis @ weights)))
    variance = 2.0 * max(rest, 1.0 / (12.0 * FULL_SCALE**2)) / len(x)
    main = float(powers[0])
    if main < 25.0 * variance:
        raise Unmeasurable(f"no tone of {frequency} Hz above the rest ({decibel(rest):.1f} dBov)")
    spread = 2.0 * float(np.sqrt(variance))
    root = float(np.sqrt(main))
    above = float(np.sqrt(powers[1:].sum()))
    doubt = spread * float(np.sqrt(max(len(orders) - 1, 1)))
    level = Interval(decibel(main), decibel((root - spread) ** 2), decibel((root + spread) ** 2))
    thd = Interval(above / root, max(above - doubt, 0.0) / (root + spread), (above + doubt) / (root - spread))
    return Tone(frequency, level, thd, decibel(rest), rate, len(x))


def goertzel(samples: NDArray[np.generic], rate: int, frequency: float) -> float:
    """Level in dBov at ``frequency``: the one bin that Goertzel's recursion gives (1958), Hann window; no bounds."""
    x = unit(samples)
    if not len(x):
        raise Unmeasurable("no samples")
    window = np.hanning(len(x) + 2)[1:-1]
    turn = np.exp(-2j * np.pi * frequency * np.arange(len(x)) / rate)
    amplitude = 2.0 * abs(complex(np.dot(x * window, turn))) / float(window.sum())
    return decibel(amplitude**2 / 2.0)
