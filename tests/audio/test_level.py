"""Levels against figures that can be computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.audio.level import (
    FLOOR,
    PauseNoise,
    SpeechLevel,
    decibel,
    frame_powers,
    noise_floor,
    pauses,
    rms,
    snr,
    speech_level,
    unit,
)
from harness.audio.signals import sine
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

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


def test_integers_have_full_scale_at_32768_and_floats_are_taken_as_they_are() -> None:
    found = unit(np.array([-32768, 0, 16384], np.int16))
    assert (found.tolist(), found.dtype) == ([-1.0, 0.0, 0.5], np.float64)
    found = unit(np.array([0.25, -2.0], np.float32))
    assert (found.tolist(), found.dtype) == ([0.25, -2.0], np.float64)


@pytest.mark.parametrize(("power", "level"), [
    (1.0, 0.0), (2.0, 3.0103), (0.001, -30.0), (0.0, FLOOR), (-1.0, FLOOR), (1e-30, FLOOR), (1e-9, -90.0)])  # fmt: skip
def test_a_power_in_decibels_is_never_below_digital_silence(power: float, level: float) -> None:
    assert decibel(power) == pytest.approx(level, abs=1e-4)
    assert pytest.approx(-96.33, abs=0.005) == FLOOR


@pytest.mark.parametrize("sample", [3277, 1, 0, -20_000])
def test_a_level_is_as_sure_as_half_a_step(sample: int) -> None:
    found = rms(np.array([sample, -sample, sample], np.int16))

    def level(steps: float) -> float:
        return max(20 * math.log10(steps / 32768), FLOOR) if steps > 0 else FLOOR

    steps = abs(sample)
    assert found == pytest.approx((level(steps), level(steps - 0.5), level(steps + 0.5)), abs=1e-6)


def test_speech_says_what_it_was_measured_from() -> None:
    tone = sine(500.0, 2.0, -20.0, RATE)
    found = speech_level(tone, RATE)
    assert (found.rate, found.count) == (RATE, len(tone))
    assert found.active.low == pytest.approx(found.active.value - 0.1)
    assert found.active.high == pytest.approx(found.active.value + 0.1)
    assert found.activity == pytest.approx(10 ** ((found.long_term - found.active.value) / 10))
    assert 0.98 < found.activity < 1.0


def test_what_is_nearly_as_quiet_as_the_lowest_threshold_has_its_plain_level() -> None:
    """At -77 dBov the lowest threshold, -90.3 dBov, already lies less than 15.9 dB beneath: all is active."""
    tone = np.sqrt(2.0) * 10 ** (-77 / 20) * np.sin(2 * np.pi * 500.0 * np.arange(RATE) / RATE)
    found = speech_level(tone, RATE)
    assert found.long_term == pytest.approx(-77.0, abs=0.01)
    assert -77.0 < found.active.value < -76.8  # the envelope rises for 30 ms


@pytest.mark.parametrize(("seconds", "size"), [(None, 160), (0.01, 80)])
def test_frames_are_consecutive_and_a_rest_is_left_out(seconds: float | None, size: int) -> None:
    x = np.random.default_rng(2).normal(0.0, 0.1, 3 * size + size - 1)
    found = frame_powers(x, 8000) if seconds is None else frame_powers(x, 8000, seconds)
    wanted = [sum(v * v for v in x[n * size : (n + 1) * size].tolist()) / size for n in range(3)]
    assert found.tolist() == pytest.approx(wanted)


@pytest.mark.parametrize(("below", "softer", "pause"), [
    (None, 39.0, False), (None, 41.5, True), (20.0, 19.0, False), (20.0, 21.5, True)])  # fmt: skip
def test_a_pause_is_soft_and_so_are_its_neighbours(below: float | None, softer: float, pause: bool) -> None:
    """Seven soft frames: the first and the last are beside speech. What has no neighbour is none."""
    loud = np.sqrt(2.0) * 0.1 * np.sin(2 * np.pi * 500.0 * np.arange(50 * 320) / RATE)
    gain = np.ones(50)
    gain[:3] = gain[20:27] = gain[40:42] = 10 ** (-softer / 20)
    sound = loud * np.repeat(gain, 320)
    found = pauses(sound, RATE) if below is None else pauses(sound, RATE, below)
    assert len(found) == 50
    assert np.flatnonzero(found).tolist() == ([1, 21, 22, 23, 24, 25] if pause else [])


@pytest.mark.parametrize("count", [3, 40])
def test_noise_is_as_sure_as_its_samples_are_many(count: int) -> None:
    """A mean of n = 2000 t squares of Gaussian samples spreads by sqrt(1 / n), 95 % of them within 1.96 of that."""
    frames = np.repeat([0.1, 0.01], [10, count])
    sound = np.repeat(frames, 320)
    quiet = np.concatenate([frames < 0.05, [True] * 5])
    found = noise_floor(sound, RATE, quiet)
    seconds = count * 0.02
    spread = 1.96 * 10 / math.log(10) * math.sqrt(1 / (2000 * seconds))
    assert found.seconds == pytest.approx(seconds)
    assert found.level == pytest.approx((-40.0, -40.0 - spread, -40.0 + spread), abs=1e-3)
    assert noise_floor(sound, RATE, quiet[:13]).seconds == pytest.approx(0.06)
    with pytest.raises(Unmeasurable, match="2 frames of pause, 3 are needed"):
        noise_floor(sound, RATE, quiet[:12])


def test_digital_silence_is_no_softer_than_its_floor() -> None:
    found = noise_floor(np.zeros(3200), RATE, np.ones(10, bool))
    assert (found.level.value, found.level.low) == (FLOOR, FLOOR)
    assert found.level.high > FLOOR


def test_a_ratio_is_that_of_the_speech_alone_by_interval_arithmetic() -> None:
    speech = SpeechLevel(Interval(-20.0, -20.5, -19.5), 0.5, -23.0, RATE, 100)
    noise = PauseNoise(Interval(-26.0, -26.2, -25.7), 1.0)

    def alone(difference: float) -> float:
        return 10 * math.log10(10 ** (difference / 10) - 1)

    assert snr(speech, noise) == pytest.approx((alone(6.0), alone(5.2), alone(6.7)))
    as_loud = PauseNoise(Interval(-25.0, -26.0, -20.5), 1.0)
    with pytest.raises(Unmeasurable, match=r"-20\.0 dBov is not above"):
        snr(speech, as_loud)
