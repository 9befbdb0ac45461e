"""Sounds that begin with an action, on quiet lines and on noisy ones."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.reactions import reactions, segments
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
