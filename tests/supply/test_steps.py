"""Straight lines become steps, and nothing vanishes in that."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.errors import RigFault
from harness.foundation.units import MS
from harness.supply.course import Course
from harness.supply.port import Point
from harness.supply.steps import coarser, staircase

STEP = 10 * MS
PROFILES = st.lists(st.tuples(st.integers(1, 30), st.floats(0, 18)), min_size=1, max_size=8)


def points(legs: list[tuple[int, float]]) -> list[Point]:
    made, after = [], 0
    for tenth, volts in legs:
        after += tenth * STEP
        made.append(Point(after, volts))
    return made


@settings(deadline=None, max_examples=60)
@given(PROFILES, st.floats(0, 18))
def test_steps_are_never_further_from_the_line_than_half_a_step_of_its_slope(
    legs: list[tuple[int, float]], before: float
) -> None:
    corners = points(legs)
    steps = staircase(corners, before, STEP)
    course = Course()
    course.follow(0, (Point(0, before), *corners))
    assert steps[0].after == 0
    assert steps[-1].volts == corners[-1].volts
    for one, other in pairwise(steps):
        assert other.after - one.after >= STEP
        for t in (one.after, other.after - 1):
            a, b = course.coming_to(t), course.volts(t)
            slopes = [abs(q.volts - p.volts) / (q.after - p.after) for p, q in pairwise([Point(0, before), *corners])]
            assert min(abs(one.volts - a), abs(one.volts - b)) <= max(slopes) * STEP + 1e-9


def test_a_jump_stays_a_jump_and_a_short_ramp_becomes_one() -> None:
    profile = (Point(0, 6.0), Point(100 * MS, 6.0), Point(105 * MS, 12.0), Point(300 * MS, 12.0))
    assert staircase(profile, 12.0, STEP) == [Point(0, 6.0), Point(105 * MS, 12.0)]


@pytest.mark.parametrize(
    "profile",
    [
        (Point(0, 6.0), Point(5 * MS, 6.0), Point(5 * MS, 12.0)),
        (Point(100 * MS, 12.0), Point(105 * MS, 6.0), Point(110 * MS, 12.0)),
    ],
)
def test_what_would_vanish_is_refused(profile: tuple[Point, ...]) -> None:
    with pytest.raises(RigFault, match="shortest step"):
        staircase(profile, 12.0, STEP)


def test_a_long_ramp_is_made_coarser_until_the_list_holds_it() -> None:
    steps, step = coarser((Point(0, 6.0), Point(10_000 * MS, 12.0)), 12.0, STEP, 100)
    assert len(steps) <= 100
    assert STEP < step < 20 * STEP
