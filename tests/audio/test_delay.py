"""Delays that were made are found, to microseconds."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.delay import NARROW, delay
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


@pytest.mark.parametrize("ratio", [60.0, 20.0, 0.0, -10.0])
def test_fractional_delays_are_found_within_their_bounds(speech, channel, ratio: float) -> None:
    for samples in speech.values():
        true = float(channel.random.uniform(100.0, 4000.0))
        found = delay(samples, channel.noisy(channel.late(samples, true), -26.0 - ratio), RATE)
        assert found.seconds.low <= true / RATE <= found.seconds.high
        if ratio >= 20.0:
            assert abs(found.seconds.value - true / RATE) < 3.3e-6


def test_a_capture_that_begins_late_leads(speech) -> None:
    samples = speech["on_my_way.en"]
    assert delay(samples, samples[800:], RATE).seconds.value == pytest.approx(-0.05, abs=1e-6)


def test_people_through_a_telephone_codec_are_aligned(people, channel) -> None:
    samples = next(iter(people.values()))
    wide = channel.coded(samples)
    late = np.concatenate([np.zeros(1234, np.int16), wide])
    one, two = delay(samples, wide, RATE), delay(samples, late, RATE, NARROW)
    assert two.seconds.value - one.seconds.value == pytest.approx(1234 / RATE, abs=50e-6)


def test_too_little_reference_is_unmeasurable(speech) -> None:
    samples = speech["on_my_way.zh"]
    with pytest.raises(Unmeasurable, match="reference"):
        delay(samples[:8000], samples, RATE)


def test_another_sentence_or_silence_has_no_delay(speech, channel) -> None:
    with pytest.raises(Unmeasurable, match="silence"):
        delay(speech["on_my_way.zh"], np.zeros(20_000, np.int16), RATE)
    with pytest.raises(Unmeasurable, match="no delay"):
        delay(speech["on_my_way.zh"], channel.noisy(np.zeros(40_000), -30.0), RATE)
