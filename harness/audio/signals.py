"""Sounds that a formula makes: sine, exponential sweep, cabin noise. All int16, mono, levels in dBov."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32768.0


def sine(frequency: float, seconds: float, level: float, rate: int) -> NDArray[np.int16]:
    """A sine of RMS ``level`` dBov (-3.01 at most), starting at phase zero."""
    t = np.arange(round(seconds * rate)) / rate
    return _int16(np.sqrt(2.0) * 10.0 ** (level / 20.0) * np.sin(2.0 * np.pi * frequency * t))


def sweep(low: float, high: float, seconds: float, level: float, rate: int) -> NDArray[np.int16]:
    """An exponential sweep from ``low`` to ``high`` Hz (A. Farina, AES 108th convention, 2000), RMS ``level`` dBov."""
    t = np.arange(round(seconds * rate)) / rate
    octaves = np.log(high / low)
    phase = 2.0 * np.pi * low * seconds / octaves * (np.exp(t * octaves / seconds) - 1.0)
    return _int16(np.sqrt(2.0) * 10.0 ** (level / 20.0) * np.sin(phase))


def cabin_noise(random: Random, seconds: float, level: float, rate: int) -> NDArray[np.int16]:
    """Noise with the shape of a cabin at 120 km/h, RMS ``level`` dBov; ``random`` decides which noise.

    Pink (power 1/f) with road and wind rumble on top of it: above 150 Hz it falls by 6 dB per octave more, which is the
    slope of published interior spectra; below 20 Hz nothing. The shape is ours, not a calibrated cabin.
    """
    count = round(seconds * rate)
    white = np.random.Generator(np.random.Philox(key=random.getrandbits(64))).standard_normal(count)
    frequency = np.fft.rfftfreq(count, 1.0 / rate)
    shape = np.zeros_like(frequency)
    heard = frequency >= 20.0
    shape[heard] = frequency[heard] ** -0.5 / np.sqrt(1.0 + (frequency[heard] / 150.0) ** 2)
    noise = np.fft.irfft(np.fft.rfft(white) * shape, count)
    return _int16(noise / np.sqrt(np.mean(noise**2)) * 10.0 ** (level / 20.0))


def _int16(x: NDArray[np.float64]) -> NDArray[np.int16]:
    result: NDArray[np.int16] = np.clip(np.rint(x * FULL_SCALE), -32768, 32767).astype(np.int16)
    return result
