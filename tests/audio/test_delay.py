"""Delays that were made are found, to microseconds."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.delay import NARROW, WIDE, cross_spectrum, delay, peak, sharpened
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


@pytest.mark.parametrize("ratio", [60.0, 20.0, 0.0, -10.0])
def test_fractional_delays_are_found_within_their_bounds(speech, channel, ratio: float) -> None:
    for samples in speech.values():
        true = float(channel.random.uniform(100.0, 4000.0))
        found = delay(samples, channel.noisy(channel.late(samples, true), -26.0 - ratio), RATE)
        assert found.seconds.low <= true / RATE <= found.seconds.high
        if ratio >= 20.0:
            assert abs(found.seconds.value - true / RATE) < 3.3e-6


def test_a_capture_that_begins_late_leads(speech) -> None:
    samples = speech["on_my_way.en"]
    assert delay(samples, samples[800:], RATE).seconds.value == pytest.approx(-0.05, abs=1e-6)


def test_people_through_a_telephone_codec_are_aligned(people, channel) -> None:
    samples = next(iter(people.values()))
    wide = channel.coded(samples)
    late = np.concatenate([np.zeros(1234, np.int16), wide])
    one, two = delay(samples, wide, RATE), delay(samples, late, RATE, NARROW)
    assert two.seconds.value - one.seconds.value == pytest.approx(1234 / RATE, abs=50e-6)


def test_too_little_reference_is_unmeasurable(speech) -> None:
    samples = speech["on_my_way.zh"]
    with pytest.raises(Unmeasurable, match="reference"):
        delay(samples[:8000], samples, RATE)


def test_another_sentence_or_silence_has_no_delay(speech, channel) -> None:
    with pytest.raises(Unmeasurable, match="silence"):
        delay(speech["on_my_way.zh"], np.zeros(20_000, np.int16), RATE)
    with pytest.raises(Unmeasurable, match="no delay"):
        delay(speech["on_my_way.zh"], channel.noisy(np.zeros(40_000), -30.0), RATE)


def noise(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.05, count)


def test_the_figure_says_its_band_and_is_worth_twenty_microseconds() -> None:
    x = noise(RATE)
    found = delay(x, np.concatenate([np.zeros(160), x]), RATE)
    assert found.seconds == pytest.approx((0.01, 0.01 - 20e-6, 0.01 + 20e-6), abs=1e-8)
    assert (found.rate, found.band) == (RATE, (100.0, 7000.0))
    assert (WIDE, NARROW) == ((100.0, 7000.0), (300.0, 3400.0))


def test_a_second_of_reference_is_enough_and_a_sample_less_is_not() -> None:
    x = noise(RATE)
    assert delay(x, x, RATE).seconds.value == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(Unmeasurable, match=r"1\.000 s of reference, 1\.0 s"):
        delay(x[1:], x, RATE)


@pytest.mark.parametrize(("echo", "found"), [(0.7, True), (0.85, False)])
def test_an_echo_nearly_as_strong_as_the_sound_leaves_no_delay(echo: float, found: bool) -> None:
    x = noise(2 * RATE)
    capture = np.concatenate([x, np.zeros(RATE)]) + np.concatenate([np.zeros(RATE), x * echo])
    cross, size = cross_spectrum(x, capture, RATE, WIDE)
    _, ratio = peak(cross, size, len(x), len(capture), RATE)
    assert (1.5 < ratio < 2.0) if found else (1.0 < ratio < 1.5)
    if found:
        assert delay(x, capture, RATE).ratio == ratio
    else:
        with pytest.raises(Unmeasurable, match=f"only {ratio:.2f} times"):
            delay(x, capture, RATE)


def test_nothing_within_the_band_is_silence() -> None:
    t = np.arange(1600) / RATE
    low = np.sin(2 * np.pi * 10.0 * t)
    with pytest.raises(Unmeasurable, match="silence"):
        cross_spectrum(low, low, RATE, (9000.0, 9500.0))


@pytest.mark.parametrize("counts", [(16, 16), (20, 21), (1, 35)])
def test_the_cross_spectrum_keeps_its_phase_and_three_tenths_of_its_magnitude(counts: tuple[int, int]) -> None:
    x, y = noise(counts[0], 3), noise(counts[1], 4) * 1e-4
    if counts[0] == 1:  # a spectrum that falls towards 0 Hz by 20 powers: what is a billion times softer is not raised
        x, y = np.ones(1), np.zeros(35)
        y[:21] = np.poly(np.ones(20))
    cross, size = cross_spectrum(x, y, 1000, (100.0, 400.0))
    assert size >= sum(counts)
    plain = np.conj(np.fft.rfft(x, size)) * np.fft.rfft(y, size)
    frequency = np.arange(len(plain)) * 1000 / size
    plain[(frequency < 100.0) | (frequency > 400.0)] = 0.0
    size_of = np.abs(plain)
    wanted = plain / np.maximum(size_of, 1e-9 * size_of.max()) ** 0.7
    assert cross == pytest.approx(wanted, rel=1e-6, abs=1e-12 * np.abs(wanted).max())


def test_what_lies_on_the_edge_of_the_band_is_in_it() -> None:
    cross, size = cross_spectrum(noise(50), noise(50, 2), 1000, (100.0, 400.0))
    assert size == 100
    assert np.flatnonzero(cross).tolist() == list(range(10, 41))


def test_the_peak_is_the_highest_lag_at_which_the_two_overlap() -> None:
    random = np.random.default_rng(5)
    for _ in range(60):
        size, reference, capture, rate = 60, int(random.integers(1, 20)), int(random.integers(1, 30)), 1000
        curve = random.normal(0.0, 1.0, size)
        lags = range(-(reference - 1), capture)
        best = max(lags, key=lambda lag: curve[lag])
        rest = max([curve[lag] for lag in lags if abs(lag - best) > 2] + [0.0])  # 2 ms
        found, ratio = peak(np.fft.rfft(curve), size, reference, capture, rate)
        assert found == best
        assert ratio == pytest.approx(curve[best] / rest if rest > 1e-12 else np.inf)


@pytest.mark.parametrize("true", [7.0, 7.3, 6.55, -3.25])
def test_a_peak_between_samples_is_found_from_the_sample_beside_it(true: float) -> None:
    size = 256
    line = np.arange(size // 2 + 1)
    cross = np.exp(-2j * np.pi * line * true / size) * np.where((line > 10) & (line < 100), 2.0, 0.0)
    assert sharpened(cross, size, round(true)) == pytest.approx(true, abs=0.0002)


def test_a_place_moves_by_a_sample_at_most_and_only_towards_a_peak() -> None:
    size = 256
    line = np.arange(size // 2 + 1)
    cross = np.exp(-2j * np.pi * line * 20.0 / size) * (line == 3)
    assert sharpened(cross, size, 10) == pytest.approx(10.0 + 1.0 + 0.125)
    assert sharpened(cross, size, 30) == pytest.approx(30.0 - 1.0 - 0.125)
    assert sharpened(cross, size, 20 + 128 // 3) == 62.0  # a trough
