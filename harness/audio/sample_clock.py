"""When a captured sample was on the line: frame index to bench time, learned from the instants of the callbacks.

Theory. Frames come at a steady rate; the callbacks that hand them over come late by anything between nothing and a
whole fragment of the sound server. So the prompt ones count: of every ``WINDOW`` blocks the smallest lag (callback
instant minus nominal instant of the block's end) is kept, and a straight line through these smallest lags gives drift
and offset. Two facts bound the truth:

- a sample was on the line before it was handed over: not later than the line through the prompt callbacks;
- whatever leads out and back in needs ``loop`` frames, and a sample cannot be on the line before it was handed to the
  output, in the *latest* of the callbacks: not earlier than the largest lag minus the loop.

The estimate is the middle of the two when the stream begins, and then only follows the drift: once the line has left
the mapping by more than ``DEAD``, one frame per block is skipped or held until it has not. So the samples themselves
are never touched, a window of bench time holds the nominal number of samples but for those slips, and adjoining windows
share none and miss none. What was mapped once stays mapped.

After frames were lost (an xrun) nothing is known of their number: the mapping begins anew, with a gap before it. So it
does, from the last good window on, when two whole windows come later by ``STEP`` than all before: a sound server that
starved says nothing, and whether frames are gone or only wait longer cannot be told. The loop may have grown by as
much, and the bounds with it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.audio.port import RATE
from harness.audio.samples import index_at, instant
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S

WINDOW = 50
"""Blocks per window: half a second of blocks of 10 ms. So long it takes to know anything."""
REMEMBERED = 120
"""Windows the line is laid through."""
TRUSTED = 40
"""Windows before a drift is believed; until then the smallest lag of all is taken."""
DEAD: Ns = 2 * MS
STEP: Ns = 15 * MS


class Mark(NamedTuple):
    """From frame ``first`` on: bench index = frame + ``offset``; truth within ``early``..``late`` ns of it."""

    first: int
    offset: int
    early: Ns
    late: Ns


class Gap(NamedTuple):
    """Frames were lost; ``frame`` is the first good one. Nothing is known of bench indices ``start``..``stop``."""

    frame: int
    start: int
    stop: int


@dataclass(frozen=True)
class _Window:
    end: int
    least: float
    most: float


def nominal(frames: int) -> int:
    """How long so many frames last at the nominal rate, in ns, rounded down."""
    return frames * S // RATE


class SampleClock:
    """``loop`` frames lead from the output back to the capture (an upper bound where it was never measured)."""

    def __init__(self, blocksize: int, loop: int) -> None:
        self._blocksize = blocksize
        self._loop = nominal(loop)
        self._marks: list[Mark] = []
        self._starts: list[int] = []
        self._windows: list[_Window] = []
        self._open: list[float] = []
        self._centre: float | None = None
        self._broken: int | None = 0
        self._resumed = self._doubted = 0
        self._told = 0
        self.gaps: list[Gap] = []
        self.slips = 0
        """Times the sound came later from then on, without an xrun being told."""
        self.residual: Ns = 0
        """How far the prompt callbacks lay apart from their line, largest less smallest."""
        self.ppm = 0.0
        """Drift of the device against the bench clock."""

    @property
    def ready(self) -> bool:
        """Whether the newest frames can be placed."""
        return self._broken is None

    @property
    def seen(self) -> int:
        """Bench index one past the last frame that is placed."""
        if not self._marks:
            return 0
        return (self._told if self._broken is None else self._broken) + self._marks[-1].offset

    def block(self, end: int, t: Ns, lost: bool) -> None:
        """A block whose last frame is ``end`` - 1 was handed over at ``t``; ``lost``: frames are missing before it."""
        if lost:
            if self._broken is None:
                self._broken = self._doubted = end - self._blocksize
            self._resumed = end - self._blocksize
            self._windows.clear()
            self._open.clear()
        self._open.append(float(t - nominal(end)))
        if len(self._open) >= WINDOW:
            self._windows.append(_Window(end, min(self._open), max(self._open)))
            del self._windows[:-REMEMBERED]
            self._open.clear()
            self._stepped(end)
            self._learn(end)
        self._told = end

    def frame(self, bench: int) -> int:
        """The first frame at or after this bench index (extrapolated beyond what is seen). Needs ``ready`` once."""
        k = max(bisect_right(self._starts, bench) - 1, 0)
        frame = bench - self._marks[k].offset
        if k + 1 < len(self._marks):
            frame = min(frame, self._marks[k + 1].first)
        return max(frame, self._marks[k].first)

    def stamp(self, frame: int) -> Stamp:
        """When that frame was on the line."""
        k = max(bisect_right(self._marks, frame, key=lambda m: m.first) - 1, 0)
        mark = self._marks[k]
        t = instant(frame + mark.offset)
        return Stamp(t.t, t.early + mark.early, t.late + mark.late)

    def gap_within(self, start: int, stop: int) -> Gap | None:
        """The first gap that touches bench indices [start, stop)."""
        return next((g for g in self.gaps if g.start < stop and start < g.stop), None)

    def _stepped(self, end: int) -> None:
        before, last = self._windows[:-2], self._windows[-2:]
        if not before or self._broken is not None:
            return
        step = min(w.least for w in last) - max(w.least for w in before[-TRUSTED:])
        if step > STEP:
            self.slips += 1
            self._loop += round(step)
            del self._windows[:-1]
            self._doubted = before[-1].end
            self._broken = self._resumed = end

    def _learn(self, end: int) -> None:
        ends = np.array([w.end for w in self._windows], float)
        least = np.array([w.least for w in self._windows])
        if len(self._windows) < TRUSTED:
            line = np.full(len(least), least.min())
        else:
            slope, base = np.polyfit(ends - end, least, 1)
            line = base + slope * (ends - end)
            self.ppm = float(slope) * RATE / S * 1e6
        off = least - line
        self.residual = round(float(off.max() - off.min()))
        now = float(line[-1])
        latest = max(w.most - float(x) for w, x in zip(self._windows, line, strict=True))
        late = now + float(off.max())
        early = min(now + latest - self._loop - self.residual, late)
        if self._centre is None:
            self._centre = (early + late) / 2 - now
        self._place(end, now + self._centre, early, late)

    def _place(self, end: int, centre: float, early: float, late: float) -> None:
        """Marks from frame ``end`` on; all frames of a stretch that begins (anew) at once."""
        if self._broken is not None:
            first = self._resumed
            offset = index_at(round(centre))
            if self._marks:
                before = self._broken + self._marks[-1].offset
                # time does not run backwards, whatever the two estimates say
                offset = max(offset, before - first)
                doubted = self._doubted + self._marks[-1].offset
                self.gaps.append(Gap(first, doubted, max(first + offset, before + 1)))
            self._mark(first, offset, early, late)
            self._broken = None
            return
        offset = self._marks[-1].offset
        error = centre - offset * S / RATE
        if abs(error) <= DEAD:
            self._mark(end, offset, early, late)
            return
        step = 1 if error > 0 else -1
        for k in range(min(WINDOW, round(abs(error) * RATE / S))):
            self._mark(end + k * self._blocksize, offset + step * (k + 1), early, late)

    def _mark(self, first: int, offset: int, early: float, late: float) -> None:
        at = offset * S / RATE
        self._marks.append(Mark(first, offset, min(round(early - at), 0), max(round(late - at), 0)))
        self._starts.append(first + offset)
