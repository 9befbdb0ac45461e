"""Cuts at both ends are found and bounded."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.truncation import truncation
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


def framed(samples: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(1111, np.int16), samples, np.zeros(2000, np.int16)])


@pytest.mark.parametrize("noise", [-90.0, -46.0])
@pytest.mark.parametrize("loss", [0.0, 0.03, 0.1, 0.15, 0.3])
def test_a_cut_onset_is_measured(speech, channel, noise, loss) -> None:
    for name, samples in speech.items():
        capture = samples.copy()
        capture[: round(loss * RATE)] = 0
        found = truncation(samples, channel.noisy(framed(capture), noise), RATE)
        assert loss - 0.04 <= found.onset.value <= loss + 0.02, name  # early where the cut falls into a soft place
        assert found.onset.low - 0.005 <= loss <= found.onset.high + 0.005, name
        assert found.end.value < 0.01, name


@pytest.mark.parametrize("noise", [-90.0, -46.0])
@pytest.mark.parametrize("loss", [0.03, 0.1, 0.15, 0.3])
def test_a_cut_end_is_measured(speech, channel, noise, loss) -> None:
    for name, samples in speech.items():
        capture = samples.copy()
        capture[len(capture) - round(loss * RATE) :] = 0
        found = truncation(samples, channel.noisy(framed(capture), noise), RATE)
        assert loss - 0.04 <= found.end.value <= loss + 0.02, name
        assert found.end.low - 0.005 <= loss <= found.end.high + 0.005, name
        assert found.onset.value < 0.01, name


@pytest.mark.parametrize(("codec", "rate", "bits"), [("libopus", 16_000, 16_000), ("libopencore_amrnb", 8_000, 12_200)])
def test_a_codec_cuts_nothing(speech, channel, codec, rate, bits) -> None:
    for samples in speech.values():
        found = truncation(samples, channel.coded(samples, codec, rate, bits), RATE)
        assert found.onset.value < 0.03
        assert found.end.value < 0.03
        assert found.likeness > 0.8


def test_a_gain_that_swells_is_no_cut(speech) -> None:
    """An automatic gain that opens over the first half second loses nothing."""
    samples = speech["ten_minutes.en"]
    gain = np.minimum(np.linspace(0.3, 0.3 + 0.7 * len(samples) / (0.5 * RATE), len(samples)), 1.0)
    assert truncation(samples, framed((samples * gain).astype(np.int16)), RATE).onset.value < 0.02


def test_a_hole_in_the_middle_is_no_loss_at_the_ends(speech) -> None:
    samples = speech["call_me_later.zh"].copy()
    samples[20_000:24_000] = 0
    found = truncation(speech["call_me_later.zh"], framed(samples), RATE)
    assert found.onset.value < 0.01
    assert found.end.value < 0.01


def test_silence_cannot_be_measured(speech) -> None:
    with pytest.raises(Unmeasurable):
        truncation(speech["on_my_way.zh"], np.zeros(2 * RATE, np.int16), RATE)
