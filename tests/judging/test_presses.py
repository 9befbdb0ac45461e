"""A row of presses: lost, doubled and slowing answers are told apart."""

from __future__ import annotations

import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.judging.observation import Undecided
from harness.judging.presses import answered, by_state, growth, slowest, slowing

ROLE, SOURCE = "head_unit.app", "role/head_unit.app"
ANY = Limit("1", low=0.0)


def row(count: int) -> tuple[tuple[Stamp, Stamp], ...]:
    return tuple((Stamp.exact((n + 1) * S), Stamp.exact((n + 1) * S + 120 * MS)) for n in range(count))


def say(tape, latencies: list[int]) -> None:
    """Odd presses open, even ones close on release, each after its latency."""
    states = [(0, "idle")]
    for n, latency in enumerate(latencies):
        began, ended = row(len(latencies))[n]
        states.append((began.t + latency, "listening") if n % 2 == 0 else (ended.t + latency, "idle"))
    for start, state in states:
        tape.frame(ROLE, state, start)


def asked(tape, question, count: int):
    found = question(by_state(ROLE, "listening", row(count)), SOURCE, row(count), ROLE)
    tape.clock.run_until(60 * S)
    return tape.ask(found, ANY, 0)


def test_each_press_answered_once(tape) -> None:
    say(tape, [40 * MS] * 10)
    assert asked(tape, answered, 10).value == Interval.exact(100.0)
    assert asked(tape, slowest, 10).value.value == pytest.approx(0.04)
    assert asked(tape, slowing, 10).value.value == pytest.approx(0.0, abs=1e-9)


def test_a_state_that_is_said_again_and_again_is_one_answer(tape) -> None:
    """As a cyclic message does: the old state still comes after the press, and the new one many times."""
    say(tape, [40 * MS] * 4)
    for n in range(250):
        t = 900 * MS + n * 20 * MS + 1
        opened = any(
            began.t + 40 * MS <= t < row(4)[2 * k + 1][1].t + 40 * MS for k, (began, _) in enumerate(row(4)[::2])
        )
        tape.frame(ROLE, "listening" if opened else "idle", t)
    found = asked(tape, answered, 4)
    assert found.value == Interval.exact(100.0), found.detail
    assert asked(tape, slowest, 4).value.value == pytest.approx(0.04)


def test_it_is_undecided_until_the_last_answer_may_have_come(tape) -> None:
    question = answered(by_state(ROLE, "listening", row(4)), SOURCE, row(4), ROLE)
    tape.clock.run_until(4 * S)
    assert isinstance(tape.ask(question, ANY, 0), Undecided)


def test_a_lost_press_shifts_all_that_follow(tape) -> None:
    tape.frame(ROLE, "idle", 0)
    for n in (0, 3):  # the second and third press are not answered
        began, ended = row(4)[n]
        tape.frame(ROLE, "listening" if n == 0 else "idle", (began if n == 0 else ended).t + 40 * MS)
    found = asked(tape, answered, 4)
    assert found.value.value == 50.0
    assert "2 lost" in found.detail
    assert "press 2" in found.detail


def test_a_doubled_press_is_not_answered_once(tape) -> None:
    tape.frame(ROLE, "idle", 0)
    tape.frame(ROLE, "listening", 1040 * MS)
    tape.frame(ROLE, "idle", 1200 * MS)
    tape.frame(ROLE, "listening", 1300 * MS)
    tape.frame(ROLE, "idle", 2160 * MS)
    found = asked(tape, answered, 2)
    assert found.value.value == 50.0
    assert "1 answered otherwise" in found.detail


def test_answers_that_slow_down_are_measured(tape) -> None:
    say(tape, [(40 + 2 * n) * MS for n in range(20)])
    assert asked(tape, slowing, 20).value.value == pytest.approx(0.036, abs=1e-6)
    assert asked(tape, slowest, 20).value.value == pytest.approx(0.078, abs=1e-6)


def test_growth_is_the_slope_over_all() -> None:
    grown = growth([Interval.exact(0.1 + 0.01 * n) for n in range(11)])
    assert grown == pytest.approx((0.1, 0.1, 0.1))


def test_growth_carries_the_bounds_of_each_latency() -> None:
    grown = growth([Interval(0.1, 0.09, 0.11) for _ in range(5)])
    assert grown.low < 0.0 < grown.high
    assert grown.value == pytest.approx(0.0)
    # the worst the true latencies could do within their bounds
    assert grown.high == pytest.approx(growth([Interval.exact(x) for x in (0.09, 0.09, 0.1, 0.11, 0.11)]).value)


def test_two_latencies_are_no_trend() -> None:
    with pytest.raises(HarnessError, match="three"):
        growth([Interval.exact(0.1), Interval.exact(0.2)])
