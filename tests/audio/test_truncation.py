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


@pytest.fixture(scope="module")
def steady() -> np.ndarray:
    """Two seconds of noise at -26 dBov: there is no soft place in it."""
    return np.random.default_rng(31).normal(0.0, 10 ** (-26 / 20), 2 * RATE)


@pytest.mark.parametrize("loss", [0.0, 0.004, 0.064, 0.1, 0.3, 0.7])
@pytest.mark.parametrize("gain", [1.0, 0.03])
def test_a_cut_of_noise_is_known_to_a_few_milliseconds_at_either_end(steady, loss: float, gain: float) -> None:
    count = round(loss * RATE)
    capture = np.concatenate([np.zeros(800 + count), gain * steady[count:], np.zeros(800)])
    found = truncation(steady, capture, RATE)
    backwards = truncation(steady[::-1], capture[::-1], RATE)
    for one, other in ((found.onset, found.end), (backwards.end, backwards.onset)):
        assert one.value == pytest.approx(loss, abs=0.004)
        assert one.low == pytest.approx(max(one.value - 0.010, 0.0), abs=1e-9)
        assert one.value + 0.010 <= one.high + 1e-9 <= one.value + 0.016
        assert (other.value, other.low) == pytest.approx((0.0, 0.0), abs=0.002)
    assert found.likeness == pytest.approx(1.0, abs=0.002)
    assert (found.rate, found.delay.band) == (RATE, (200.0, 3400.0))
    assert found.delay.seconds.value == pytest.approx(0.05, abs=1e-4)


def test_the_likeness_is_the_median_of_the_blocks_that_match(steady) -> None:
    """A third of the blocks under noise that is as loud (0.7), a sixth replaced: those do not count."""
    other = np.random.default_rng(32).normal(0.0, 10 ** (-26 / 20), 2 * RATE)
    capture = steady.copy()
    capture[8000:24_000] += 0.75 * other[8000:24_000]
    capture[26_000:] = other[26_000:]
    found = truncation(steady, capture, RATE)
    assert found.likeness == pytest.approx(0.8, abs=0.03)
    assert found.end.value == pytest.approx(6000 / RATE, abs=0.02)
    assert found.onset.value == pytest.approx(0.0, abs=0.002)


@pytest.mark.parametrize(("level", "missing"), [(-4.0, True), (-45.0, False)])
def test_what_is_softer_than_speech_at_the_beginning_is_no_loss(steady, level: float, missing: bool) -> None:
    reference = steady.copy()
    reference[:4800] *= 10 ** (level / 20)
    capture = reference.copy()
    capture[:4800] = 0.0
    found = truncation(reference, np.concatenate([np.zeros(500), capture]), RATE)
    assert found.onset.value == pytest.approx(0.3 if missing else 0.0, abs=0.012)


def test_a_single_block_that_matches_is_chance(steady) -> None:
    """Two in a row are wanted: 24 ms of the beginning are only in the first block, and then nothing for 0.4 s."""
    capture = steady.copy()
    capture[384:8000] = 0.0
    found = truncation(steady, capture, RATE)
    assert found.onset.value == pytest.approx(0.5, abs=0.02)


def test_nothing_alike_cannot_be_measured(steady) -> None:
    """The delay is found by one short stretch only."""
    other = np.random.default_rng(33).normal(0.0, 10 ** (-60 / 20), 2 * RATE)
    other[16_000:16_300] = steady[16_000:16_300]
    with pytest.raises(Unmeasurable, match="no part of the capture"):
        truncation(steady, other, RATE)
