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
