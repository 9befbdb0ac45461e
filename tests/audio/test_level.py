"""Levels against figures that can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.level import FLOOR, noise_floor, pauses, rms, snr, speech_level
from harness.audio.signals import sine
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


def test_a_full_scale_sine_is_3_01_below_overload() -> None:
    assert rms(sine(1000.0, 1.0, -3.0103, RATE)).value == pytest.approx(-3.0103, abs=0.001)
    assert rms(np.full(100, -32768, np.int16)).value == pytest.approx(0.0)


def test_digital_silence_has_the_level_of_half_a_step() -> None:
    level = rms(np.zeros(100, np.int16))
    assert level.value == FLOOR
    assert level.low <= level.value <= level.high
    with pytest.raises(Unmeasurable):
        rms(np.zeros(0, np.int16))


@pytest.mark.parametrize("level", [-10.0, -26.0, -45.0])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_pauses_do_not_count_for_the_active_level(level: float, rate: int) -> None:
    """A tone half of the time: its own level while active, 3 dB less in the long run; hangover costs 0.2 s of 5."""
    tone = sine(500.0, 5.0, level, rate)
    measured = speech_level(np.concatenate([tone, np.zeros_like(tone)]), rate)
    hangover = 10 * np.log10(5.0 / 5.2)
    assert measured.active.value == pytest.approx(level + hangover, abs=0.15)
    assert measured.long_term == pytest.approx(level - 3.01, abs=0.02)
    assert measured.activity == pytest.approx(0.52, abs=0.01)


def test_the_active_level_follows_the_gain(speech: dict[str, np.ndarray]) -> None:
    for samples in speech.values():
        here = speech_level(samples, RATE).active.value
        down = speech_level(samples * 10 ** (-12.34 / 20) / 32768, RATE).active.value
        assert here == pytest.approx(-26.0, abs=0.1)
        assert here - down == pytest.approx(12.34, abs=0.05)


def test_silence_holds_no_speech() -> None:
    with pytest.raises(Unmeasurable):
        speech_level(np.zeros(RATE, np.int16), RATE)
    with pytest.raises(Unmeasurable):
        speech_level(np.zeros(0, np.int16), RATE)


@pytest.mark.parametrize("ratio", [10.0, 20.0, 35.0])
def test_a_known_signal_to_noise_ratio_is_found(library, channel, ratio: float) -> None:
    reference = library.get("long_story.zh").samples
    capture = channel.noisy(reference, -26.0 - ratio)
    noise = noise_floor(capture, 48_000, pauses(reference, 48_000))
    assert noise.seconds > 0.3
    assert noise.level.low <= -26.0 - ratio <= noise.level.high
    measured = snr(speech_level(capture, 48_000), noise)
    assert measured.value == pytest.approx(ratio, abs=0.5)
    assert measured.low <= ratio <= measured.high


def test_without_pauses_there_is_no_noise_floor() -> None:
    tone = sine(500.0, 1.0, -20.0, RATE)
    with pytest.raises(Unmeasurable, match="pause"):
        noise_floor(tone, RATE, pauses(tone, RATE))


def test_speech_under_the_noise_has_no_ratio(library, channel) -> None:
    reference = library.get("long_story.zh").samples
    quiet = pauses(reference, 48_000)
    noise = noise_floor(channel.noisy(reference, -20.0), 48_000, quiet)
    with pytest.raises(Unmeasurable, match="not above"):
        snr(speech_level(reference, 48_000), noise)


def test_people_have_an_active_level_above_their_long_term_level(people: dict[str, np.ndarray]) -> None:
    for samples in people.values():
        measured = speech_level(samples, RATE)
        assert -50.0 < measured.active.value < -5.0
        assert measured.active.value > measured.long_term
        assert 0.3 < measured.activity <= 1.0
