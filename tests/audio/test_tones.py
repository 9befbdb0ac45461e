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


def test_a_score_is_the_normalised_correlation_of_each_place() -> None:
    random = np.random.default_rng(6)
    x, t = random.normal(0.0, 0.1, 60), random.normal(0.0, 0.1, 7)
    x[20:30] = 1e-4  # under -75 dBov: nothing is looked for
    x[40:50] = 3e-4
    found = scores(x, t)
    assert len(found) == 54
    for n in range(54):
        part = x[n : n + 7]
        loud = np.mean(part**2) > 10**-7.5
        assert found[n] == pytest.approx(part @ t / np.sqrt((part @ part) * (t @ t)) if loud else 0.0, abs=1e-6)
    assert scores(x[:7], t).shape == (1,)
    assert scores(x[:6], t).tolist() == scores(np.zeros(0), t).tolist() == []


def test_places_closer_than_a_template_are_one_and_the_best_of_them_counts() -> None:
    random = np.random.default_rng(8)
    t = random.normal(0.0, 0.1, 480)
    x = np.zeros(4000)
    x[100:580] += t
    x[700:1180] += 0.5 * t
    x[1180:1660] += t
    x[2000:2480] += 0.8 * t  # under noise that is as loud: 0.6 of it
    x[2000:2480] += random.normal(0.0, 0.08, 480)
    assert [f.onset.value for f in find_all(x, t, RATE)] == [100, 700, 1180, 2000]
    assert [f.onset.value for f in find_all(x, t, RATE, 0.9)] == [100, 700, 1180]
    first = find(x, t, RATE)
    assert first is not None
    assert (first.onset, first.rate) == ((100.0, 99.0, 101.0), RATE)
    assert first.score == pytest.approx(1.0)
    assert first.level == pytest.approx(10 * np.log10(np.mean(t**2)))
    assert find(x, t, RATE, 1.01) is None


@pytest.mark.parametrize("foreign", [0.05, 0.3])
def test_bounds_hold_every_place_that_cannot_be_told_from_the_best(foreign: float) -> None:
    """Three standard deviations of a score that rests on 2000 samples a second, looked for within 10 ms."""
    rate, tone_at = 8000, np.arange(400)
    t = np.sin(2 * np.pi * 40.0 * tone_at / 8000) * np.hanning(400)
    x = np.concatenate([np.zeros(300), t, np.zeros(300)]) + np.random.default_rng(9).normal(0, foreign * 0.3, 1000)
    (found,) = find_all(x, t, rate)
    table = scores(x, t)
    best = int(np.argmax(table))
    doubt = 3 * np.sqrt((1 - table[best] ** 2) / (2000 * 400 / rate))
    alike = [n for n in range(best - 80, best + 81) if table[n] >= table[best] - doubt]
    assert found.onset == (best, alike[0] - 1, alike[-1] + 1)
    assert found.score == table[best]
    assert found.level == pytest.approx(10 * np.log10(np.mean(x[best : best + 400] ** 2) * table[best] ** 2))


def test_a_template_at_the_very_start_has_bounds_there() -> None:
    t = np.random.default_rng(3).normal(0.0, 0.1, 480)
    (found,) = find_all(np.concatenate([t, np.zeros(900)]), t, RATE)
    assert found.onset == (0.0, -1.0, 1.0)


def lines(*parts: tuple[int, float], count: int = 800) -> np.ndarray:
    """Sines of (periods in the whole, amplitude), each with a phase of its own."""
    n = np.arange(count)
    return sum(a * np.sin(2 * np.pi * k * n / count + k) for k, a in parts)


@pytest.mark.parametrize("rest", [0.02, 0.0])
def test_the_figures_of_a_tone_are_those_of_its_lines(rest: float) -> None:
    """Whole periods: each line is one of the Fourier series, and the rest is what lies in none of them."""
    x = 0.3 + lines((20, 0.5), (40, 0.03), (60, 0.04), (80, 0.01), (33, rest))
    found = tone(x, 8000, 200.0, harmonics=3)
    left = (rest**2 + 0.01**2) / 2
    spread = 2 * np.sqrt(2 * left / 800)
    root, above, doubt = 0.5 / np.sqrt(2), 0.05 / np.sqrt(2), spread * np.sqrt(2)

    def level(amplitude: float) -> float:
        return 20 * np.log10(amplitude)

    assert (found.frequency, found.rate, found.count) == (200.0, 8000, 800)
    assert found.level == pytest.approx((level(root), level(root - spread), level(root + spread)))
    low, high = (above - doubt) / (root + spread), (above + doubt) / (root - spread)
    assert found.distortion == pytest.approx((above / root, low, high))
    assert found.rest == pytest.approx(10 * np.log10(left))


def test_nothing_is_surer_than_the_steps_of_16_bit() -> None:
    found = tone(lines((20, 0.5)), 8000, 200.0, harmonics=1)
    spread = 2 * np.sqrt(2 / (12 * 32768.0**2) / 800)
    assert found.distortion == pytest.approx((0.0, 0.0, spread / (0.5 / np.sqrt(2) - spread)), abs=1e-12)
    assert found.level.high - found.level.low == pytest.approx(40 / np.log(10) * spread / (0.5 / np.sqrt(2)), rel=1e-4)


@pytest.mark.parametrize(("frequency", "counted"), [(1790.0, True), (1810.0, False)])
def test_harmonics_beyond_nine_tenths_of_half_the_rate_are_not_looked_for(frequency: float, counted: bool) -> None:
    n = np.arange(800)
    x = sum(a * np.sin(2 * np.pi * k * frequency * n / 8000) for k, a in ((1, 0.4), (2, 0.1)))
    found = tone(x, 8000, frequency)
    assert found.distortion.value == pytest.approx(0.25 if counted else 0.0, abs=0.01)


def test_ten_harmonics_are_looked_for_unless_told_otherwise() -> None:
    found = tone(lines((20, 0.5), (200, 0.03), (220, 0.04)), 8000, 200.0)
    assert found.distortion.value == pytest.approx(0.06)


@pytest.mark.parametrize(("factor", "is_there"), [(0.97, False), (1.03, True)])
def test_a_tone_stands_five_standard_deviations_above_the_rest(factor: float, is_there: bool) -> None:
    """Variance of its power: twice that of the rest over the count; 25 times as much is wanted."""
    amplitude = factor * np.sqrt(2 * 25 * 2 * (0.1**2 / 2) / 800)
    x = lines((20, amplitude), (33, 0.1))
    if is_there:
        assert tone(x, 8000, 200.0).level.value == pytest.approx(20 * np.log10(amplitude) - 3.01, abs=0.01)
    else:
        with pytest.raises(Unmeasurable, match=r"no tone of 200.0 Hz above the rest \(-23"):
            tone(x, 8000, 200.0)


def test_ten_periods_are_enough() -> None:
    x = lines((10, 0.5), count=400)
    assert tone(x, 8000, 200.0).level.value == pytest.approx(-9.03, abs=0.01)
    with pytest.raises(Unmeasurable, match=r"0\.0499 s are less than ten periods"):
        tone(x[1:], 8000, 200.0)


@pytest.mark.parametrize("frequency", [200.0, 205.0, 450.0])
@pytest.mark.parametrize("count", [1, 2, 333])
def test_goertzel_is_one_line_of_a_windowed_transform(frequency: float, count: int) -> None:
    x = 0.2 + lines((20, 0.5), (45, 0.2))[:count]
    window = [np.sin(np.pi * (n + 1) / (count + 1)) ** 2 for n in range(count)]
    line = sum(
        w * v * np.exp(-2j * np.pi * frequency * n / 8000) for n, (w, v) in enumerate(zip(window, x, strict=True))
    )
    amplitude = 2 * abs(line) / sum(window)
    assert goertzel(x, 8000, frequency) == pytest.approx(20 * np.log10(amplitude / np.sqrt(2)))
