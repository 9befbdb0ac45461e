"""From the clock of a CAN interface to bench time, with bounds.

Theory. An interface stamps a frame with a clock of its own: device = bench - offset. Nobody tells the offset, but two
things bound it. A frame cannot reach us before it happened, so arrival - device is never less than the offset. And a
frame we sent cannot have ended before we asked for it, so asked - device is never more. The tightest of each over a
sliding window hold the offset between them; what was learnt some time ago has since been loosened by the drift both
clocks may have against each other. A window of the quickest arrivals also forgives a reader that was kept waiting.

Where nothing was sent for a whole window only the upper bound is known. Then the quickest of the arrivals is taken to
have been under way for no more than ``latency``, which is an assumption (declared by the driver) and no measurement;
with fewer than ``FEW`` arrivals ten times that. A lower bound above the upper one means that the other clock was set:
all is forgotten and ``jumps`` counts it. """

from __future__ import annotations

from collections import deque

from harness.foundation.stamps import Stamp
from harness.foundation.units import US, Ns, S

DRIFT_PPM = 100
"""Two crystals of 50 ppm against each other."""
WINDOW: Ns = 10 * S
FEW = 16
ROUNDING: Ns = 1 * US
"""python-can hands stamps over as floating-point seconds: since 1970 that is a step of 0.24 us. What contradicts by no
more than this contradicts not."""


class ClockMap:
    """Offsets learnt, stamps made. All times in ns; ``latency`` as above."""

    def __init__(self, latency: Ns, drift_ppm: int = DRIFT_PPM, window: Ns = WINDOW) -> None:
        self.latency = latency
        self.jumps = 0
        self._drift_ppm = drift_ppm
        self._window = window
        self._forget()

    def _forget(self) -> None:
        self._upper: deque[tuple[Ns, Ns]] = deque()  # (when, offset), the offset corrected for drift ascends
        self._lower: deque[tuple[Ns, Ns]] = deque()
        self._arrivals: deque[Ns] = deque(maxlen=FEW)

    def _drift(self, span: Ns) -> Ns:
        return span * self._drift_ppm // 1_000_000

    def arrived(self, device: Ns, at: Ns) -> None:
        """A frame stamped ``device`` was in our hands at ``at`` (bench)."""
        offset = at - device
        if self._lower and offset < self._below(at) - ROUNDING:
            self.jumps += 1
            self._forget()
        key = offset - self._drift(at)
        while self._upper and self._upper[-1][1] - self._drift(self._upper[-1][0]) >= key:
            self._upper.pop()
        self._upper.append((at, offset))
        self._arrivals.append(at)
        while len(self._upper) > 1 and self._upper[0][0] < at - self._window:
            self._upper.popleft()
        while self._lower and self._lower[0][0] < at - self._window:
            self._lower.popleft()

    def happened_after(self, device: Ns, asked: Ns, at: Ns) -> None:
        """The frame stamped ``device`` ended after ``asked`` (bench); known at ``at``, after ``arrived`` for it."""
        offset = asked - device
        if self._upper and offset > self._above(at) + ROUNDING:
            self.jumps += 1
            last = self._upper[-1]
            self._forget()
            self._upper.append(last)
            self._arrivals.append(last[0])
            if offset > last[1]:
                return  # not to be believed at all: asked for after it arrived
        key = offset + self._drift(at)
        while self._lower and self._lower[-1][1] + self._drift(self._lower[-1][0]) <= key:
            self._lower.pop()
        self._lower.append((at, offset))

    def _above(self, at: Ns) -> Ns:
        when, offset = self._upper[0]
        return offset + self._drift(at - when)

    def _below(self, at: Ns) -> Ns:
        when, offset = self._lower[0]
        return offset - self._drift(at - when)

    def stamp(self, device: Ns, at: Ns) -> Stamp:
        """When the frame stamped ``device`` happened, that was in our hands at ``at``."""
        above = self._above(at)
        few = len(self._arrivals) < FEW
        below = above - self.latency * (10 if few else 1)
        best = above
        if self._lower:
            below = max(below, self._below(at))
            best = (above + below) // 2
        late = min(device + above + ROUNDING, at)
        early = min(device + below - ROUNDING, late)
        return Stamp(max(early, min(device + best, late)), early, late)

    def unstamped(self, at: Ns) -> Stamp:
        """The same for a frame that has no stamp but its arrival."""
        return Stamp(at, at - 10 * self.latency, at)
