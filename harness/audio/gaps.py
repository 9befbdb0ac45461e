"""Holes in a message: places where the reference speaks and the capture does not.

Theory. Two witnesses. Frames of 10 ms every 2.5 ms: the capture lies more than 15 dB under what the reference, at the
capture's gain, should give there, although that would stand 10 dB and more above the noise. And runs of zeros of 5 ms
and more where the reference is not silent: nothing analogue is ever exactly zero. Holes of 20 ms and more are found
nearly always, of 10 ms one in four by level alone (zeros find them all).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from harness.audio.align import aligned, in_band
from harness.audio.delay import WIDE, delay
from harness.audio.level import FULL_SCALE, speech_level, unit
from harness.foundation.stamps import Interval

_FRAME = 0.010
_HOP = 0.0025
_DROP = 15.0
_ABOVE_NOISE = 10.0
_WATCHED = 25.0
"""dB under the active level down to which frames are watched: what is softer, codecs may drop."""

_SLACK = 2
"""Frames to either side whose lowest level counts as expected: codecs smear by a few milliseconds."""

_BRIDGE = 12
"""Frames (30 ms) of unwatched noise between two findings that make them one hole."""

_SPREAD = 0.0125
"""Seconds either way: what the length of a hole seen by its level is worth."""

_ZEROS = 0.005
_AUDIBLE = 8.0 / FULL_SCALE
_BELOW_ACTIVE = 30.0
"""A reference under either (RMS; dB under its active level) is silent itself: a quiet codec rounds that to zero."""


@dataclass(frozen=True)
class Gap:
    """``at``: seconds from the start of the reference; ``length`` in seconds."""

    at: float
    length: Interval


@dataclass(frozen=True)
class Gaps:
    """Holes in order; ``watched``: seconds of the reference in which a hole could be seen."""

    found: tuple[Gap, ...]
    watched: float
    gain: float
    noise: float
    rate: int
    band: tuple[float, float]

    @property
    def longest(self) -> Interval:
        """Seconds; zero when there is none."""
        return max((g.length for g in self.found), default=Interval.exact(0.0))

    def at_least(self, seconds: float) -> Interval:
        """How many holes are that long: for sure (low), by the best estimate, at most (high)."""
        low, value, high = (sum(n >= seconds for n in (g.length[i] for g in self.found)) for i in (1, 0, 2))
        return Interval(float(value), float(low), float(high))


def gaps(
    reference: NDArray[np.generic],
    capture: NDArray[np.generic],
    rate: int,
    noise: float = -90.0,
    band: tuple[float, float] = WIDE,
) -> Gaps:
    """Holes of ``capture`` against ``reference`` (mono, both at ``rate``). ``noise``: level of the capture's pauses in
    dBov, see ``level.noise_floor``. ``band``: what the channel carries in Hz; a telephone channel loses whole
    fricatives, which are no holes. Unmeasurable when the capture does not hold the reference."""
    found = delay(reference, capture, rate, band)
    heard = aligned(len(reference), capture, found.seconds.value, rate)
    said, carried = unit(reference), in_band(reference, rate, band)
    speech = speech_level(carried, rate).active.value
    gain = speech_level(heard, rate).active.value - speech
    # The band filter rings: it may only ever lower what is expected, and the capture is not filtered at all.
    expected = np.minimum(_levels(said, rate), _levels(carried, rate)) + gain
    lowest = sliding_window_view(np.pad(expected, _SLACK, mode="edge"), 2 * _SLACK + 1).min(axis=1)
    actual = _levels(heard, rate)
    watched = lowest >= max(noise + _ABOVE_NOISE, speech + gain - _WATCHED)
    low = _bridged(watched & (actual < lowest - _DROP), actual < noise + _ABOVE_NOISE)
    spans = [(a * _HOP, (b - 1) * _HOP + _FRAME, _SPREAD) for a, b in _runs(low)]
    audible = max(_AUDIBLE, 10.0 ** ((speech - _BELOW_ACTIVE) / 20.0))
    present = np.minimum(np.abs(said), np.abs(carried))
    spans += [(a / rate, b / rate, 1.0 / rate) for a, b in _zero_runs(present, heard, audible, rate)]
    return Gaps(tuple(_merged(spans)), float(watched.sum()) * _HOP, gain, noise, rate, band)


def _levels(x: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """dBov of frames of 10 ms every 2.5 ms."""
    size, hop = round(_FRAME * rate), round(_HOP * rate)
    sums = np.concatenate(([0.0], np.cumsum(np.square(x))))
    starts = np.arange(0, max(len(x) - size + 1, 0), hop)
    powers = (sums[starts + size] - sums[starts]) / size
    levels: NDArray[np.float64] = 10.0 * np.log10(np.maximum(powers, 1e-10))
    return levels


def _bridged(low: NDArray[np.bool_], quiet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``low`` with short runs between two of its runs filled in where the capture stays ``quiet``: the reference was
    too soft there to be watched, but the hole did not end."""
    result = low.copy()
    runs = _runs(low)
    for (_, stop), (start, _) in pairwise(runs):
        if start - stop <= _BRIDGE and quiet[stop:start].all():
            result[stop:start] = True
    return result


def _zero_runs(
    wanted: NDArray[np.float64], heard: NDArray[np.float64], audible: float, rate: int
) -> list[tuple[int, int]]:
    """Runs of exact zeros, cut down to where the reference is audible, that are then at least 5 ms long."""
    found = []
    for a, b in _runs(heard == 0.0):
        loud = np.flatnonzero(np.abs(wanted[a:b]) >= audible)
        if len(loud):
            start, stop = a + int(loud[0]), a + int(loud[-1]) + 1
            strength = float(np.sqrt(np.mean(np.square(wanted[start:stop]))))
            if stop - start >= _ZEROS * rate and strength >= audible:
                found.append((start, stop))
    return found


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[start, stop) of every run of True."""
    edges = np.flatnonzero(np.diff(np.pad(flags, 1)))
    return [(start, stop) for start, stop in edges.reshape(-1, 2).tolist()]


def _merged(spans: list[tuple[float, float, float]]) -> list[Gap]:
    """Overlapping findings are one hole; the sharper one gives the bounds when both saw it."""
    groups: list[list[tuple[float, float, float]]] = []
    for span in sorted(spans):
        if groups and span[0] <= max(stop for _, stop, _ in groups[-1]):
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_hole(group) for group in groups]


def _hole(group: list[tuple[float, float, float]]) -> Gap:
    sharpest = min(spread for _, _, spread in group)
    sharp = [(start, stop) for start, stop, spread in group if spread == sharpest]
    start = min(start for start, _ in sharp)
    length = max(stop for _, stop in sharp) - start
    return Gap(start, Interval(length, max(length - sharpest, 0.0), length + sharpest))
