"""When something was true, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple

from harness.foundation.units import Ns


class Stamp(NamedTuple):
    """An instant on the bench time line, in ns. The truth lies within [early, late]; ``t`` is the best estimate."""

    t: Ns
    early: Ns
    late: Ns

    @classmethod
    def exact(cls, t: Ns) -> Stamp:
        return cls(t, t, t)

    @classmethod
    def within(cls, t: Ns, spread: Ns) -> Stamp:
        """``t`` plus or minus ``spread``."""
        return cls(t, t - spread, t + spread)

    def shifted(self, by: Ns) -> Stamp:
        return Stamp(self.t + by, self.early + by, self.late + by)


class Interval(NamedTuple):
    """A measured value with its bounds: low <= truth <= high. Base units (s, V, dB)."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Interval:
        return cls(value, value, value)


def elapsed(start: Stamp, end: Stamp) -> Interval:
    """Seconds from ``start`` to ``end`` by interval arithmetic: the bounds hold whatever the true instants were."""
    return Interval((end.t - start.t) / 1e9, (end.early - start.late) / 1e9, (end.late - start.early) / 1e9)
