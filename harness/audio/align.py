"""A capture laid over its reference, and how alike two pieces of waveform are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.audio.level import unit


def aligned(count: int, capture: NDArray[np.generic], seconds: float, rate: int) -> NDArray[np.float64]:
    """The ``count`` samples of ``capture`` that begin ``seconds`` after its start (rounded to a sample), full scale 1;
    zeros where it holds none."""
    start = round(seconds * rate)
    result = np.zeros(count)
    low, high = max(start, 0), min(start + count, len(capture))
    if low < high:
        result[low - start : high - start] = unit(capture[low:high])
    return result


def likeness(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Normalised cross-correlation at lag zero, -1..1; 0 when either is silent."""
    size = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return float(np.dot(a, b)) / size if size > 0.0 else 0.0


def best_likeness(block: NDArray[np.float64], around: NDArray[np.float64]) -> float:
    """The highest ``likeness`` of ``block`` with any stretch of its length in ``around``."""
    from scipy.signal import correlate

    size = len(block)
    if len(around) < size:
        return 0.0
    products = correlate(around, block, "valid")
    sums = np.concatenate(([0.0], np.cumsum(np.square(around))))
    energies = (sums[size:] - sums[:-size]) * float(np.dot(block, block))
    heard = energies > 1e-12 * energies.max()
    if not heard.any():
        return 0.0
    return float((products[heard] / np.sqrt(energies[heard])).max())


def in_band(x: NDArray[np.generic], rate: int, band: tuple[float, float]) -> NDArray[np.float64]:
    """``x`` (full scale 1) limited to ``band`` without shifting it in time."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(x), real=True)
    spectrum = rfft(unit(x), size)
    frequency = np.fft.rfftfreq(size, 1.0 / rate)
    spectrum[(frequency < band[0]) | (frequency > band[1])] = 0.0
    result: NDArray[np.float64] = irfft(spectrum, size)[: len(x)]
    return result
