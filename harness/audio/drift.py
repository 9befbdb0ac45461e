"""Whether two clocks that should agree do: slow drift, and sudden slips.

Theory. A path whose clock is off by some ppm delays what it carries a little more every second; a path that loses or
repeats a buffer jumps. One correlation over everything sees neither well: it blurs. So the reference is cut into
segments of 0.5 s, half overlapping, and the delay of each is looked for about that of the last one. Between two
neighbours a change of more than 0.4 ms against the usual one is a slip; the slope of the delays, with a step of its own
at each slip, is the drift. Positive drift: the capture is longer than the reference, its source ran slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from harness.audio.delay import WIDE, cross_spectrum, peak, sharpened
from harness.audio.level import speech_level, unit
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

SEGMENT = 0.5
_HOP = 0.25
_SEARCH = 0.12
"""Seconds either way of the last delay: a slip of more is another recording."""
_JUMP = 0.0004
_LEAST_RATIO = 1.25
_BELOW_ACTIVE = 20.0
_METHOD = 1.1
"""ppm either way, from known resamplings of speech."""
_ONE = 20e-6
"""Seconds that a single segment's delay is worth."""


@dataclass(frozen=True)
class Slip:
    """``at``: seconds from the reference's start; ``seconds`` that the capture jumps (positive: it waits or repeats,
    negative: something was left out)."""

    at: float
    seconds: float


@dataclass(frozen=True)
class Drift:
    """``ppm`` by which the capture is longer; the ``slips`` in order; how many ``segments`` were tracked."""

    ppm: Interval
    slips: tuple[Slip, ...]
    segments: int
    rate: int


def drift(
    reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int, band: tuple[float, float] = WIDE
) -> Drift:
    """Drift and slips of ``capture`` against ``reference`` (mono, both at ``rate``, nominally alike).

    Unmeasurable when fewer than four segments are found again.
    """
    places = _tracked(reference, capture, rate, band)
    if len(places) < 4:
        raise Unmeasurable(f"{len(places)} segments of {SEGMENT} s were found again, 4 are needed for a drift")
    times = np.array([t for t, _ in places])
    lags = np.array([lag for _, lag in places])
    steps = np.diff(lags)
    usual = float(np.median(steps / np.diff(times)))
    jumps = np.abs(steps - usual * np.diff(times)) > _JUMP
    slope, spread = _slope(times, lags, np.concatenate(([0], np.cumsum(jumps))))
    ppm = Interval(slope * 1e6, (slope - spread) * 1e6 - _METHOD, (slope + spread) * 1e6 + _METHOD)
    return Drift(ppm, _slips(times, steps - slope * np.diff(times), jumps), len(places), rate)


def _tracked(
    reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int, band: tuple[float, float]
) -> list[tuple[float, float]]:
    """(middle of the segment, delay), both in seconds, of every segment that was found."""
    x, y = unit(reference), unit(capture)
    size, hop, reach = round(SEGMENT * rate), round(_HOP * rate), round(_SEARCH * rate)
    least = 10.0 ** ((speech_level(reference, rate).active.value - _BELOW_ACTIVE) / 10.0)
    last = _begin(x, y, rate, band)
    found: list[tuple[float, float]] = []
    for start in range(0, len(x) - size + 1, hop):
        part = x[start : start + size]
        if float(np.mean(np.square(part))) < least:
            continue
        low = max(start + round(last) - reach, 0)
        around = y[low : start + round(last) + size + reach]
        if len(around) < size:
            continue
        try:
            cross, length = cross_spectrum(part, around, rate, band)
        except Unmeasurable:
            continue
        lag, ratio = peak(cross, length, len(part), len(around), rate)
        if ratio < _LEAST_RATIO:
            continue
        last = low + sharpened(cross, length, lag) - start
        found.append(((start + size / 2) / rate, last / rate))
    return found


def _begin(x: NDArray[np.float64], y: NDArray[np.float64], rate: int, band: tuple[float, float]) -> float:
    """Delay in samples at the start, by the first two seconds: drift does not blur them yet."""
    head = x[: 2 * rate]
    cross, size = cross_spectrum(head, y, rate, band)
    lag, ratio = peak(cross, size, len(head), len(y), rate)
    if ratio < _LEAST_RATIO:
        raise Unmeasurable("the capture does not begin like the reference")
    return float(lag)


def _slope(times: NDArray[np.float64], lags: NDArray[np.float64], run: NDArray[np.int64]) -> tuple[float, float]:
    """Seconds per second, common to all runs between slips, and three standard errors of it."""
    numbers = np.unique(run)
    columns = np.column_stack([times, *(run == n for n in numbers)])
    weights, *_ = np.linalg.lstsq(columns, lags, rcond=None)
    centred = times - np.array([times[run == n].mean() for n in run])
    lever = float(np.sqrt(np.sum(np.square(centred))))
    if lever <= 0.0:
        raise Unmeasurable("slips everywhere: no stretch is long enough for a drift")
    free = max(len(times) - columns.shape[1], 1)
    noise = max(float(np.sqrt(np.sum(np.square(lags - columns @ weights)) / free)), _ONE / 3.0)
    return float(weights[0]), 3.0 * noise / lever


def _slips(times: NDArray[np.float64], steps: NDArray[np.float64], jumps: NDArray[np.bool_]) -> tuple[Slip, ...]:
    """Jumps within one segment's length of each other are one slip: the segments that straddle it see part of it."""
    places = np.flatnonzero(jumps)
    groups: list[list[int]] = []
    for place in places.tolist():
        if groups and times[place] - times[groups[-1][-1]] <= SEGMENT:
            groups[-1].append(place)
        else:
            groups.append([place])
    middles = [(a + b) / 2 for a, b in pairwise(times.tolist())]
    found = [Slip(float(np.mean([middles[p] for p in g])), float(sum(steps[p] for p in g))) for g in groups]
    return tuple(slip for slip in found if abs(slip.seconds) > _JUMP)
