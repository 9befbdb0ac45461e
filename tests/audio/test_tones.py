"""Chimes are found where they begin, and only where they are."""

from __future__ import annotations

import itertools
from random import Random

import numpy as np
import pytest

from harness.audio.signals import cabin_noise, sine
from harness.audio.tones import find, find_all, goertzel, scores, tone
from harness.audio.unmeasurable import Unmeasurable

RATE = 48_000
NAMES = ("chime", "end_tone", "prompt", "error")
AT = 48_123


def placed(sound: np.ndarray, gain: float, seconds: float = 2.0) -> np.ndarray:
    x = np.zeros(round(seconds * RATE))
    x[AT : AT + len(sound)] += sound * gain
    return x


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("gain", [1.0, 0.1, 0.02])
@pytest.mark.parametrize("ratio", [60.0, 20.0])
def test_the_onset_is_found_at_any_level_in_noise(sounds, channel, name, gain, ratio) -> None:
    level = -16.5 + 20 * np.log10(gain)
    found = find(channel.noisy(placed(sounds[name], gain), max(level - ratio, -90)), sounds[name], RATE)
    assert found is not None
    assert found.onset.value == pytest.approx(AT, abs=2)
    assert found.onset.low <= AT <= found.onset.high
    assert found.onset.high - found.onset.low < 0.001 * RATE
    assert found.score > 0.98
    assert found.level == pytest.approx(level, abs=0.5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sentence", ["long_story.zh", "long_story.en"])
def test_a_chime_under_speech_as_loud_as_itself_is_found_and_no_other_is(library, sounds, name, sentence) -> None:
    speech = library.get(sentence).samples
    mixed = placed(sounds[name], 0.4) + speech[RATE : 3 * RATE] + cabin_noise(Random(3), 2.0, -45.0, RATE)
    capture = np.clip(mixed, -32768, 32767).astype(np.int16)
    found = find(capture, sounds[name], RATE)
    assert found is not None
    assert found.onset.low <= AT <= found.onset.high
    for other in set(NAMES) - {name}:
        assert find(capture, sounds[other], RATE) is None


def test_what_is_not_there_is_not_found(library, sounds, channel) -> None:
    for name, sound in sounds.items():
        assert find(np.zeros(RATE, np.int16), sound, RATE) is None
        assert find(channel.noisy(np.zeros(RATE), -40.0), sound, RATE) is None
        assert find(cabin_noise(Random(4), 2.0, -25.0, RATE), sound, RATE) is None
        assert find(np.zeros(10, np.int16), sound, RATE) is None
        for sentence in library.ids():
            assert find(library.get(sentence).samples, sound, RATE) is None, (name, sentence)


def test_people_do_not_chime(people, sounds) -> None:
    from harness.audio.rates import to_rate

    for samples in list(people.values())[:4]:
        loud = to_rate(samples, 16_000, RATE)
        assert all(find(loud, sound, RATE) is None for sound in sounds.values())


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(NAMES, 2)))
def test_chimes_are_far_apart(sounds, one: str, other: str) -> None:
    assert scores(placed(sounds[one], 1.0), sounds[other]).max() < 0.3


def test_every_repetition_is_found_in_order(sounds) -> None:
    x = np.zeros(3 * RATE)
    for at in (1000, 30_000, 100_000):
        x[at : at + len(sounds["chime"])] += sounds["chime"] * 0.5
    assert [f.onset.value for f in find_all(x.astype(np.int16), sounds["chime"], RATE)] == [1000, 30_000, 100_000]


def test_a_chime_that_the_capture_cuts_off_is_not_seen_yet(sounds) -> None:
    capture = placed(sounds["chime"], 1.0).astype(np.int16)
    assert find(capture[: AT + 2000], sounds["chime"], RATE) is None


def test_a_tone_that_is_too_quiet_to_hear_is_none(sounds) -> None:
    assert find(np.rint(placed(sounds["chime"], 0.0005)).astype(np.int16), sounds["chime"], RATE) is None


@pytest.mark.parametrize("level", [-10.0, -40.0])
def test_a_pure_tone_has_its_level_and_no_distortion(level: float) -> None:
    measured = tone(sine(997.0, 0.5, level, RATE), RATE, 997.0)
    assert measured.level.value == pytest.approx(level, abs=0.001)
    assert measured.level.low <= measured.level.value <= measured.level.high
    assert measured.distortion.value < 0.002
    assert goertzel(sine(997.0, 0.5, level, RATE), RATE, 997.0) == pytest.approx(level, abs=0.05)


def test_known_harmonics_are_the_distortion(channel) -> None:
    x = sine(1000.0, 0.5, -20.0, RATE).astype(float)
    x += sine(2000.0, 0.5, -20.0 + 20 * np.log10(0.03), RATE) + sine(3000.0, 0.5, -20.0 + 20 * np.log10(0.04), RATE)
    measured = tone(channel.noisy(x, -60.0), RATE, 1000.0)
    assert measured.distortion.low <= 0.05 <= measured.distortion.high
    assert measured.distortion.value == pytest.approx(0.05, abs=0.001)
    assert measured.rest == pytest.approx(-60.0, abs=0.3)


def test_a_square_wave_has_its_textbook_distortion() -> None:
    """Odd harmonics 1/k up to the 9th: root of 1/9 + 1/25 + 1/49 + 1/81."""
    t = np.arange(RATE) / RATE
    square = np.where(np.sin(2 * np.pi * 100.0 * t + 1e-4) >= 0, 10_000, -10_000).astype(np.int16)
    expected = np.sqrt(sum(1 / k**2 for k in (3, 5, 7, 9)))
    assert tone(square, RATE, 100.0).distortion.value == pytest.approx(expected, abs=0.002)


def test_no_tone_is_unmeasurable(channel) -> None:
    with pytest.raises(Unmeasurable, match="no tone"):
        tone(channel.noisy(np.zeros(RATE), -40.0), RATE, 997.0)
    with pytest.raises(Unmeasurable, match="ten periods"):
        tone(sine(100.0, 0.05, -20.0, RATE), RATE, 100.0)
    with pytest.raises(Unmeasurable):
        goertzel(np.zeros(0, np.int16), RATE, 100.0)
