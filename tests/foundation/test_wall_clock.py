"""True time, with durations of microseconds."""

from __future__ import annotations

import pytest

from harness.foundation.clock import WallClock, civil_time, stopwatch
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, US


def spend(clock: WallClock, duration: int) -> None:
    """Be busy, as a callback that takes too long."""
    end = clock.now() + duration
    while clock.now() < end:
        pass


def test_time_begins_near_zero_and_goes_on() -> None:
    clock = WallClock()
    assert clock.kind == "wall"
    assert 0 <= clock.now() <= clock.now()


def test_callbacks_run_in_order_and_never_early() -> None:
    clock, seen = WallClock(), []
    start = clock.now() + 500 * US
    for number in (2, 0, 1):
        clock.at(start + number * 200 * US, lambda n=number: seen.append((n, clock.now())), name=f"{number}")
    clock.run_until(start + 1 * MS)
    assert [n for n, _ in seen] == [0, 1, 2]
    assert all(t >= start + n * 200 * US for n, t in seen)
    assert clock.now() >= start + 1 * MS


def test_at_one_instant_priority_decides() -> None:
    clock, seen = WallClock(), []
    when = clock.now() + 200 * US
    clock.at(when, lambda: seen.append("second"), name="second", priority=1)
    clock.at(when, lambda: seen.append("first"), name="first", priority=0)
    clock.run_until(when)
    assert seen == ["first", "second"]


def test_what_runs_late_is_recorded_with_its_name() -> None:
    clock = WallClock(lateness=50 * US)
    start = clock.now() + 100 * US
    clock.at(start, lambda: spend(clock, 600 * US), name="busy")
    clock.at(start + 100 * US, lambda: None, name="delayed")
    clock.run_until(start + 200 * US)
    planned, behind, name = clock.late[-1]
    assert (planned, name) == (start + 100 * US, "delayed")
    assert behind > 50 * US


def test_what_is_a_little_late_is_not_recorded() -> None:
    clock = WallClock(lateness=10_000 * MS)
    start = clock.now()
    clock.at(start, lambda: spend(clock, 300 * US), name="busy")
    clock.at(start + 1, lambda: None, name="delayed")
    clock.run_until(start + 100 * US)
    assert clock.late == []


def test_a_cancelled_callback_does_not_run() -> None:
    clock, seen = WallClock(), []
    clock.at(clock.now(), lambda: seen.append("ran"), name="cancelled").cancel()
    clock.run_until(clock.now() + 100 * US)
    assert seen == []


def test_a_callback_cannot_let_time_pass() -> None:
    clock = WallClock()
    clock.at(clock.now(), lambda: clock.run_until(clock.now()), name="impatient")
    with pytest.raises(HarnessError, match="callbacks put work on the clock"):
        clock.run_until(clock.now())


def test_settled_follows_what_has_run() -> None:
    clock = WallClock()
    assert clock.settled() == -1
    when = clock.now() + 100 * US
    clock.run_until(when)
    assert when <= clock.settled() <= clock.now()


def test_civil_time_is_utc_to_the_second() -> None:
    assert civil_time().endswith("+00:00")
    assert len(civil_time()) == len("2026-01-01T00:00:00+00:00")


def test_a_stopwatch_counts_up() -> None:
    watch = stopwatch()
    assert 0 <= watch() <= watch()
