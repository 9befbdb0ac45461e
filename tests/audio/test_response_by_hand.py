"""Response of a path whose impulse response is written down: what is cut out, averaged and doubted, line by line.

The "sweep" is a single sample, which has the same power at every frequency; so the capture is the impulse response, and
where harmonics and noise lie in it is the test's choice.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.audio.response import REFERENCE, Band, Response, Sweep, response
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.stamps import Interval

RATE = 8000
MADE = Sweep(100.0, 3800.0, 1.5)
AT = 9000
ONE = np.array([1.0])


def impulse(*taps: tuple[int, float]) -> np.ndarray:
    """1 at ``AT``, and ``taps``: (samples behind that, value)."""
    x = np.zeros(16_000)
    for place, value in ((0, 1.0), *taps):
        x[AT + place] += value
    return x


def weight(place: int) -> float:
    """Of what lies so many samples behind a peak: 160 samples before it, 1200 behind; 80 rise, 400 fall."""
    if not -160 <= place < 1200:
        return 0.0
    if place < -80:
        return math.sin(math.pi / 2 * (place + 160) / 79) ** 2
    if place >= 800:
        return math.cos(math.pi / 2 * (place - 800) / 399) ** 2
    return 1.0


WINDOW = np.array([weight(n) for n in range(-160, 1200)])


def lines_of(x: np.ndarray, peak: int) -> np.ndarray:
    """Power of each line; four for each of a plain transform of the part."""
    return np.abs(np.fft.rfft(WINDOW * x[peak - 160 : peak + 1200], 4 * 1360)) ** 2


def power(x: np.ndarray, peak: int, centre: float) -> float:
    """Mean over the lines of a third octave."""
    edge, step = 10**0.05, RATE / (4 * 1360)
    inside = [k for k in range(2 * 1360 + 1) if centre / edge <= k * step < centre * edge]
    return float(np.mean(lines_of(x, peak)[inside]))


def median(x: np.ndarray, peak: int) -> float:
    """A mean, by the median of powers that are spread as those of noise are."""
    return float(np.median(lines_of(x, peak))) / math.log(2)


CENTRES = [1000 * 10 ** (n / 10) for n in range(-9, 6)]
"""From 100 * 1.05 at the lower edge to 3800 / 1.05 at the upper one."""

SPARSE = [(0, 0.0)]
RINGING = [(-130, 0.1), (-60, 0.2), (3, -0.5), (600, 0.2), (900, 0.4), (1150, 0.3), (1210, 0.5), (-165, 0.5)]


def noise_of(harmonics: int) -> int:
    """Where nothing is expected: half of what the highest harmonic lies ahead, and 0.3 s, behind."""
    ahead = 1.5 * math.log(harmonics) / math.log(38.0)
    return AT + round((ahead / 2 + 0.3) * RATE)


@pytest.mark.parametrize("taps", [SPARSE, RINGING])
def test_a_band_is_the_mean_of_its_lines_within_the_window(taps: list[tuple[int, float]]) -> None:
    x = impulse(*taps)
    found = response(ONE, x, RATE, MADE)
    assert [b.frequency for b in found.bands] == pytest.approx(CENTRES)
    at_one = power(x, AT, 1000.0)
    assert found.gain == pytest.approx(10 * math.log10(at_one), abs=0.001)
    assert (found.rate, found.noise) == (RATE, pytest.approx(-120.0))
    for band in found.bands:
        wanted = 10 * math.log10(power(x, AT, band.frequency) / at_one)
        assert band.level == pytest.approx((wanted, wanted - 0.2, wanted + 0.2), abs=1e-4)


@pytest.mark.parametrize("harmonics", [None, 2, 3])
def test_harmonics_lie_ahead_and_noise_widens_what_is_known(harmonics: int | None) -> None:
    random = np.random.default_rng(2)
    highest = harmonics or 5
    x = impulse((5, 0.3))
    for order, share in ((2, 0.04), (3, 0.03), (4, 0.02), (5, 0.01), (6, 0.5)):
        x[AT - round(1.5 * math.log(order) / math.log(38.0) * RATE)] += share
    x[noise_of(highest) - 160 : noise_of(highest) + 1200] += random.normal(0, 2e-5, 1360)
    found = response(ONE, x, RATE, MADE) if harmonics is None else response(ONE, x, RATE, MADE, harmonics)
    noise = median(x, noise_of(highest))
    assert found.noise == pytest.approx(10 * math.log10(noise), abs=0.01)
    at_one = power(x, AT, 1000.0)

    def doubt(level: float) -> float:
        return 20 * math.log10(1 + math.sqrt(noise / level))

    for band in found.bands:
        level = power(x, AT, band.frequency)
        spread = 0.2 + doubt(level) + doubt(at_one)
        wanted = 10 * math.log10(level / at_one)
        assert band.level == pytest.approx((wanted, wanted - spread, wanted + spread), abs=1e-3)
        orders = [k for k in range(2, highest + 1) if k * band.frequency * 10**0.05 <= 3800 / 1.05]
        if not orders:
            assert band.distortion is None
            continue
        places = {k: AT - round(1.5 * math.log(k) / math.log(38.0) * RATE) for k in orders}
        clean = sum(max(power(x, places[k], k * band.frequency) - noise, 0.0) for k in orders)
        value, spread = math.sqrt(clean / level), math.sqrt(len(orders) * noise / level)
        assert band.distortion == pytest.approx((value, max(value - spread, 0.0), value + spread), rel=1e-3, abs=1e-6)


def test_noise_as_strong_as_the_sound_makes_twenty_decibels_of_doubt_at_most() -> None:
    x = impulse()
    x[AT + 1] -= 0.999  # next to nothing at low frequencies
    place = noise_of(5)
    x[place - 160 : place + 1200] += np.random.default_rng(2).normal(0, 0.04, 1360)
    found = response(ONE, x, RATE, Sweep(100.0, 3800.0, 1.5))
    low = found.bands[0]
    assert low.level.high - low.level.value == pytest.approx(0.2 + 20.0 + _doubt(found, power(x, AT, 1000.0)), abs=0.01)
    assert low.distortion is not None
    assert low.distortion.low == 0.0


def _doubt(found: Response, level: float) -> float:
    return min(20 * math.log10(1 + math.sqrt(10 ** (found.noise / 10) / level)), 20.0)


@pytest.mark.parametrize(("low", "high", "first", "last"), [
    (100.0, 3800.0, -9, 5), (20.0, 3999.0, -16, 5), (106.0, 3800.0, -9, 5), (107.5, 3800.0, -8, 5),
    (100.0, 3740.0, -9, 5), (100.0, 3710.0, -9, 4)])  # fmt: skip
def test_bands_are_those_that_lie_well_within_the_sweep(low: float, high: float, first: int, last: int) -> None:
    found = response(ONE, impulse(), RATE, Sweep(low, high, 1.5))
    assert [b.frequency for b in found.bands] == pytest.approx([1000 * 10 ** (n / 10) for n in range(first, last + 1)])


def test_bands_end_where_hearing_does() -> None:
    found = response(ONE, np.concatenate([np.zeros(60_000), ONE, np.zeros(60_000)]), 96_000, Sweep(5.0, 47_000.0, 0.5))
    assert [b.frequency for b in found.bands] == pytest.approx([1000 * 10 ** (n / 10) for n in range(-17, 14)])
    assert REFERENCE == 1000.0


def test_a_harmonic_lies_ahead_by_the_logarithm_of_its_order() -> None:
    assert Sweep(100.0, 6400.0, 3.0).before(8) == pytest.approx(1.5)
    assert Sweep(100.0, 6400.0, 3.0).before(1) == 0.0


def test_a_sweep_must_stand_twenty_times_above_everything_else() -> None:
    rest = np.random.default_rng(3).choice([-1.0, 1.0], 14_999)
    for peak, held in ((19.5, False), (20.6, True)):
        x = np.concatenate([rest[:AT], [peak], rest[AT:]])
        if held:
            assert len(response(ONE, x, RATE, MADE).bands) == len(CENTRES)
        else:
            with pytest.raises(Unmeasurable, match="does not hold the sweep"):
                response(ONE, x, RATE, MADE)


def test_silence_on_either_side_is_unmeasurable() -> None:
    for reference, capture in ((np.zeros(1), impulse()), (ONE, np.zeros(100))):
        with pytest.raises(Unmeasurable, match="silence"):
            response(reference, capture, RATE, MADE)


def test_frequencies_that_the_sweep_lacks_are_not_raised() -> None:
    """Divided by the power of the sweep and a ten-thousandth of its strongest: (1 + c cos w)^2 at half the rate."""
    sent = np.array([1.0, 0.99])
    found = response(sent, np.convolve(sent, impulse()), RATE, Sweep(100.0, 3999.0, 1.5))
    high = found.bands[-1]
    edge = 10**0.05
    w = 2 * np.pi * np.linspace(high.frequency / edge, high.frequency * edge, 400) / RATE
    spectrum = 1 + 0.99**2 + 2 * 0.99 * np.cos(w)
    wanted = np.mean((spectrum / (spectrum + 1e-4 * 1.99**2)) ** 2)
    assert high.level.value == pytest.approx(10 * math.log10(wanted), abs=0.002)


def bands(*levels: tuple[float, float]) -> Response:
    made = tuple(Band(f, Interval(v, v - 0.5, v + 0.5), None) for f, v in levels)
    return Response(made, 0.0, -90.0, RATE)


def test_the_worst_band_is_the_one_furthest_from_1_khz_either_way() -> None:
    found = bands((100.0, 9.0), (200.0, -3.0), (400.0, 2.0), (800.0, -8.0))
    assert found.deviation(200.0, 400.0) == (3.0, 2.5, 3.5)
    assert found.worst(200.0, 400.0).frequency == 200.0
    assert found.worst(150.0, 900.0).frequency == 800.0
    assert found.deviation(100.0, 100.0).value == 9.0
    assert bands((400.0, -0.2)).deviation(300.0, 500.0) == (0.2, 0.0, 0.7)
    with pytest.raises(Unmeasurable, match="no band between 410 and 790 Hz"):
        found.deviation(410.0, 790.0)
