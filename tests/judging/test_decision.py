"""Bounds against a limit."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Interval
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.decision import ENOUGH, coverage, decide, decide_all

PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def measured(low: float, high: float, value: float | None = None) -> Measurement:
    return Measurement("latency", "s", Interval((low + high) / 2 if value is None else value, low, high), "seen")


@pytest.mark.parametrize(
    ("low", "high", "limit", "verdict", "margin"),
    [
        (0.10, 0.20, Limit("s", high=0.25), PASS, 0.05),
        (0.24, 0.25, Limit("s", high=0.25), PASS, 0.0),
        (0.24, 0.26, Limit("s", high=0.25), OPEN, -0.01),
        (0.25, 0.26, Limit("s", high=0.25), OPEN, -0.01),
        (0.26, 0.30, Limit("s", high=0.25), FAIL, -0.01),
        (5.0, 5.0, Limit("s", low=5.0), PASS, 0.0),
        (4.9, 5.1, Limit("s", low=5.0), OPEN, -0.1),
        (4.0, 4.5, Limit("s", low=5.0), FAIL, -0.5),
        (0.78, 0.82, Limit("s", low=0.75, high=0.85), PASS, 0.03),
        (0.75, 0.85, Limit("s", low=0.75, high=0.85), PASS, 0.0),
        (0.70, 0.90, Limit("s", low=0.75, high=0.85), OPEN, -0.05),
        (0.60, 0.70, Limit("s", low=0.75, high=0.85), FAIL, -0.05),
        (0.90, 0.95, Limit("s", low=0.75, high=0.85), FAIL, -0.05),
        (1.0, 1.0, Limit("1", low=1.0, high=1.0), PASS, 0.0),
        (2.0, 2.0, Limit("1", low=1.0, high=1.0), FAIL, -1.0),
    ],
)
def test_inside_outside_and_astride(low: float, high: float, limit: Limit, verdict: Verdict, margin: float) -> None:
    found, by = decide(measured(low, high), limit)
    assert (found, by) == (verdict, pytest.approx(margin))


def test_what_never_happened_fails_and_has_no_margin() -> None:
    assert decide(Measurement("latency", "s", None), Limit("s", high=1.0)) == (FAIL, None)


def test_a_limit_without_sides_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="latency has neither side"):
        decide(measured(0, 1), Limit("s"))


NUMBER = st.floats(-100, 100)


@settings(deadline=None, max_examples=200)
@given(st.lists(NUMBER, min_size=2, max_size=2), st.lists(NUMBER, min_size=2, max_size=2), st.floats(0, 1))
def test_pass_and_fail_hold_for_every_value_within_the_bounds(
    bounds: list[float], sides: list[float], share: float
) -> None:
    (low, high), (least, most) = sorted(bounds), sorted(sides)
    truth = min(max(low + share * (high - low), low), high)
    verdict, margin = decide(measured(low, high), Limit("s", low=least, high=most))
    inside = least <= truth <= most
    assert verdict is not PASS or inside
    assert verdict is not FAIL or not inside
    assert margin is not None
    assert (margin >= 0) is (verdict is PASS)


def test_of_many_samples_the_worst_decides_in_any_order() -> None:
    samples = [measured(0.1, 0.1), measured(0.3, 0.3), measured(0.2, 0.2), Measurement("latency", "s", None, "nothing")]
    for order in permutations(samples):
        shown, verdict, margin = decide_all(list(order), Limit("s", high=0.25))
        assert (verdict, margin, shown.value, shown.samples) == (FAIL, None, None, 4)
        assert "4 samples, 0.1 to 0.3 s; 1 never happened; worst: nothing" in shown.detail


def test_of_many_samples_inside_the_tightest_gives_the_margin() -> None:
    shown, verdict, margin = decide_all([measured(0.1, 0.1), measured(0.2, 0.24)], Limit("s", high=0.25))
    assert (verdict, shown.samples) == (PASS, 2)
    assert margin == pytest.approx(0.01)


def test_one_open_sample_leaves_all_of_them_open() -> None:
    samples = [measured(0.1, 0.1), measured(0.24, 0.26)]
    assert decide_all(samples, Limit("s", high=0.25))[1] is OPEN


def test_the_window_spans_all_samples() -> None:
    one = Measurement("latency", "s", Interval.exact(0.1), window=(10, 20))
    two = Measurement("latency", "s", Interval.exact(0.2), window=(5, 15))
    assert decide_all([one, two], Limit("s", high=1))[0].window == (5, 20)


def test_fifty_nine_without_a_miss_speak_for_95_percent_and_fewer_do_not() -> None:
    assert 0.95**ENOUGH <= 0.05 < 0.95 ** (ENOUGH - 1)
    assert coverage(59) == "none of 59 outside: at least 95.0 % of all are within (95 % confidence)"
    assert coverage(300) == "none of 300 outside: at least 99.0 % of all are within (95 % confidence)"
    assert coverage(58) == "the worst of 58; with 59 it would speak for 95 % of all (95 % confidence)"
