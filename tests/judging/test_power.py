"""The current, once it has settled."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.power import MEAN_OVER, current_after, falls_below

AFTER = Stamp.exact(1 * S)
LIMIT = Limit("A", high=0.005)


def test_the_highest_reading_after_settling_counts(tape) -> None:
    for t, amperes in ((1500, 1.2), (11_100, 0.002), (12_000, 0.004), (12_500, 0.003), (14_000, 2.0)):
        tape.draws(amperes, t * MS)
    tape.clock.run_until(20 * S)
    found = tape.ask(current_after(AFTER, 10 * S), LIMIT, 0)
    assert isinstance(found, Measurement)
    assert found.value == Interval.exact(0.004)


def test_the_current_of_another_state_is_told_as_that(tape) -> None:
    tape.draws(1.8, 2 * S)
    tape.clock.run_until(5 * S)
    found = tape.ask(current_after(AFTER, 0).measuring("active_current"), LIMIT, 0)
    assert isinstance(found, Measurement)
    assert (found.quantity, found.value) == ("active_current", Interval.exact(1.8))


def test_no_reading_is_no_value(tape) -> None:
    tape.clock.run_until(20 * S)
    found = tape.ask(current_after(AFTER, 10 * S), LIMIT, 0)
    assert isinstance(found, Measurement)
    assert found.value is None


def test_it_waits_for_the_end_of_its_window(make_tape) -> None:
    tape = make_tape(lag={"supply": 100 * MS})
    tape.clock.run_until(11 * S + MEAN_OVER + 100 * MS - 1)
    assert isinstance(tape.ask(current_after(AFTER, 10 * S), LIMIT, 0), Undecided)


def test_a_unit_that_falls_asleep_in_the_last_moment_is_asleep_in_time(tape) -> None:
    limit = Limit("s", high=60.0)
    for t in range(1000, 80_000, 300):
        tape.draws(0.35 if t < 61_000 else 0.002, t * MS)
    tape.clock.run_until(80 * S)
    found = tape.ask(falls_below(0.005, AFTER), limit, 0)
    assert isinstance(found, Measurement)
    assert found.value is not None
    assert (found.value.low, found.value.high) == (59.7, 60.0)


def test_what_never_sleeps_is_told_in_milliamperes(tape) -> None:
    for t in range(1000, 20_000, 100):
        tape.draws(0.35, t * MS)
    tape.clock.run_until(20 * S)
    found = tape.ask(falls_below(0.005, AFTER), Limit("s", high=5.0), 6 * S)
    assert found.value is None
    assert found.detail.startswith("not below 5 mA for ")


@pytest.mark.parametrize(
    ("t", "counts"), [(11 * S - 1, False), (11 * S, True), (11 * S + MEAN_OVER, True), (11 * S + MEAN_OVER + 1, False)]
)
def test_readings_at_the_edges_of_the_window_count(tape, t: int, counts: bool) -> None:
    tape.draws(0.001, 12 * S)
    tape.draws(0.9, t)
    tape.clock.run_until(20 * S)
    found = tape.ask(current_after(AFTER, 10 * S), LIMIT, 0)
    assert isinstance(found, Measurement)
    assert found.value == Interval.exact(0.9 if counts else 0.001)
    number = "2 readings" if counts else "1 readings"
    highest = f"900 mA at {t / S:.3f} s" if counts else "1 mA at 12.000 s"
    assert found.detail == f"{highest}, highest of {number}"
    assert found.window == (11 * S, 11 * S + MEAN_OVER)


@pytest.mark.parametrize(("amperes", "asleep"), [(0.005, True), (0.005001, False)])
def test_a_current_on_the_threshold_is_below_it(tape, amperes: float, asleep: bool) -> None:
    for t in range(1, 20):
        tape.draws(amperes if t >= 3 else 1.0, t * S)
    tape.clock.run_until(20 * S)
    found = tape.ask(falls_below(0.005, AFTER), Limit("s", high=5.0), 0)
    assert isinstance(found, Measurement)
    assert found.value == (Interval(2.0, 1.0, 2.0) if asleep else None)
    if asleep:
        assert found.detail == "below 5 mA from 3.000 s on"
        assert found.window == (AFTER.t, 8 * S)


@pytest.mark.parametrize(("last", "asleep"), [(8 * S - 1, False), (8 * S, True)])
def test_asleep_is_what_stays_down_for_five_seconds(tape, last: int, asleep: bool) -> None:
    for t, amperes in ((1 * S, 1.0), (3 * S, 0.001), (last, 0.001)):
        tape.draws(amperes, t)
    tape.clock.run_until(20 * S)
    found = tape.ask(falls_below(0.005, AFTER), Limit("s", high=5.0), 0)
    assert isinstance(found, Measurement)
    assert (found.value is not None) is asleep
