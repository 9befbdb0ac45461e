"""Holes in a noise that speaks all the time, where what must be found can be computed to the sample."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.audio.align import in_band
from harness.audio.delay import NARROW, WIDE
from harness.audio.gaps import Gap, Gaps, gaps
from harness.audio.level import speech_level
from harness.foundation.stamps import Interval

RATE = 16_000
HOP, FRAME = 40, 160


@pytest.fixture(scope="module")
def steady() -> np.ndarray:
    """Two seconds at -26 dBov."""
    return np.random.default_rng(11).normal(0.0, 10 ** (-26 / 20), 2 * RATE)


def shaped(x: np.ndarray, *parts: tuple[float, float, float]) -> np.ndarray:
    """With the parts (from, to, dB) raised or lowered."""
    result = x.copy()
    for begin, end, level in parts:
        result[round(begin * RATE) : round(end * RATE)] *= 10 ** (level / 20)
    return result


def without(x: np.ndarray, *parts: tuple[int, int]) -> np.ndarray:
    result = x.copy()
    for start, stop in parts:
        result[start:stop] = 0.0
    return result


def audible(x: np.ndarray) -> np.ndarray:
    """Samples that are 30 dB under the level and more, in the sound and in its band."""
    both = np.minimum(np.abs(x), np.abs(in_band(x, RATE, WIDE)))
    return np.flatnonzero(both >= 10 ** ((-26 - 0.6 - 30) / 20))


def test_a_copy_has_no_hole_and_says_what_it_was_looked_for_with(steady) -> None:
    found = gaps(steady, 0.5 * steady, RATE)
    assert found.found == ()
    assert found.gain == pytest.approx(-6.02 + 0.6, abs=0.15)  # of the sound as it is over its band: 6.9 of 8 kHz
    assert found.watched == pytest.approx(((2 * RATE - FRAME) // HOP + 1) * 0.0025)
    assert (found.noise, found.rate, found.band) == (-90.0, RATE, WIDE)
    other = gaps(steady, steady, RATE, -70.0, NARROW)
    assert (other.noise, other.band) == (-70.0, NARROW)


@pytest.mark.parametrize("late", [0, 777])
def test_zeros_give_the_bounds_to_the_sample(steady, late: int) -> None:
    parts = [(8000, 8640), (16_000, 16_200), (31_000, 31_481)]
    found = gaps(steady, np.concatenate([np.zeros(late), without(steady, *parts)]), RATE).found
    places = audible(steady)
    for gap, (start, stop) in zip(found, parts, strict=True):
        inside = places[(places >= start) & (places < stop)]
        assert gap.at == pytest.approx(inside[0] / RATE, abs=2 / RATE)
        assert gap.length.value == pytest.approx((inside[-1] + 1 - inside[0]) / RATE, abs=3 / RATE)
        assert gap.length.low == pytest.approx(gap.length.value - 1 / RATE)
        assert gap.length.high == pytest.approx(gap.length.value + 1 / RATE)


@pytest.mark.parametrize(("count", "found"), [(80, 1), (79, 0)])
def test_zeros_of_five_milliseconds_are_a_hole(count: int, found: int) -> None:
    """In a tone that is loud wherever the zeros begin and end."""
    random = np.random.default_rng(12)
    x = np.sign(random.normal(0.0, 1.0, 2 * RATE // 8)).repeat(8) * 0.05 + random.normal(0.0, 0.001, 2 * RATE)
    start = next(n for n in range(8000, 9000) if {n, n + 78, n + 79, n + 80} <= set(np.flatnonzero(np.minimum(
        np.abs(x), np.abs(in_band(x, RATE, WIDE))) > 0.02).tolist()))  # fmt: skip
    result = gaps(x, without(x, (start, start + count)), RATE)
    assert len(result.found) == found
    if found:
        assert result.found[0].at == pytest.approx(start / RATE)
        assert result.found[0].length == pytest.approx((0.005, 0.005 - 1 / RATE, 0.005 + 1 / RATE))


@pytest.mark.parametrize(("level", "found"), [(-27.0, True), (-34.0, False)])
def test_zeros_where_the_sound_is_nearly_silent_are_no_hole(steady, level: float, found: bool) -> None:
    """A codec rounds what is 30 dB under the active level to zero."""
    soft = shaped(steady, (1.0, 1.1, level))
    assert bool(gaps(soft, without(soft, (16_160, 17_440)), RATE).found) is found


def test_two_clicks_in_silence_are_no_sound_between_them(steady) -> None:
    x = without(steady, (16_000, 17_600))
    x[16_160:16_162] = x[17_440:17_442] = 0.006
    assert gaps(x, without(x, (16_100, 17_500)), RATE).found == ()


@pytest.mark.parametrize(("drop", "found"), [(-11.0, False), (-20.0, True), (-40.0, True)])
def test_what_falls_fifteen_decibels_is_a_hole_by_its_level(steady, drop: float, found: bool) -> None:
    result = gaps(steady, shaped(steady, (1.0, 1.06, drop)), RATE, -80.0).found
    assert len(result) == found
    for gap in result:
        assert gap.at == pytest.approx(1.0, abs=0.0125)
        assert gap.length.value == pytest.approx(0.06, abs=0.0125)
        assert gap.length.low == pytest.approx(gap.length.value - 0.0125)
        assert gap.length.high == pytest.approx(gap.length.value + 0.0125)
        assert round(gap.at / 0.0025, 6) == round(gap.at / 0.0025)


def test_a_hole_shorter_than_its_doubt_may_be_none(steady) -> None:
    (gap,) = gaps(steady, shaped(steady, (1.0, 1.012, -60.0)), RATE, -80.0).found
    assert gap.length.value <= 0.0125
    assert gap.length.low == 0.0


@pytest.mark.parametrize(("noise", "watched"), [(-35.0, 0.0), (-45.0, 2.0)])
def test_only_what_stands_ten_decibels_above_the_noise_is_watched(steady, noise: float, watched: float) -> None:
    assert gaps(steady, steady, RATE, noise).watched == pytest.approx(watched, abs=0.1)


@pytest.mark.parametrize(("level", "watched"), [(-22.0, 2.0), (-28.5, 1.0)])
def test_what_is_25_db_softer_than_the_speech_is_not_watched(steady, level: float, watched: float) -> None:
    soft = shaped(steady, (0.5, 1.5, level))
    assert gaps(soft, soft, RATE).watched == pytest.approx(watched, abs=0.1)


@pytest.mark.parametrize("noise", [-58.0, -52.0, -47.0, -80.0])
def test_a_frame_is_watched_by_the_lowest_of_its_neighbours(steady, noise: float) -> None:
    """Frames of 10 ms every 2.5 ms, two to either side; of the sound and its band the softer one."""
    swell = steady * np.repeat(10 ** (np.random.default_rng(4).uniform(-36.0, 0.0, 50) / 20), 640)
    carried = in_band(swell, RATE, WIDE)

    def levels(x: np.ndarray) -> list[float]:
        return [10 * math.log10(np.mean(x[n : n + FRAME] ** 2)) for n in range(0, len(x) - FRAME + 1, HOP)]

    speech, gain = (speech_level(x, RATE).active.value for x in (carried, swell))
    expected = [min(both) + gain - speech for both in zip(levels(swell), levels(carried), strict=True)]
    lowest = [min(expected[max(n - 2, 0) : n + 3]) for n in range(len(expected))]
    watched = sum(level >= max(noise + 10.0, gain - 25.0) for level in lowest)
    found = gaps(swell, swell, RATE, noise)
    assert found.watched == pytest.approx(watched * 0.0025)
    assert 0 < watched < len(lowest)
    assert found.gain == pytest.approx(gain - speech, abs=1e-6)


def test_frames_next_to_a_soft_one_expect_as_little(steady) -> None:
    """A codec smears by 5 ms: the edge of a soft part may come early."""
    soft = shaped(steady, (1.0, 1.1, -22.0))
    smeared = shaped(soft, (0.996, 1.0, -40.0), (1.1, 1.104, -40.0))
    assert gaps(soft, smeared, RATE).found == ()


@pytest.mark.parametrize(("soft", "holes"), [(0.02, 1), (0.06, 2)])
@pytest.mark.parametrize("filled", [False, True])
def test_a_soft_place_of_the_sound_does_not_end_a_hole(steady, soft: float, holes: int, filled: bool) -> None:
    """Unless the capture is loud there, or the place is longer than 30 ms."""
    quiet = np.random.default_rng(3).normal(0.0, 1e-4, len(steady))
    reference = shaped(steady, (1.1, 1.1 + soft, -40.0))
    capture = shaped(reference, (1.0, 1.2 + soft, -80.0)) + quiet
    if filled:
        capture = capture + shaped(steady, (0.0, 1.1, -200.0), (1.1 + soft, 2.0, -200.0)) * 0.3
    found = gaps(reference, capture, RATE, -80.0).found
    assert len(found) == (2 if filled else holes)
    if len(found) == 1:
        assert found[0].length.value == pytest.approx(0.2 + soft, abs=0.0125)


def test_zeros_that_lie_within_one_hole_are_one(steady) -> None:
    found = gaps(steady, without(steady, (16_000, 16_300), (16_302, 16_640)), RATE).found
    assert len(found) == 1
    assert found[0].length.value == pytest.approx(0.04, abs=6 / RATE)
    assert found[0].length.high - found[0].length.value == pytest.approx(1 / RATE)


def test_counting_says_for_sure_about_and_at_most() -> None:
    lengths = [Interval(0.02, 0.01, 0.03), Interval(0.04, 0.04, 0.04), Interval(0.01, 0.0, 0.02)]
    found = Gaps(tuple(Gap(0.0, length) for length in lengths), 1.0, 0.0, -90.0, RATE, WIDE)
    assert found.at_least(0.02) == (2.0, 1.0, 3.0)
    assert found.longest == lengths[1]
    assert Gaps((), 1.0, 0.0, -90.0, RATE, WIDE).longest == (0.0, 0.0, 0.0)
