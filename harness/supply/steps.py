"""A profile of straight lines as the steps an instrument can take.

Theory. A plateau is one step. A ramp becomes equal steps no shorter than ``step``, each at the voltage of its middle,
so it is never further off than half a step of its slope. A ramp shorter than ``step`` is a jump at its end. What
would vanish in that (a plateau shorter than a step, two short ramps in a row) is refused, never dropped: a crank
pulse that the unit did not see must not be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from harness.foundation.errors import RigFault
from harness.foundation.units import Ns, show_time
from harness.supply.port import Point


def staircase(points: Sequence[Point], before: float, step: Ns) -> list[Point]:
    """The steps from ``before`` volts through ``points``: from ``after`` on it is ``volts``. The first is at 0.

    RigFault when a part of the profile is shorter than ``step`` and would be lost.
    """
    corners = [Point(0, before), *points]
    steps = [corners[0]]
    skipped = False
    for one, other in pairwise(corners):
        lasts = other.after - one.after
        if lasts == 0:
            if not skipped or other.volts == one.volts:
                _put(steps, other)
                continue
            raise _lost(one, other, step)
        if lasts < step:
            if one.volts == other.volts or skipped:
                raise _lost(one, other, step)
            skipped = True
            _put(steps, other)
            continue
        skipped = False
        if one.volts == other.volts:
            continue
        count = lasts // step
        for i in range(count):
            middle = one.volts + (other.volts - one.volts) * (2 * i + 1) / (2 * count)
            _put(steps, Point(one.after + lasts * i // count, middle))
        _put(steps, other)
    return steps


def coarser(points: Sequence[Point], before: float, step: Ns, most: int) -> tuple[list[Point], Ns]:
    """``staircase`` with at most ``most`` steps, and the step that took. RigFault when there is none."""
    steps = staircase(points, before, step)
    while len(steps) > most:
        step += max(step // 4, 1)
        steps = staircase(points, before, step)
    return steps, step


def _put(steps: list[Point], new: Point) -> None:
    if steps[-1].after == new.after:
        steps[-1] = new
    elif steps[-1].volts != new.volts:
        steps.append(new)


def _lost(one: Point, other: Point, step: Ns) -> RigFault:
    return RigFault(
        f"this supply cannot follow the profile: from {show_time(one.after)} to {show_time(other.after)} it goes from "
        f"{one.volts:g} V to {other.volts:g} V, and the supply's shortest step is {show_time(step)}. Take one with a "
        f"list mode, or a faster one."
    )
