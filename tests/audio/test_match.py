"""Which message it is."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.match import match

RATE = 16_000


@pytest.mark.parametrize(("codec", "rate", "bits"), [("libopus", 16_000, 16_000), ("libopencore_amrnb", 8_000, 4_750)])
@pytest.mark.parametrize("ratio", [20.0, 5.0])
def test_every_sentence_is_known_among_the_others(speech, channel, codec, rate, bits, ratio) -> None:
    for name, samples in speech.items():
        heard = channel.noisy(channel.coded(samples, codec, rate, bits), -26.0 - ratio)
        found = match(heard, speech, RATE)
        assert found.id == name
        others = [c for c in found.candidates if c.id != name]
        assert len(others) == len(speech) - 1
        assert max(c.likeness for c in others) < 0.5
        assert not any(c.fits for c in others)


def test_what_is_not_among_the_candidates_is_none_of_them(speech, channel) -> None:
    for name, samples in speech.items():
        rest = {k: v for k, v in speech.items() if k != name}
        found = match(channel.coded(samples), rest, RATE)
        assert found.id is None
        assert len(found.candidates) == len(rest)


def test_silence_and_noise_are_no_message(speech, channel) -> None:
    assert match(np.zeros(RATE * 3, np.int16), speech, RATE).id is None
    assert match(channel.noisy(np.zeros(RATE * 3), -26.0), speech, RATE).id is None
    assert match(np.zeros(RATE, np.int16), {}, RATE).id is None


def test_people_are_told_apart(people, channel) -> None:
    for name, samples in people.items():
        assert match(channel.coded(samples), people, RATE).id == name


def test_half_a_message_is_not_the_message(speech) -> None:
    samples = speech["ten_minutes.zh"].copy()
    samples[len(samples) // 4 :] = 0
    assert match(samples, speech, RATE).id is None
