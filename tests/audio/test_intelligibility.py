"""STOI against pystoi itself on pairs that are aligned by construction."""

from __future__ import annotations

import numpy as np
import pytest
from pystoi import stoi as theirs

from harness.audio.intelligibility import stoi
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


@pytest.mark.parametrize("ratio", [30.0, 5.0, 0.0])
def test_a_late_capture_scores_as_the_aligned_pair_does(speech, channel, ratio) -> None:
    samples = speech["ten_minutes.zh"]
    noisy = channel.noisy(samples, -26.0 - ratio)
    expected = theirs(samples / 32768.0, noisy / 32768.0, RATE)
    late = np.concatenate([np.zeros(3210, np.int16), noisy, np.zeros(100, np.int16)])
    measured = stoi(samples, late, RATE).stoi
    assert measured.low <= expected <= measured.high
    assert measured.value == pytest.approx(expected, abs=1e-6)


def test_noise_costs_intelligibility(speech, channel) -> None:
    samples = speech["call_me_later.en"]
    clean, bad = (stoi(samples, channel.noisy(samples, level), RATE).stoi.value for level in (-70.0, -26.0))
    assert clean > 0.98
    assert bad < 0.85


def test_people_through_opus_stay_intelligible(people, channel) -> None:
    for samples in list(people.values())[:3]:
        assert stoi(samples, channel.coded(samples), RATE).stoi.value > 0.95


def test_too_little_speech_is_unmeasurable_and_not_unintelligible(speech) -> None:
    samples = np.concatenate([speech["on_my_way.zh"][:6000], np.zeros(2 * RATE, np.int16)])
    with pytest.raises(Unmeasurable, match="STOI"):
        stoi(samples, samples, RATE)


def steady(seconds: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.05, round(seconds * RATE))


def test_a_copy_is_wholly_intelligible_and_never_more() -> None:
    x = steady(1.5)
    found = stoi(x, np.concatenate([np.zeros(160), x]), RATE)
    assert found.stoi == pytest.approx((1.0, 0.995, 1.0), abs=1e-6)
    assert found.delay.seconds.value == pytest.approx(0.01, abs=1e-6)
    assert found.rate == RATE


def test_the_score_is_worth_half_a_hundredth() -> None:
    x = steady(1.5)
    found = stoi(x, x + steady(1.5, 2), RATE).stoi
    assert 0.3 < found.value < 0.95
    assert (found.low, found.high) == pytest.approx((found.value - 0.005, found.value + 0.005))
    opposite = stoi(np.concatenate([x, np.zeros(4000)]), np.concatenate([x[:9000] * 1e-3, x[9000:]]), RATE).stoi
    assert 0.0 <= opposite.low < opposite.value


@pytest.mark.parametrize(("soft", "seconds", "enough"), [
    (0.0, 0.45, True), (0.0, 0.35, False), (-35.0, 0.45, True), (-38.5, 0.45, False), (-60.0, 0.45, False),
])  # fmt: skip
def test_thirty_frames_of_speech_are_enough(soft: float, seconds: float, enough: bool) -> None:
    """Those count that are within 40 dB of the loudest one; with fewer the library would say 0.00001."""
    x = np.zeros(2 * RATE)
    x[: round(seconds * RATE)] = steady(seconds)
    x[3200 : round(seconds * RATE)] *= 10 ** (soft / 20)
    if enough:
        assert stoi(x, x, RATE).stoi.value > 0.99
    else:
        with pytest.raises(Unmeasurable, match=r"less than 0\.384 s of speech, too little for STOI"):
            stoi(x, x, RATE)
