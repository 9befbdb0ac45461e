"""Drift and slips of a noise, whose segments are all found: what the figures are worth, and where the limits lie."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import resample

from harness.audio.drift import Drift, drift
from harness.audio.unmeasurable import Unmeasurable

RATE = 8000
BAND = (100.0, 3600.0)


@pytest.fixture(scope="module")
def steady() -> np.ndarray:
    return np.random.default_rng(21).normal(0.0, 10 ** (-26 / 20), 4 * RATE)


def measured(reference: np.ndarray, capture: np.ndarray) -> Drift:
    return drift(reference, capture, RATE, BAND)


def slipped(x: np.ndarray, at: float, samples: int) -> np.ndarray:
    """So many samples repeated (or left out) at an instant."""
    place = round(at * RATE)
    if samples > 0:
        return np.concatenate([x[:place], x[place - samples : place], x[place:]])
    return np.concatenate([x[:place], x[place - samples :]])


@pytest.mark.parametrize("late", [0, 500])
def test_segments_of_half_a_second_every_quarter_give_the_slope_and_its_doubt(steady, late: int) -> None:
    found = measured(steady, np.concatenate([np.zeros(late), 0.5 * steady, np.zeros(2000)]))
    times = [0.25 + 0.25 * n for n in range(15)]
    middle = sum(times) / len(times)
    lever = math.sqrt(sum((t - middle) ** 2 for t in times))
    assert (found.segments, found.rate, found.slips) == (15, RATE, ())
    assert found.ppm == pytest.approx((0.0, -20.0 / lever - 1.1, 20.0 / lever + 1.1), abs=0.2)


def test_a_slope_through_scattered_delays_is_as_unsure_as_they_scatter(steady) -> None:
    """Every second half second lies 0.2 ms later: three standard errors of a straight line through that."""
    size = RATE // 4
    parts = [steady[n * size : (n + 1) * size] for n in range(16)]
    capture = np.concatenate([np.concatenate([p[2:], p[:2]]) if n // 2 % 2 else p for n, p in enumerate(parts)])
    found = measured(steady, capture)
    assert found.slips == ()
    assert found.ppm.high - found.ppm.low > 60.0
    assert found.ppm.low < 0.0 < found.ppm.high


@pytest.mark.parametrize(("count", "found"), [(9_999, None), (10_000, 4)])
def test_four_segments_are_enough(steady, count: int, found: int | None) -> None:
    x = steady[:count]
    if found:
        assert measured(x, x).segments == 4
    else:
        with pytest.raises(Unmeasurable, match=r"3 segments of 0\.5 s were found again, 4 are needed"):
            measured(x, x)


@pytest.mark.parametrize("samples", [4, -4, 16, -16, 800, -800])
def test_a_slip_is_told_with_its_place_and_length(steady, samples: int) -> None:
    found = measured(steady, slipped(steady, 2.0, samples))
    (slip,) = found.slips
    assert slip.seconds == pytest.approx(samples / RATE, abs=0.0001)
    assert slip.at == pytest.approx(2.0, abs=0.26)
    assert found.ppm.low <= 0.0 <= found.ppm.high


def test_a_jump_of_less_than_four_tenths_of_a_millisecond_is_no_slip(steady) -> None:
    assert measured(steady, slipped(steady, 2.0, 3)).slips == ()


def test_a_slip_of_a_tenth_of_a_second_costs_only_the_segments_it_lies_in(steady) -> None:
    found = measured(steady, slipped(steady, 2.0, 880))
    assert [round(s.seconds, 2) for s in found.slips] == [0.11]
    assert found.segments > 13


@pytest.mark.parametrize(("apart", "count"), [(0.5, 1), (1.0, 2)])
def test_slips_within_a_segment_of_each_other_are_one(steady, apart: float, count: int) -> None:
    once = slipped(steady, 1.5, 40)
    found = measured(steady, slipped(once, 1.5 + apart + 40 / RATE, 40))
    assert len(found.slips) == count
    assert sum(s.seconds for s in found.slips) == pytest.approx(0.01, abs=0.0003)
    assert np.mean([s.at for s in found.slips]) == pytest.approx(1.5 + apart / 2, abs=0.15)


def test_a_slip_and_its_undoing_within_a_segment_are_none(steady) -> None:
    there = slipped(steady, 2.0, 40)
    found = measured(steady, slipped(there, 2.4 + 40 / RATE, -40))
    assert found.slips == ()


@pytest.mark.parametrize(("level", "segments"), [(-18.0, 15), (-23.0, 12)])
def test_a_segment_twenty_decibels_under_the_level_is_not_looked_for(steady, level: float, segments: int) -> None:
    x = steady.copy()
    x[RATE : 2 * RATE] *= 10 ** (level / 20)
    assert measured(x, x).segments == segments


def test_a_segment_that_is_not_found_again_is_left_out(steady) -> None:
    capture = steady.copy()
    capture[RATE : 2 * RATE] = np.random.default_rng(5).normal(0.0, 0.05, RATE)
    assert measured(steady, capture).segments == 12
    capture[RATE : 2 * RATE] = 0.0
    assert 12 <= measured(steady, capture).segments <= 14


def test_what_the_capture_does_not_reach_is_left_out(steady) -> None:
    assert measured(steady, steady[: 3 * RATE]).segments == 11
    assert measured(steady, steady[2000:]).segments == 14


def test_a_capture_that_begins_otherwise_is_another_one(steady) -> None:
    other = np.random.default_rng(6).normal(0.0, 0.05, 4 * RATE)
    with pytest.raises(Unmeasurable, match="does not begin like the reference"):
        measured(steady, other)


def test_slips_everywhere_leave_no_stretch_for_a_drift(steady) -> None:
    """A slip of 5 ms in every quarter of a second."""
    parts = [steady[n * 2000 : (n + 1) * 2000] for n in range(16)]
    with pytest.raises(Unmeasurable):
        measured(steady, np.concatenate([part for p in parts for part in (np.zeros(240), p)]))


def test_a_clock_that_is_far_off_drifts_and_does_not_slip(steady) -> None:
    """2000 ppm: half a millisecond from segment to segment, more than a slip would be."""
    longer = resample(steady, round(len(steady) * 1.002))
    found = drift(steady, longer, RATE, (50.0, 900.0))
    assert found.slips == ()
    assert found.ppm.value == pytest.approx(2000.0, abs=20.0)
    assert found.ppm.low < 2000.0 < found.ppm.high
