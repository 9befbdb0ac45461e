"""The active speech level against a second implementation, written here from the recommendation, sample by sample.

ITU-T P.56 (12/2011), 6.2: g = exp(-1/(f T)), T = 0.03 s; p and q the two smoothings of |x|; thresholds c_j = 2^-15 ...
2^-1; a_j counts samples with q >= c_j, and after each such sample up to I = ceil(0.2 f) more (hangover h_j);
A_j = 10 log(sq / a_j), C_j = 20 log c_j; the active level is A where A - C = 15.9 dB, interpolated.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.audio.level import speech_level

RATE = 8_000
MARGIN = 15.9


def by_the_book(x: np.ndarray, rate: int) -> tuple[float, float]:
    """(active level in dBov, activity factor), by a loop over the samples and then bisection between thresholds."""
    g, hold = math.exp(-1.0 / (rate * 0.03)), math.ceil(0.2 * rate)
    limits = [2.0**-k for k in range(15, 0, -1)]
    active, hang = [0] * 15, [hold] * 15
    p = q = energy = 0.0
    for sample in x.tolist():
        energy += sample * sample
        p = g * p + (1.0 - g) * abs(sample)
        q = g * q + (1.0 - g) * p
        for j, limit in enumerate(limits):
            if q >= limit:
                active[j] += 1
                hang[j] = 0
            elif hang[j] < hold:
                active[j] += 1
                hang[j] += 1
            else:
                break
    levels = [10.0 * math.log10(energy / n) if n else None for n in active]
    for j in range(14):
        upper, lower = levels[j + 1], levels[j]
        if lower is None or upper is None:
            continue
        here, there = lower - 20 * math.log10(limits[j]), upper - 20 * math.log10(limits[j + 1])
        if here >= MARGIN >= there:
            a, b = 0.0, 1.0
            for _ in range(60):
                middle = (a + b) / 2
                if here + middle * (there - here) > MARGIN:
                    a = middle
                else:
                    b = middle
            level = lower + a * (upper - lower)
            return level, energy / len(x) / 10 ** (level / 10)
    raise AssertionError("no threshold fits")


@pytest.mark.parametrize("sentence", ["on_my_way.zh", "on_my_way.en", "ten_minutes.en"])
@pytest.mark.parametrize(("gain", "tail"), [(0.0, 0.0), (-23.4, 1.5), (12.0, 0.7)])
def test_speech_has_the_level_that_the_recommendation_computes(speech, sentence, gain, tail) -> None:
    from harness.audio.rates import to_rate

    x = to_rate(speech[sentence], 16_000, RATE) / 32768.0 * 10 ** (gain / 20)
    x = np.concatenate([np.zeros(round(tail * RATE)), x, np.zeros(round(tail * RATE))])
    level, activity = by_the_book(x, RATE)
    measured = speech_level(x, RATE)
    assert measured.active.value == pytest.approx(level, abs=1e-6)
    assert measured.activity == pytest.approx(activity, abs=1e-6)


def test_people_have_the_level_that_the_recommendation_computes(people) -> None:
    from harness.audio.rates import to_rate

    for samples in list(people.values())[:2]:
        x = to_rate(samples, 16_000, RATE) / 32768.0
        assert speech_level(x, RATE).active.value == pytest.approx(by_the_book(x, RATE)[0], abs=0.03)
