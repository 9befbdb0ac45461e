"""THD of a sine whose distortion has a formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.audio.tones import tone

RATE = 48_000
TONE = 1000.0


def bent(shape) -> np.ndarray:
    x = np.sin(2 * np.pi * TONE * np.arange(RATE // 2) / RATE)
    return 0.5 * shape(x)


@pytest.mark.parametrize("level", [0.9, 0.7, 0.5, 0.2])
def test_a_hard_clipped_sine_has_its_fourier_series(level: float) -> None:
    """Clipped at ``level`` of its peak: with t = asin(level), b1 = (2 / pi)(t + level cos t), and for odd n
    bn = (2 / pi)[sin((n-1)t)/(n-1) - sin((n+1)t)/(n+1)] + (4 level / pi) cos(n t) / n."""
    t = math.asin(level)

    def b(n: int) -> float:
        if n == 1:
            return 2 / math.pi * (t - math.sin(t) * math.cos(t)) + 4 * level / math.pi * math.cos(t)
        inner = math.sin((n - 1) * t) / (n - 1) - math.sin((n + 1) * t) / (n + 1)
        return 2 / math.pi * inner + 4 * level / math.pi * math.cos(n * t) / n

    wanted = math.sqrt(sum(b(n) ** 2 for n in range(3, 11, 2))) / b(1)
    measured = tone(bent(lambda x: np.clip(x, -level, level)), RATE, TONE)
    assert measured.distortion.value == pytest.approx(wanted, rel=0.02)
    assert measured.distortion.low <= wanted * 1.02
    assert measured.distortion.high >= wanted * 0.98


@pytest.mark.parametrize(("square", "cube"), [(0.04, 0.0), (0.0, 0.1), (0.03, -0.08)])
def test_a_polynomial_has_the_harmonics_of_its_powers(square: float, cube: float) -> None:
    wanted = math.hypot(square / 2, cube / 4) / (1 + 0.75 * cube)
    measured = tone(bent(lambda x: x + square * x**2 + cube * x**3), RATE, TONE)
    assert measured.distortion.low <= wanted <= measured.distortion.high
    assert measured.distortion.value == pytest.approx(wanted, abs=1e-4)
