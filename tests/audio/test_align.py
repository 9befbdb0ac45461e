"""Two waveforms laid over each other, against loops that say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.align import aligned, best_likeness, in_band, likeness

RATE = 100
NOISE = np.random.default_rng(7)


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.integers(0, 12), st.lists(st.integers(-32768, 32767), max_size=12), st.integers(-1500, 1500))
def test_each_sample_is_that_of_its_instant_and_zero_where_there_is_none(count: int, heard: list[int], at: int) -> None:
    found = aligned(count, np.array(heard, np.int16), at / 10_000, RATE)
    start = round(at / 10_000 * RATE)
    wanted = [heard[start + n] / 32768 if 0 <= start + n < len(heard) else 0.0 for n in range(count)]
    assert found.tolist() == wanted


@pytest.mark.parametrize("size", [1.0, 1e-6])
def test_likeness_does_not_know_the_gain(size: float) -> None:
    x = np.array([0.3, -0.2, 0.1]) * size
    assert likeness(x, 5 * x) == pytest.approx(1.0)
    assert likeness(x, -x) == pytest.approx(-1.0)
    assert likeness(x, np.array([0.2, 0.3, 0.0])) == pytest.approx(0.0)
    assert likeness(x, np.zeros(3)) == likeness(np.zeros(3), x) == 0.0


def test_the_best_place_is_the_best_of_all_places() -> None:
    for count in (5, 6, 9, 40):
        block, around = NOISE.standard_normal(5), NOISE.standard_normal(count)
        places = [likeness(block, around[n : n + 5]) for n in range(count - 4)]
        assert best_likeness(block, around) == pytest.approx(max(places))
        assert best_likeness(block * 1e-4, around * 1e-3) == pytest.approx(max(places))


def test_where_nothing_can_be_alike_the_best_is_zero() -> None:
    block = np.array([1.0, -1.0, 2.0])
    assert best_likeness(block, block[:2]) == 0.0
    assert best_likeness(block, np.zeros(9)) == 0.0
    assert best_likeness(np.zeros(3), np.ones(9)) == 0.0


def test_what_is_a_million_times_softer_than_the_loudest_is_not_compared() -> None:
    block = np.array([1.0, -1.0, 2.0, -2.0])
    loud = np.array([3.0, 3.0, 3.0, 3.0])
    for gain, best in ((1e-7, 0.0), (1e-5, 1.0)):
        around = np.concatenate([block * gain, np.zeros(4), loud])
        assert max(best_likeness(block, around), 0.0) == pytest.approx(best, abs=0.35)


@pytest.mark.parametrize("count", [1600, 1601, 3201])
def test_a_band_keeps_what_lies_on_its_edges_and_nothing_beyond(count: int) -> None:
    """Lines of 10 Hz: those of the band add up to what is kept."""
    t = np.arange(count) / 16_000

    def tone(frequency: float) -> np.ndarray:
        return np.cos(2 * np.pi * frequency * t + 0.4)

    kept = tone(200) + tone(500) + tone(3400)
    found = in_band(kept + tone(190) + tone(3410), 16_000, (200.0, 3400.0))
    assert len(found) == count
    if count == 1600:
        assert found == pytest.approx(kept, abs=1e-9)
    else:  # between the lines tones leak
        assert np.abs(found - kept)[200:-200].mean() < np.abs(tone(190) + tone(3410)).mean()


def test_all_bands_together_are_the_sound() -> None:
    x = NOISE.integers(-3000, 3000, 997).astype(np.int16)
    low, high = in_band(x, 8000, (0.0, 1000.0)), in_band(x, 8000, (1000.0001, 4000.0))
    assert low + high == pytest.approx(x / 32768, abs=1e-12)
