"""Whether something goes with an action: what is counted, and how likely it is by chance."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.association import Association, Change, associate, chance, effective
from harness.foundation.units import MS, S

WINDOWS = [(10 * S, 11 * S), (20 * S, 21 * S), (30 * S, 31 * S), (40 * S, 41 * S), (50 * S, 51 * S)]
SPAN = (0, 60 * S)


def test_a_pulse_in_every_window_is_told_with_its_delays() -> None:
    changes = [c for b, _ in WINDOWS for c in (Change(b + 20 * MS, True), Change(b + 300 * MS, False))]
    fit = associate(changes, WINDOWS, SPAN)
    assert fit is not None
    assert (fit.way, fit.hits, fit.outside, fit.back) == ("up", 5, 0, "within")
    assert fit.seen == [20 * MS] * 5
    assert fit.claimed(100)


def test_what_goes_back_later_still_goes_up_with_the_action() -> None:
    changes = [c for b, _ in WINDOWS for c in (Change(b + 20 * MS, True), Change(b + 6 * S, False))]
    fit = associate(changes, WINDOWS, SPAN)
    assert fit is not None
    assert (fit.way, fit.outside, fit.back) == ("up", 0, "later")


def test_what_changes_over_with_each_action_toggles() -> None:
    fit = associate([Change(b + 50 * MS, n % 2 == 0) for n, (b, _) in enumerate(WINDOWS)], WINDOWS, SPAN)
    assert fit is not None
    assert (fit.way, fit.hits, fit.outside, fit.back) == ("toggles", 5, 0, "stays")


def test_once_is_not_enough_and_often_elsewhere_is_too_much() -> None:
    once = associate([Change(10 * S, True)], WINDOWS, SPAN)
    assert once is not None
    assert not once.consistent
    everywhere = associate([Change(n * S, True) for n in range(60)], WINDOWS, SPAN)
    assert everywhere is not None
    assert everywhere.hits == 5
    assert not everywhere.consistent
    assert everywhere.chance == 1.0


def test_nothing_in_any_window_is_no_fit() -> None:
    assert associate([Change(5 * S, True)], WINDOWS, SPAN) is None
    assert associate([], WINDOWS, SPAN) is None


def test_what_comes_after_never_reaches_into_the_next_window() -> None:
    assert effective([(0, 10), (12, 20)], (0, 25), settle=100) == [(0, 12), (12, 25)]


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 6), st.floats(0.1, 0.5), st.integers(0, 3), st.integers(0, 2**32))
def test_the_chance_is_never_said_to_be_smaller_than_it_is(windows: int, share: float, extra: int, seed: int) -> None:
    """Against throwing the changes at random."""
    rng = random.Random(seed)
    throws, met = 2000, 0
    for _ in range(throws):
        hit = {int(x * windows / share) for x in (rng.random() for _ in range(windows + extra)) if x < share}
        met += len(hit) >= windows
    bound = chance(windows, extra, windows, share)
    assert met / throws <= bound + 4 * (bound / throws) ** 0.5 + 0.002


@pytest.mark.parametrize("candidates", [1, 30, 1000])
def test_more_repetitions_make_it_surer(candidates: int) -> None:
    surer = [chance(n, 0, n, 0.3) * candidates for n in range(1, 9)]
    assert surer == sorted(surer, reverse=True)


def test_the_instants_are_those_of_the_windows_that_were_met() -> None:
    found = Association("up", (None, 5, 0), 0, 0.5, "stays")
    assert found.instants([(0, 10), (100, 110), (200, 210)]) == {105, 200}
