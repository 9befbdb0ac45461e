"""A trouble code matures somewhere between the last answer without it and the first one with it."""

from __future__ import annotations

from typing import Any

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.decision import decide
from harness.judging.trouble_codes import Reading, matures

CODE = 0xC12181
BEGAN = Stamp.exact(2 * S)
LIMIT = Limit("s", high=2.0)


def reading(t: int, *codes: int) -> Reading:
    return Reading(Stamp(t, t - 10 * MS, t), frozenset(codes))


def measured(readings: list[Reading]) -> Measurement:
    nothing: Any = None
    answer = matures("wheel_invalid", CODE, readings, BEGAN).look(nothing, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


def test_the_bounds_are_the_answers_before_and_with_it() -> None:
    value = measured([reading(2500 * MS), reading(3000 * MS), reading(3100 * MS, 0xC12100, CODE)]).value
    assert value is not None
    assert (value.value, value.low, value.high) == (1.1, 0.99, 1.1)


def test_a_code_that_was_there_at_once_may_have_matured_at_any_time_before() -> None:
    value = measured([reading(2200 * MS, CODE)]).value
    assert value is not None
    assert (value.low, value.high) == (0.0, 0.2)


def test_a_code_that_never_comes_fails() -> None:
    answer = measured([reading(t * S, 0xC12100) for t in range(3, 8)])
    assert answer.value is None
    assert decide(answer, LIMIT)[0] is Verdict.FAIL
    assert "none of 5 answers" in answer.detail


def test_answers_around_the_limit_are_inconclusive() -> None:
    assert decide(measured([reading(3900 * MS), reading(4100 * MS, CODE)]), LIMIT)[0] is Verdict.INCONCLUSIVE
