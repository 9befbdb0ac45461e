"""Flat tops on raw samples."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clipping import Clipping, clipping
from harness.foundation.stamps import Interval


def test_flat_tops_are_counted_on_both_sides() -> None:
    x = np.array([0, 32767, 32767, 32767, 5, -32768, -32768, -32767, -32768, 0], np.int16)
    found = clipping(x)
    assert (found.runs, found.first, found.share.value) == (2, 1, 0.7)


def test_a_single_peak_is_no_clipping() -> None:
    assert clipping(np.array([0, 32767, 32767, 0, -32768, 0], np.int16)).runs == 0
    assert clipping(np.zeros(0, np.int16)).share.value == 0.0


def test_speech_is_clean_until_it_is_driven_into_the_ceiling(speech: dict[str, np.ndarray]) -> None:
    for samples in speech.values():
        assert clipping(samples).runs == 0
        driven = np.clip(samples.astype(float) * 10 ** (24 / 20), -32768, 32767).astype(np.int16)
        assert clipping(driven).runs > 5


def test_a_limiter_below_full_scale_needs_its_ceiling() -> None:
    x = np.clip(np.arange(-100, 100) * 400, -20000, 20000).astype(np.int16)
    assert clipping(x).runs == 0
    assert clipping(x, ceiling=20000).share.value == pytest.approx(101 / 200, abs=0.01)


@settings(deadline=None, max_examples=200, database=None, derandomize=True)
@given(
    st.lists(st.sampled_from([0, 99, 100, -99, -100, 32766, 32767, -32767, -32768]), max_size=16),
    st.sampled_from([100, 32767]),
)
def test_flat_tops_are_those_one_counts_by_hand(samples: list[int], ceiling: int) -> None:
    at, tops = 0, []
    for side, run in groupby(samples, lambda x: (x >= ceiling) - (x <= -ceiling)):
        length = len(list(run))
        if side and length >= 3:
            tops.append((at, length))
        at += length
    share = sum(length for _, length in tops) / len(samples) if samples else 0.0
    first = tops[0][0] if tops else None
    wanted = Clipping(Interval.exact(share), len(tops), first, ceiling, len(samples))
    assert clipping(np.array(samples, np.int16), ceiling) == wanted
    if ceiling == 32767:
        assert clipping(np.array(samples, np.int16)) == wanted
