"""Bounds that hold, whatever the true instants were."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Interval, Stamp, elapsed

NS = st.integers(-(10**13), 10**13)
SPREAD = st.integers(0, 10**10)


@st.composite
def observed(draw: st.DrawFn) -> tuple[int, Stamp]:
    """A true instant, and a stamp whose bounds hold it."""
    early, below, above = draw(NS), draw(SPREAD), draw(SPREAD)
    late = early + below + above
    return draw(st.integers(early, late)), Stamp(draw(st.integers(early, late)), early, late)


@settings(deadline=None, max_examples=200)
@given(observed(), observed())
def test_the_true_difference_lies_within_the_bounds(start: tuple[int, Stamp], end: tuple[int, Stamp]) -> None:
    (true_start, seen_start), (true_end, seen_end) = start, end
    took = elapsed(seen_start, seen_end)
    assert took.low <= (true_end - true_start) / 1e9 <= took.high
    assert took.low <= took.value <= took.high


@settings(deadline=None, max_examples=50)
@given(observed(), NS)
def test_shifting_moves_truth_and_bounds_alike(seen: tuple[int, Stamp], by: int) -> None:
    true, stamp = seen
    moved = stamp.shifted(by)
    assert moved.early <= true + by <= moved.late
    assert elapsed(stamp, moved).value == by / 1e9


def test_exact_has_no_width_and_within_is_symmetric() -> None:
    assert Stamp.exact(5) == (5, 5, 5)
    assert Stamp.within(100, 7) == (100, 93, 107)
    assert Interval.exact(2.5) == (2.5, 2.5, 2.5)
    assert elapsed(Stamp.exact(0), Stamp.exact(250_000_000)) == (0.25, 0.25, 0.25)


def test_bounds_of_both_ends_add_up() -> None:
    took = elapsed(Stamp.within(1_000_000_000, 10_000_000), Stamp.within(2_000_000_000, 5_000_000))
    assert took == (1.0, 0.985, 1.015)
