"""Limits as people write them, and whether one lies within another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.foundation.units import parse_quantity
from harness.foundation.values import Limit
from harness.vehicle.limits import LimitModel, within

ends = st.one_of(st.none(), st.floats(-1e6, 1e6))
limits = st.builds(lambda low, high: Limit("s", low, high), ends, ends)
numbers = st.integers(-100_000, 100_000)


def admits(limit: Limit, value: float) -> bool:
    return (limit.low is None or value >= limit.low) and (limit.high is None or value <= limit.high)


@settings(deadline=None, max_examples=200)
@given(limits, limits, st.floats(-2e6, 2e6))
def test_what_is_within_admits_no_more(inner: Limit, outer: Limit, value: float) -> None:
    if within(inner, outer) and admits(inner, value):
        assert admits(outer, value)


@settings(deadline=None, max_examples=100)
@given(limits)
def test_a_limit_is_within_itself_and_not_within_another_unit(limit: Limit) -> None:
    assert within(limit, limit)
    assert not within(limit, Limit("V", limit.low, limit.high))


@settings(deadline=None, max_examples=100)
@given(numbers, st.integers(0, 10_000), st.sampled_from(["ms", "mV", "dB", "1", "%"]))
def test_value_with_tolerance_is_the_same_as_its_two_ends(value: int, tolerance: int, unit: str) -> None:
    about = LimitModel.model_validate(
        {"value": f"{value} {unit}", "tolerance": f"{tolerance} {unit}", "source": "maker's value"}
    ).limit()
    ends = LimitModel.model_validate(
        {"min": f"{value - tolerance} {unit}", "max": f"{value + tolerance} {unit}", "source": "maker's value"}
    ).limit()
    assert (about.low, about.high, about.unit) == (ends.low, ends.high, ends.unit)
    assert about.high == float(parse_quantity(f"{value + tolerance} {unit}")[0])


def test_only_the_makers_own_value_needs_no_status() -> None:
    assert LimitModel.model_validate({"max": "1 s", "source": "maker's value"}).limit().status == "maker's value"
    with pytest.raises(ValidationError, match="status"):
        LimitModel.model_validate({"max": "1 s", "source": "A standard"})
