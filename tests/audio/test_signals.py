"""Formula-made sounds: level, shape, seed."""

from __future__ import annotations

import math
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


def test_a_sine_is_its_formula_to_the_last_bit() -> None:
    peak = math.sqrt(2.0) * 10 ** (-26.0 / 20) * 32768
    wanted = [round(peak * math.sin(2 * math.pi * 997.0 * n / 16_000)) for n in range(160)]
    assert sine(997.0, 0.01, -26.0, 16_000).tolist() == wanted


def test_a_sweep_is_the_integral_of_its_frequency() -> None:
    """The frequency rises from 200 to 1600 Hz by the same factor in every second; the phase sums it up."""
    rate, seconds = 16_000, 0.5
    found = sweep(200.0, 1600.0, seconds, -26.0, rate) / 32768
    assert len(found) == 8000
    t = np.arange(len(found)) / rate
    frequency = 200.0 * 8.0 ** (t / seconds)
    phase = 2 * np.pi * np.concatenate(([0.0], np.cumsum((frequency[1:] + frequency[:-1]) / 2) / rate))
    assert found == pytest.approx(math.sqrt(2.0) * 10 ** (-26.0 / 20) * np.sin(phase), abs=1e-4)


def test_what_is_beyond_full_scale_stays_at_the_ceiling() -> None:
    loud = sine(400.0, 0.1, 6.0, 16_000)
    assert (loud.max(), loud.min()) == (32_767, -32_768)


def test_cabin_noise_has_its_shape_at_every_frequency() -> None:
    """The same white noise under it: what is left is 1/f in power, 6 dB per octave more above 150 Hz, none under 20."""
    count = 16_000
    made = cabin_noise(Random(5), 1.0, -20.0, count)
    assert len(made) == count
    white = np.random.Generator(np.random.Philox(key=Random(5).getrandbits(64))).standard_normal(count)
    shape = np.abs(np.fft.rfft(made / 32768.0) / np.fft.rfft(white))
    assert shape[:20].max() < 1e-3 * shape[20]
    wanted = [f**-0.5 / math.hypot(1.0, f / 150.0) if f >= 20 else 0.0 for f in range(501)]
    assert shape[20:501] / shape[20] == pytest.approx(np.array(wanted)[20:] / wanted[20], rel=0.05)
