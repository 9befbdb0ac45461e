"""A voltage as a function of time.

Theory. Corners joined by straight lines; before the first and after the last the voltage stays. Two corners at one
instant are a step, and the later one holds from that instant on. Nothing is sampled, so nothing is between the samples.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from harness.foundation.units import Ns
from harness.supply.port import Point


class Course:
    """(instant in ns, volts) corners in order; at first 0 V for ever."""

    def __init__(self) -> None:
        self._at: list[Ns] = [0]
        self._volts: list[float] = [0.0]

    def volts(self, t: Ns) -> float:
        i = max(bisect_right(self._at, t) - 1, 0)
        if i + 1 == len(self._at) or t <= self._at[i]:
            return self._volts[i]
        (ta, tb), (va, vb) = self._at[i : i + 2], self._volts[i : i + 2]
        return va + (vb - va) * ((t - ta) / (tb - ta))

    def coming_to(self, corner: Ns) -> float:
        """The voltage just before the step at ``corner``, if there is one there, else at it."""
        i = bisect_left(self._at, corner)
        return self._volts[i] if i < len(self._at) and self._at[i] == corner else self.volts(corner)

    def follow(self, start: Ns, points: Sequence[Point]) -> None:
        """From ``start`` on, the straight lines through ``points``; the last stays."""
        volts = self.volts(start)
        keep = bisect_right(self._at, start)
        self._at[keep:] = [start, *(start + p.after for p in points)]
        self._volts[keep:] = [volts, *(p.volts for p in points)]

    def corners(self, after: Ns) -> list[Ns]:
        """The instants of the corners later than ``after``, each once, in order."""
        return sorted(set(self._at[bisect_right(self._at, after) :]))
