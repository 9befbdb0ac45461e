"""Drift and slips of speech whose clock was changed by a known amount."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.drift import drift
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


@pytest.fixture(scope="module")
def story(library) -> np.ndarray:
    from harness.audio.rates import to_rate

    return to_rate(library.get("long_story.en").samples, 48_000, RATE)


def resampled(x: np.ndarray, ppm: float) -> np.ndarray:
    """Sampled by a clock that makes it longer by ``ppm``: a spline of third order on four times the rate."""
    from scipy.interpolate import make_interp_spline
    from scipy.signal import resample_poly

    fine = resample_poly(x.astype(float), 4, 1)
    places = np.arange(0, len(x) - 1, 1.0 / (1.0 + ppm * 1e-6)) * 4
    return np.rint(make_interp_spline(np.arange(len(fine)), fine, k=3)(places)).clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("ppm", [100.0, -100.0, 0.0, 333.0])
def test_a_known_resampling_is_found(story, ppm: float) -> None:
    found = drift(story, np.concatenate([np.zeros(1234, np.int16), resampled(story, ppm)]), RATE)
    assert found.ppm.value == pytest.approx(ppm, abs=1.1)
    assert found.ppm.low <= ppm <= found.ppm.high
    assert found.ppm.high - found.ppm.low < 10.0
    assert found.slips == ()


@pytest.mark.parametrize("ppm", [-100.0])
def test_drift_is_found_under_noise_and_through_a_codec(story, channel, ppm: float) -> None:
    found = drift(story, channel.coded(channel.noisy(resampled(story, ppm), -46.0)), RATE)
    assert found.ppm.low <= ppm <= found.ppm.high
    assert found.ppm.value == pytest.approx(ppm, abs=4.0)


@pytest.mark.parametrize("seconds", [0.010, -0.010, 0.0015])
def test_a_slip_is_found_where_it_is_and_is_no_drift(story, seconds: float) -> None:
    place, count = round(6.0 * RATE), round(abs(seconds) * RATE)
    if seconds < 0:
        capture = np.concatenate([story[:place], story[place + count :]])
    else:
        capture = np.concatenate([story[:place], story[place - count : place], story[place:]])
    found = drift(story, capture, RATE)
    assert [slip.seconds for slip in found.slips] == pytest.approx([seconds], abs=0.0005)
    assert found.slips[0].at == pytest.approx(6.0, abs=0.5)
    assert found.ppm.value == pytest.approx(0.0, abs=2.0)


def test_a_clean_message_neither_drifts_nor_slips(speech, channel) -> None:
    for samples in list(speech.values())[:3]:
        found = drift(samples, channel.coded(samples), RATE)
        assert found.slips == ()
        assert found.ppm.low <= 0.0 <= found.ppm.high


def test_other_speech_and_silence_have_no_drift(story, speech) -> None:
    with pytest.raises(Unmeasurable):
        drift(story, np.zeros(len(story), np.int16), RATE)
    with pytest.raises(Unmeasurable):
        drift(speech["on_my_way.zh"], np.random.default_rng(1).integers(-900, 900, 60_000).astype(np.int16), RATE)
