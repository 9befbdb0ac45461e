"""Sounds that begin with an action, on quiet lines and on noisy ones."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.reactions import Segment, reactions, segments
from harness.foundation.units import MS, S

WINDOWS = [(n * 5 * S + 3 * S, n * 5 * S + 3 * S + 400 * MS) for n in range(6)]
SPAN = (0, 33 * S)


def line(tones: list[tuple[int, float, float]], noise: float = 0.0) -> np.ndarray:
    """Tones as (instant ns, seconds, Hz) on 33 s of noise of this RMS."""
    sound = np.random.default_rng(1).normal(0, noise or 1e-9, 33 * RATE)
    for t, seconds, pitch in tones:
        time = np.arange(int(seconds * RATE)) / RATE
        at = t * RATE // S
        sound[at : at + len(time)] += 0.2 * np.sin(2 * np.pi * pitch * time)
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)


@pytest.mark.parametrize("noise", [0.0, 0.003])
def test_a_chime_after_every_action_is_found_beside_another_sound(noise: float) -> None:
    tones = [tone for begin, _ in WINDOWS for tone in ((begin + 140 * MS, 0.2, 1175.0), (begin + 3 * S, 0.18, 660.0))]
    found, sorts = reactions("amp", segments(line(tones, noise), RATE, 0), WINDOWS, SPAN)
    assert sorts == 2
    chime = found[0]
    assert chime.association.claimed(sorts)
    assert chime.pitch == pytest.approx(1175, rel=0.02)
    assert chime.seconds == pytest.approx(0.2, abs=0.03)
    assert all(110 * MS <= delay <= 160 * MS for delay in chime.association.seen)


def test_sounds_at_any_time_are_not_claimed() -> None:
    tones = [(n * 1370 * MS, 0.3, 440.0) for n in range(23)]
    found, sorts = reactions("amp", segments(line(tones), RATE, 0), WINDOWS, SPAN)
    assert not any(one.association.claimed(sorts) for one in found)


def test_silence_and_steady_noise_hold_no_sound() -> None:
    assert segments(np.zeros(RATE, np.int16), RATE, 0) == []
    assert segments(line([], 0.05), RATE, 0) == []
    assert segments(np.zeros(3, np.int16), RATE, 0) == []


def test_a_sound_lies_where_the_line_says() -> None:
    found = segments(line([(2 * S, 0.5, 800.0)]), RATE, 100 * S)
    assert [(s.began, s.ended) for s in found] == [(102 * S, 102 * S + 500 * MS)]


def level(*parts: tuple[int, int, float], count: int = 200, pitch: float = 1000.0, rate: int = 8000) -> np.ndarray:
    """A tone in frames of 20 ms: (first, last, dBov); elsewhere -80 dBov."""
    gain = np.full(count, 10 ** (-80 / 20))
    for first, last, dbov in parts:
        gain[first:last] = 10 ** (dbov / 20)
    size = rate // 50
    tone = np.sqrt(2) * np.sin(2 * np.pi * pitch * np.arange(count * size) / rate + 0.3)
    return np.rint(np.repeat(gain, size) * tone * 32768).astype(np.int16)


@pytest.mark.parametrize(("dbov", "floor", "heard"), [
    (-59.0, -80.0, True), (-61.0, -80.0, False), (-39.0, -50.0, False), (-37.0, -50.0, True)])  # fmt: skip
def test_a_sound_stands_twelve_decibels_above_its_line_and_above_minus_60(
    dbov: float, floor: float, heard: bool
) -> None:
    found = segments(level((0, 200, floor), (50, 60, dbov)), 8000, 7)
    assert len(found) == heard
    if heard:
        assert found[0][:2] == (7 + 1000 * MS, 7 + 1200 * MS)
        assert found[0].level == pytest.approx(dbov, abs=0.5)
        assert found[0].pitch == pytest.approx(1000.0, rel=0.01)


@pytest.mark.parametrize(("pause", "count"), [(10, 1), (11, 2)])
def test_a_pause_under_a_fifth_of_a_second_does_not_end_a_sound(pause: int, count: int) -> None:
    found = segments(level((20, 30, -20.0), (30 + pause, 50 + pause, -26.0)), 8000, 0)
    assert len(found) == count
    assert (found[0].began, found[-1].ended) == (400 * MS, (50 + pause) * 20 * MS)
    assert [round(s.level) for s in found] == [-20, -26][:count]


def test_the_pitch_is_that_of_the_first_two_seconds() -> None:
    then = level((0, 90, -20.0), count=90, pitch=400.0)
    sound = np.concatenate([level(count=200), level((0, 110, -20.0), count=110), then, level(count=400)])
    (found,) = segments(sound, 8000, 0)
    assert found.pitch == pytest.approx(1000.0, abs=1.0)
    assert found.ended - found.began == 4 * S
    long = np.concatenate([level(count=400), level((0, 100, -20.0), count=100, pitch=500.0),
                           level((0, 150, -20.0), count=150, pitch=1000.0)])  # fmt: skip
    assert segments(long, 8000, 0)[0].pitch == pytest.approx(500.0, abs=1.0)


def test_what_has_no_pitch_has_the_lowest() -> None:
    sound = level(count=100)
    sound[8000:8160] = 8000
    (found,) = segments(sound, 8000, 0)
    assert found.pitch == 8000 / 160


def test_a_line_shorter_than_a_frame_holds_nothing_and_a_rest_is_left_out() -> None:
    assert segments(np.full(159, 9000, np.int16), 8000, 0) == []
    sound = level((20, 30, -20.0), count=100)
    assert segments(np.concatenate([sound, np.full(159, 30_000, np.int16)]), 8000, 0) == segments(sound, 8000, 0)


def tones_at(pitch: float, late: int, seconds: float = 0.2, level: float = -20.0) -> list[Segment]:
    return [Segment(b + late, b + late + round(seconds * S), level, pitch) for b, _ in WINDOWS]


def test_sounds_within_a_semitone_are_one_kind() -> None:
    one, sharp, higher = (tones_at(1000.0 * 2 ** (n / 12), late) for n, late in ((0, 0), (0.99, 10), (1.01, 20)))
    found, sorts = reactions("amp", sorted([*one, *sharp]), WINDOWS, SPAN)
    assert (sorts, len(found)) == (1, 1)
    found, sorts = reactions("amp", sorted([*one, *higher]), WINDOWS, SPAN)
    assert (sorts, [r.line for r in found]) == (2, ["amp", "amp"])
    lower = tones_at(1000.0 * 2 ** (-1.01 / 12), 20)
    assert reactions("amp", sorted([*one, *lower]), WINDOWS, SPAN)[1] == 2


def test_a_reaction_is_the_median_of_the_sounds_of_its_windows() -> None:
    sounds = [Segment(b + 5 * MS, b + 5 * MS + n * 100 * MS, -10.0 - n, 1000.0 + n) for n, (b, _) in enumerate(WINDOWS)]
    elsewhere = [Segment(1 * S, 2 * S, 0.0, 1020.0)]
    found, sorts = reactions("amp", [*elsewhere, *sounds], WINDOWS, SPAN)
    (one,) = found
    assert (one.line, sorts) == ("amp", 1)
    assert (one.seconds, one.level, one.pitch) == pytest.approx((0.25, -12.5, 1002.5))
    assert one.association.delays == (5 * MS,) * 6
    assert one.association.outside == 1


def test_only_sounds_of_the_recording_count_and_the_surest_comes_first() -> None:
    beyond = [Segment(-1, S, -10.0, 50.0), Segment(SPAN[1] + 1, SPAN[1] + S, -10.0, 70.0)]
    edges = [Segment(0, S, -10.0, 3000.0), Segment(SPAN[1], SPAN[1] + S, -10.0, 7000.0)]
    sounds = sorted([*beyond, *edges, *tones_at(500.0, 20 * MS)[:5], *tones_at(900.0, 30 * MS)])
    found, sorts = reactions("amp", sounds, WINDOWS, SPAN)
    assert sorts == 4
    assert [round(r.pitch) for r in found] == [900, 500]


def test_a_sound_after_the_action_is_waited_for_as_long_as_told() -> None:
    late = tones_at(900.0, 400 * MS + 900 * MS)
    assert len(reactions("amp", late, WINDOWS, SPAN)[0]) == 1
    assert reactions("amp", late, WINDOWS, SPAN, settle=800 * MS)[0] == []
