"""Frequency response and distortion by a sweep, against filters and polynomials whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, sosfreqz

from harness.audio.response import Sweep, response
from harness.audio.signals import sweep
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000
MADE = Sweep(100.0, 7500.0, 2.0)


@pytest.fixture(scope="module")
def sent() -> np.ndarray:
    return sweep(MADE.low, MADE.high, MADE.seconds, -26.0, RATE) / 32768.0


def late(x: np.ndarray, samples: int = 3210) -> np.ndarray:
    return np.concatenate([np.zeros(samples), x, np.zeros(2000)])


def test_a_straight_path_is_flat_wherever_the_sweep_lies(sent) -> None:
    found = response(sent, late(0.5 * sent), RATE, MADE)
    assert found.gain == pytest.approx(20 * np.log10(0.5), abs=0.02)
    assert found.deviation(150.0, 6000.0).value < 0.05
    assert all(band.distortion.high < 0.001 for band in found.bands if band.distortion is not None)


@pytest.mark.parametrize(("kind", "edge"), [("lowpass", 2000.0), ("highpass", 500.0)])
def test_a_butterworth_filter_has_the_response_that_scipy_computes(sent, kind: str, edge: float) -> None:
    sos = butter(2, edge, kind, fs=RATE, output="sos")
    found = response(sent, late(sosfilt(sos, sent)), RATE, MADE)

    def theirs(frequency: float) -> float:
        """Mean power over the third octave, in dB."""
        inside = np.linspace(frequency * 10**-0.05, frequency * 10**0.05, 50)
        return float(10 * np.log10(np.mean(np.abs(sosfreqz(sos, inside, fs=RATE)[1]) ** 2)))

    for band in found.bands:
        wanted = theirs(band.frequency) - theirs(1000.0)
        if wanted > -25.0:
            assert band.level.value == pytest.approx(wanted, abs=0.25), band.frequency
            assert band.level.low - 0.1 <= wanted <= band.level.high + 0.1


@pytest.mark.parametrize(("square", "cube"), [(0.2, 0.0), (0.0, 0.8), (0.15, -0.5)])
def test_a_polynomial_has_its_analytic_harmonics_at_every_frequency(sent, square: float, cube: float) -> None:
    """a sin: a^2 b / 2 at twice, a^3 c / 4 at three times the frequency, a + 3 a^3 c / 4 at the frequency itself."""
    a = float(np.abs(sent).max())
    bent = sent + square * sent**2 + cube * sent**3
    wanted = np.hypot(square * a**2 / 2, cube * a**3 / 4) / (a + 0.75 * cube * a**3)
    found = response(sent, late(bent), RATE, MADE)
    both = [b for b in found.bands if b.distortion is not None and 180.0 < b.frequency < 2000.0]
    assert len(both) > 8
    for band in both:
        assert band.distortion.value == pytest.approx(wanted, rel=0.05), band.frequency


def test_noise_widens_the_bounds_and_the_truth_stays_within(sent) -> None:
    noise = np.random.default_rng(4).standard_normal(len(late(sent))) * 10 ** (-46 / 20)
    clean, dirty = (response(sent, late(sent) + n, RATE, MADE) for n in (0.0, noise))
    assert dirty.deviation(300.0, 3400.0).high > clean.deviation(300.0, 3400.0).high
    assert all(band.level.low <= 0.0 <= band.level.high for band in dirty.bands if band.frequency > 200.0)


def test_what_holds_no_sweep_is_unmeasurable(sent) -> None:
    for other in (np.zeros(40_000), np.random.default_rng(1).standard_normal(40_000) * 0.05):
        with pytest.raises(Unmeasurable):
            response(sent, other, RATE, MADE)
    with pytest.raises(Unmeasurable, match="no band"):
        response(sent, late(sent), RATE, MADE).deviation(10.0, 20.0)
