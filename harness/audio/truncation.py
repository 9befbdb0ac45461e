"""How much of the beginning and of the end of a message is missing.

Theory. Two steps. First, blocks of 64 ms of the reference, every 8 ms where it speaks, are compared with the capture
at their place: the first two in a row with a likeness of 0.6 and more say roughly where sound begins, whatever the gain
there. Then the cut between the last block that failed and the end of those two: before it the capture is only what it
is, behind it the reference at the local gain. The place that leaves the least energy unexplained is the cut, and every
place that explains the capture as well within the noise belongs to the bounds. Nothing can be missed within a pause of
the reference, so the value is the earliest of these places. The end is the same, played backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.audio.align import aligned, best_likeness, in_band
from harness.audio.delay import Delay, delay
from harness.audio.level import speech_level
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

BLOCK = 0.064
_HOP = 0.008
_SLACK = 0.002
"""Seconds a block may lie beside its place: codecs smear, clocks differ."""

LIKENESS = 0.6
_BELOW_ACTIVE = 10.0
"""dB: a block speaks when it is not further under the active level than this."""

_METHOD = 0.010
"""Seconds either way: ringing of the band filter at a cut."""

BAND = (200.0, 3400.0)


@dataclass(frozen=True)
class Truncation:
    """Seconds of the reference that are missing at each end; ``likeness`` of the blocks that match (median)."""

    onset: Interval
    end: Interval
    likeness: float
    delay: Delay
    rate: int


def truncation(reference: NDArray[np.generic], capture: NDArray[np.generic], rate: int) -> Truncation:
    """Loss at the start and at the end of ``reference`` in ``capture`` (mono, both at ``rate``; 16 kHz is enough).

    Unmeasurable when the capture does not hold the reference at all.
    """
    found = delay(reference, capture, rate, BAND)
    wanted = in_band(reference, rate, BAND)
    limit = 10.0 ** ((speech_level(wanted, rate).active.value - _BELOW_ACTIVE) / 10.0)
    pad = round(_SLACK * rate)
    shifted = found.seconds.value - pad / rate
    heard = aligned(len(reference) + 2 * pad, in_band(capture, rate, BAND), shifted, rate)
    onset, likeness = _loss(wanted, heard, limit, rate)
    end, _ = _loss(wanted[::-1], heard[::-1], limit, rate)
    return Truncation(onset, end, likeness, found, rate)


def _loss(wanted: NDArray[np.float64], heard: NDArray[np.float64], limit: float, rate: int) -> tuple[Interval, float]:
    """Seconds missing at the start of ``wanted``, and the median likeness of the blocks that match. ``heard`` begins
    and ends ``_SLACK`` outside of ``wanted``; ``limit``: mean square above which a block speaks."""
    size, hop, pad = round(BLOCK * rate), round(_HOP * rate), (len(heard) - len(wanted)) // 2
    starts = [s for s in range(0, len(wanted) - size + 1, hop) if float(np.mean(wanted[s : s + size] ** 2)) >= limit]
    scores = [best_likeness(wanted[s : s + size], heard[s : s + size + 2 * pad]) for s in starts]
    alike = [score >= LIKENESS for score in scores]
    first = next((k for k in range(len(alike) - 1) if alike[k] and alike[k + 1]), None)
    if first is None:
        raise Unmeasurable("no part of the capture matches the reference")
    usual = float(np.median([s for s in scores if s >= LIKENESS]))
    start = starts[first - 1] if first else 0
    stop = min(starts[first] + 2 * size, len(wanted))
    low, high = _cut(wanted[start:stop], heard[pad + start : pad + stop], limit * size, starts[first] - start)
    spread = round(_METHOD * rate)
    first_good, last_good = start + low, start + high
    bounds = Interval(first_good / rate, max(first_good - spread, 0) / rate, (last_good + spread) / rate)
    return bounds, usual


def _cut(wanted: NDArray[np.float64], heard: NDArray[np.float64], energy: float, sure: int) -> tuple[int, int]:
    """Index from which ``heard`` is ``wanted`` at some gain, and the bounds of it. ``energy`` of a block that speaks;
    the gain is taken ``sure`` samples and half a block from the start on, where the sound is there."""
    inner = slice(sure + (len(wanted) - sure) // 3, None)
    gain = float(np.dot(wanted[inner], heard[inner]) / max(float(np.dot(wanted[inner], wanted[inner])), 1e-30))
    rest = np.square(heard - gain * wanted)
    before = np.concatenate(([0.0], np.cumsum(np.square(heard))))
    behind = np.concatenate((np.cumsum(rest[::-1])[::-1], [0.0]))
    cost = before + behind
    best = float(cost.min())
    tolerance = max(16.0 * float(np.mean(rest[inner])), 0.002 * gain * gain * energy)
    as_good = np.flatnonzero(cost <= best + tolerance)
    return int(as_good[0]), int(as_good[-1])
