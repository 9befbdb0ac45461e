"""Virtual time: order, jumps, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.clock import LIVELOCK, VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S


def test_time_begins_at_zero_and_jumps_over_silence() -> None:
    clock = VirtualClock()
    assert (clock.kind, clock.now()) == ("virtual", 0)
    clock.run_until(10**18)
    assert clock.now() == 10**18


def test_a_callback_sees_its_own_instant() -> None:
    clock, seen = VirtualClock(), []
    clock.at(3 * S, lambda: seen.append(clock.now()), name="late")
    clock.at(1 * MS, lambda: seen.append(clock.now()), name="early")
    clock.run_until(3 * S)
    assert seen == [1 * MS, 3 * S]


def test_what_is_due_after_the_end_waits() -> None:
    clock, seen = VirtualClock(), []
    clock.at(10, lambda: seen.append("at"), name="at the end")
    clock.at(11, lambda: seen.append("after"), name="after the end")
    clock.run_until(10)
    assert seen == ["at"]
    clock.run_until(11)
    assert seen == ["at", "after"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-2, 2)), max_size=30))
def test_order_is_instant_then_priority_then_the_order_of_at(asked: list[tuple[int, int]]) -> None:
    clock, seen = VirtualClock(), []
    for number, (when, priority) in enumerate(asked):
        clock.at(when, lambda n=number: seen.append(n), name=f"{number}", priority=priority)
    clock.run_until(5)
    assert seen == [n for _, _, n in sorted((w, p, n) for n, (w, p) in enumerate(asked))]


def test_what_a_callback_adds_at_its_own_instant_still_runs() -> None:
    clock, seen = VirtualClock(), []

    def first() -> None:
        seen.append("first")
        clock.at(clock.now(), lambda: seen.append("added"), name="added")

    clock.at(7, first, name="first")
    clock.at(7, lambda: seen.append("second"), name="second")
    clock.run_until(7)
    assert seen == ["first", "second", "added"]


def test_a_cancelled_callback_does_not_run_and_cancelling_twice_is_no_fault() -> None:
    clock, seen = VirtualClock(), []
    handle = clock.at(5, lambda: seen.append("ran"), name="cancelled")
    handle.cancel()
    handle.cancel()
    clock.run_until(5)
    handle.cancel()
    assert seen == []


def test_a_callback_may_cancel_another_one_of_its_instant_and_itself() -> None:
    clock, seen = VirtualClock(), []

    def first() -> None:
        seen.append("first")
        mine.cancel()
        other.cancel()

    mine = clock.at(5, first, name="first")
    other = clock.at(5, lambda: seen.append("other"), name="other")
    clock.run_until(5)
    assert seen == ["first"]


def test_the_past_is_refused_by_name() -> None:
    clock = VirtualClock()
    clock.run_until(2 * MS)
    with pytest.raises(HarnessError, match="heartbeat: put at 1999999 ns, which has passed"):
        clock.at(2 * MS - 1, lambda: None, name="heartbeat")
    clock.at(2 * MS, lambda: None, name="the present is not the past")


def test_running_backwards_changes_nothing() -> None:
    clock = VirtualClock()
    clock.run_until(9)
    clock.run_until(3)
    assert clock.now() == 9


def test_a_callback_cannot_let_time_pass() -> None:
    clock = VirtualClock()
    clock.at(5, lambda: clock.run_until(6), name="impatient")
    with pytest.raises(HarnessError, match="callbacks put work on the clock"):
        clock.run_until(5)


def test_after_a_callback_that_raised_the_clock_still_runs() -> None:
    clock, seen = VirtualClock(), []

    def broken() -> None:
        raise KeyError("ours")

    clock.at(5, broken, name="broken")
    clock.at(5, lambda: seen.append(clock.now()), name="next")
    with pytest.raises(KeyError):
        clock.run_until(8)
    assert clock.now() == 5
    clock.run_until(8)
    assert seen == [5]


def test_a_loop_without_progress_is_named() -> None:
    clock = VirtualClock()

    def again() -> None:
        clock.at(clock.now(), again, name="gateway echo")

    clock.at(4 * MS, again, name="gateway echo")
    clock.at(4 * MS, lambda: None, name="lamp", priority=1)
    said = rf"stands still at 4000000 ns after {LIVELOCK} callbacks.*gateway echo.*lamp"
    with pytest.raises(HarnessError, match=said):
        clock.run_until(5 * MS)


def test_many_callbacks_at_many_instants_are_no_loop() -> None:
    clock, count = VirtualClock(), [0]

    def tick() -> None:
        count[0] += 1
        if count[0] < LIVELOCK + 10:
            clock.at(clock.now() + 1, tick, name="tick")

    clock.at(0, tick, name="tick")
    clock.run_until(2 * LIVELOCK)
    assert count[0] == LIVELOCK + 10


def test_as_many_callbacks_at_one_instant_as_are_allowed_are_no_loop() -> None:
    clock, count = VirtualClock(), [0]

    def tick() -> None:
        count[0] += 1
        if count[0] < LIVELOCK:
            clock.at(clock.now(), tick, name="tick")

    clock.at(6, tick, name="tick")
    clock.run_until(6)
    assert count[0] == LIVELOCK


def test_settled_is_what_has_run_completely() -> None:
    clock, seen = VirtualClock(), []
    assert clock.settled() == -1
    clock.at(5, lambda: seen.append(clock.settled()), name="looks")
    clock.run_until(10)
    assert seen == [4], "while an instant is under way it is not settled"
    assert clock.settled() == 10


def test_an_instant_is_open_again_when_something_is_put_on_it() -> None:
    clock = VirtualClock()
    clock.run_until(10)
    clock.at(10, lambda: None, name="more")
    assert clock.settled() == 9
    clock.run_until(10)
    assert clock.settled() == 10
