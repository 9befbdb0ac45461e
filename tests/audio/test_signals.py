"""Formula-made sounds: level, shape, seed."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from scipy.signal import welch

from harness.audio.level import rms
from harness.audio.signals import cabin_noise, sine, sweep

RATE = 48_000


@pytest.mark.parametrize("level", [-6.0, -26.0])
def test_levels_are_rms_against_overload(level: float) -> None:
    for sound in (sine(440.0, 1.0, level, RATE), sweep(100.0, 8000.0, 2.0, level, RATE)):
        assert rms(sound).value == pytest.approx(level, abs=0.05)
    assert rms(cabin_noise(Random(1), 2.0, -30.0, RATE)).value == pytest.approx(-30.0, abs=0.05)


def test_a_sweep_spends_the_same_time_in_every_octave() -> None:
    sound = sweep(100.0, 1600.0, 4.0, -20.0, RATE).astype(float)
    turns = np.flatnonzero((sound[:-1] < 0) & (sound[1:] >= 0))
    frequency = RATE / np.diff(turns)
    at = [float(turns[np.argmax(frequency >= f)]) / RATE for f in (200.0, 400.0, 800.0)]
    assert at == pytest.approx([1.0, 2.0, 3.0], abs=0.03)


def test_cabin_noise_is_decided_by_its_seed() -> None:
    one, two, other = (cabin_noise(Random(seed), 1.0, -30.0, RATE) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_cabin_noise_rumbles() -> None:
    """Pink below 150 Hz (3 dB per octave), 9 dB per octave far above."""
    frequency, power = welch(cabin_noise(Random(3), 20.0, -20.0, RATE).astype(float), RATE, nperseg=16_384)

    def level(f: float) -> float:
        return float(10 * np.log10(power[(frequency > f / 1.2) & (frequency < f * 1.2)].mean()))

    assert level(40.0) - level(80.0) == pytest.approx(3.0 + 0.9, abs=1.0)
    assert level(1000.0) - level(2000.0) == pytest.approx(9.0, abs=1.0)
