"""Sample index and bench time against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.audio.samples import index_at, instant, span

PERIOD = Fraction(10**9, 48_000)
few = settings(deadline=None, max_examples=60, database=None, derandomize=True)


@few
@given(st.integers(0, 10**15))
@example(0)
@example(62_500)
@example(62_501)
def test_the_index_is_that_of_the_first_sample_not_before_the_instant(t: int) -> None:
    index = index_at(t)
    assert index * PERIOD >= t > (index - 1) * PERIOD


@few
@given(st.integers(0, 10**10))
@example(3)
@example(4)
@example(5)
def test_an_instant_between_two_nanoseconds_has_both(index: int) -> None:
    true = index * PERIOD
    assert instant(index) == (math.floor(true), math.floor(true), math.ceil(true))


@few
@given(st.integers(0, 10**10))
@example(1)
@example(3)
def test_so_many_samples_last_whole_nanoseconds_and_never_less(count: int) -> None:
    assert span(count) == math.ceil(count * PERIOD)
