"""The ideal supply: exact corners, exact crossings, a log that is the voltage."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S
from harness.supply.memory import FarSupply, MemorySupply, pair
from harness.supply.port import Point, Reading


def powered(volts: float = 12.0) -> tuple[VirtualClock, MemorySupply, FarSupply]:
    clock = VirtualClock()
    port, far = pair(clock)
    port.set_voltage(volts)
    port.output(True)
    clock.run_until(1 * MS)
    return clock, port, far


def test_the_unit_is_told_at_settings_and_at_each_corner():
    clock, port, far = powered()
    told = []
    far.on_change(lambda: told.append((clock.now(), far.voltage())))
    port.profile((Point(0, 6.0), Point(15 * MS, 6.0), Point(50 * MS, 9.5)))
    clock.run_until(1 * S)
    port.output(False)
    assert told[-1][0] < 1 * S
    clock.run_until(2 * S)
    assert told == [(1 * MS, 6.0), (16 * MS, 6.0), (51 * MS, 9.5), (1 * S, 0.0)]


def test_a_crossing_comes_at_the_first_nanosecond_beyond_the_threshold():
    clock, port, far = powered()
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append((clock.now(), far.voltage() >= 9.0)))
    began = clock.now()
    port.profile((Point(30 * MS, 6.0), Point(60 * MS, 12.0)))
    clock.run_until(1 * S)
    assert crossed == [(began + 15 * MS + 1, False), (began + 45 * MS, True)]


def test_reaching_a_threshold_exactly_counts_as_being_there():
    clock, port, far = powered(8.0)
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append(far.voltage()))
    port.set_voltage(9.0)
    clock.run_until(1 * S)
    assert crossed == [9.0]


def test_a_superseded_profile_crosses_nothing():
    clock, port, far = powered()
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append(clock.now()))
    port.profile((Point(100 * MS, 0.0),))
    clock.run_until(20 * MS)
    port.set_voltage(12.0)
    clock.run_until(1 * S)
    assert crossed == []


def test_a_superseded_profile_turns_no_corner():
    clock, port, far = powered()
    told = []
    far.on_change(lambda: told.append(clock.now()))
    port.profile((Point(100 * MS, 11.0),))
    port.set_voltage(12.0)
    clock.run_until(1 * S)
    assert set(told) == {1 * MS}


@pytest.mark.parametrize(
    "points",
    [
        (Point(10 * MS, 12.0), Point(10 * MS, 6.0)),
        (Point(10 * MS, 12.0), Point(10 * MS, 6.0), Point(20 * MS, 5.0)),
        (Point(0, 9.5), Point(10 * MS, 9.0), Point(10 * MS, 8.5)),
    ],
)
def test_a_step_inside_a_profile_crosses_at_its_instant(points):
    clock, port, far = powered()
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append(clock.now()))
    port.profile(points)
    clock.run_until(1 * S)
    assert crossed == [11 * MS]


def test_a_dip_that_ends_with_a_step_back_is_seen_both_ways():
    clock, port, far = powered()
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append((clock.now(), far.voltage() >= 9.0)))
    port.profile((Point(10 * MS, 6.0), Point(10 * MS, 12.0)))
    clock.run_until(1 * S)
    assert crossed == [(6 * MS + 1, False), (11 * MS, True)]


def test_a_ramp_that_ends_on_the_threshold_crosses_with_its_last_corner():
    clock, port, far = powered(6.0)
    crossed = []
    far.on_crossing(9.0, lambda: crossed.append(clock.now()))
    port.profile((Point(30 * MS, 9.0),))
    clock.run_until(1 * S)
    assert crossed == [31 * MS]


def test_a_profile_that_starts_on_the_step_of_another_hides_no_side_of_it():
    clock, port, _ = powered()
    began = clock.now()
    port.profile((Point(20 * MS, 12.0), Point(20 * MS, 6.0), Point(40 * MS, 6.0)))
    port.profile((Point(10 * MS, 8.0),), at=began + 20 * MS)
    clock.run_until(1 * S)
    assert [r.volts for r in port.log() if r.stamp.t == began + 20 * MS] == [12.0, 6.0]


def test_who_stops_watching_is_not_called():
    clock, port, far = powered()
    called = []
    stops = [far.on_crossing(9.0, lambda: called.append("crossing")), far.on_change(lambda: called.append("change"))]
    for stop in stops:
        stop()
        stop()
    port.set_voltage(3.0)
    clock.run_until(1 * S)
    assert called == []


def test_a_watcher_may_command_and_stop_from_its_callback():
    clock, port, far = powered()
    seen = []

    def recover():
        seen.append(clock.now())
        far.draw(0.0)
        stop()

    stop = far.on_crossing(9.0, recover)
    port.profile((Point(0, 5.0), Point(10 * MS, 12.0)))
    clock.run_until(1 * S)
    assert seen == [1 * MS]
    assert port.read().amperes == 0.0


def test_the_log_holds_both_sides_of_a_step_inside_a_profile():
    clock, port, far = powered()
    far.draw(2.0)
    port.profile((Point(10 * MS, 12.0), Point(10 * MS, 6.0)))
    clock.run_until(1 * S)
    at = 11 * MS
    assert [(r.volts, r.amperes) for r in port.log() if r.stamp.t == at] == [(12.0, 2.0), (6.0, 2.0)]


def test_the_past_cannot_be_commanded():
    clock, port, _ = powered()
    with pytest.raises(HarnessError, match="passed"):
        port.profile((Point(0, 6.0),), at=clock.now() - 1)


def test_a_current_without_sense_is_a_misuse():
    _, _, far = powered()
    for amperes in (-1.0, float("nan")):
        with pytest.raises(HarnessError):
            far.draw(amperes)


volts = st.floats(0, 20).map(lambda v: round(v, 2))
profiles = st.lists(st.tuples(st.integers(0, 50 * MS), volts), min_size=1, max_size=6).map(
    lambda rows: tuple(Point(after, v) for (after, v) in sorted(rows, key=lambda row: row[0]))
)
command = st.one_of(volts, st.booleans(), profiles, st.tuples(st.just("later"), profiles))
commands = st.lists(st.tuples(st.integers(0, 30 * MS), command), max_size=8)


def play(port: MemorySupply, clock: VirtualClock, what: object) -> None:
    if isinstance(what, bool):
        port.output(what)
    elif isinstance(what, float):
        port.set_voltage(what)
    elif what[0] == "later":
        port.profile(what[1], at=clock.now() + 7 * MS)
    else:
        port.profile(what)


def interpolated(log: tuple[Reading, ...], t: int) -> float:
    before = [r for r in log if r.stamp.t <= t][-1]
    later = [r for r in log if r.stamp.t > t]
    if not later:
        return before.volts
    after = later[0]
    return before.volts + (after.volts - before.volts) * (t - before.stamp.t) / (after.stamp.t - before.stamp.t)


@given(commands, st.lists(st.integers(0, 400 * MS), max_size=8))
@settings(deadline=None, max_examples=120)
def test_straight_lines_between_the_log_are_the_voltage(steps, looks):
    clock = VirtualClock()
    port, far = pair(clock)
    seen = []
    for t in looks:
        clock.at(t, lambda: seen.append((clock.now(), far.voltage())), name="look", priority=9)
    for wait, what in steps:
        clock.run_until(clock.now() + wait)
        play(port, clock, what)
    clock.run_until(1 * S)
    commanded = {r.stamp.t for r in port.log()}
    for t, value in seen:
        if t not in commanded:
            assert interpolated(port.log(), t) == pytest.approx(value, abs=1e-6)


@given(commands, volts)
@settings(deadline=None, max_examples=120)
def test_crossings_alternate_and_never_miss_a_side(steps, threshold):
    clock = VirtualClock()
    port, far = pair(clock)
    sides = [far.voltage() >= threshold]
    instants = []

    def crossed() -> None:
        sides.append(far.voltage() >= threshold)
        instants.append(clock.now())

    far.on_crossing(threshold, crossed)
    for wait, what in steps:
        clock.run_until(clock.now() + wait)
        play(port, clock, what)
    clock.run_until(1 * S)
    assert all(a != b for a, b in pairwise(sides))
    assert sides[-1] == (far.voltage() >= threshold)
    assert instants == sorted(instants)
