"""Many values of one quantity in a few figures, and how far two sets of them lie apart.

The room of a limit is what differences are held against: between both bounds the distance from one to the other; with
one bound the bound itself, as its distance from nothing; none for "= 1" and "<= 0", where every difference counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Distribution:
    """``n`` counts all, those that never happened included; the figures are of those that did, in base units."""

    n: int
    never: int
    low: float | None
    median: float | None
    high: float | None
    within: float | None
    """Share (0..1) of all that is inside the limit; None when there is nothing."""


def distribution(values: Sequence[float | None], limit: Mapping[str, Any]) -> Distribution:
    """The figures of ``values``; None among them is something that never happened, and is inside no limit."""
    seen = [v for v in values if v is not None]
    if not values:
        return Distribution(0, 0, None, None, None, None)
    inside = sum(is_inside(v, limit) for v in seen)
    never = len(values) - len(seen)
    if not seen:
        return Distribution(len(values), never, None, None, None, 0.0)
    return Distribution(len(values), never, min(seen), statistics.median(seen), max(seen), inside / len(values))


def is_inside(value: float, limit: Mapping[str, Any]) -> bool:
    """A value exactly on the limit is inside, as for the decision rule."""
    low, high = limit.get("low"), limit.get("high")
    return (low is None or value >= low) and (high is None or value <= high)


def room(limit: Mapping[str, Any]) -> float:
    """What a difference is measured by, in the limit's unit; see the module's theory. 0.0 also for no bound at all."""
    low, high = limit.get("low"), limit.get("high")
    if low is not None and high is not None:
        return abs(float(high) - float(low))
    return abs(float(high if high is not None else low if low is not None else 0.0))


def gap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far two intervals are apart at least: 0.0 when they touch or overlap."""
    return max(a[0] - b[1], b[0] - a[1], 0.0)
