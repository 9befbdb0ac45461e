"""Which message it is."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.align import in_band
from harness.audio.match import Candidate, match

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


@pytest.fixture(scope="module")
def noises() -> dict[str, np.ndarray]:
    random = np.random.default_rng(41)
    return {name: random.normal(0.0, 0.05, RATE) for name in ("a", "b", "c")}


@pytest.mark.parametrize("lag", [0, 777, -300])
def test_a_candidate_tells_how_well_it_fits_and_where(noises, lag: int) -> None:
    capture = np.concatenate([np.zeros(lag), noises["b"]]) if lag >= 0 else noises["b"][-lag:]
    found = match(capture, noises, RATE)
    assert (found.id, found.rate, [c.fits for c in found.candidates]) == ("b", RATE, [True, False, False])
    first, *others = found.candidates
    assert (first.id, first.lag) == ("b", lag)
    assert first.likeness == pytest.approx(np.sqrt(min(1.0, 1 + lag / RATE)), abs=0.02)
    assert first.ratio > 5.0
    assert sorted(c.id for c in others) == ["a", "c"]
    assert others[0].likeness >= others[1].likeness


@pytest.mark.parametrize(("ratio", "likeness", "fits"), [
    (2.5, 0.6, True), (2.49, 0.9, False), (9.0, 0.59, False), (9.0, 0.9, True)])  # fmt: skip
def test_both_witnesses_must_agree(ratio: float, likeness: float, fits: bool) -> None:
    assert Candidate("x", ratio, likeness, 0).fits is fits


def test_candidates_that_fit_come_first_then_the_likest_the_sharper_and_the_first_by_name(noises) -> None:
    """An echo as loud as the sound takes its peak away, and not its likeness."""
    random = np.random.default_rng(42)
    other = random.normal(0.0, 0.05, RATE)
    capture = np.concatenate([noises["a"], np.zeros(100), noises["a"], other + 0.9 * random.normal(0.0, 0.05, RATE)])
    table = {"z": noises["a"], "twin": np.zeros(RATE), "other": other, "alike": np.zeros(RATE)}
    found = match(capture, table, RATE)
    assert found.id == "other"
    assert [c.id for c in found.candidates] == ["other", "z", "alike", "twin"]
    first, second, *silent = found.candidates
    assert (first.fits, second.fits) == (True, False)
    assert second.likeness > first.likeness
    assert [(c.ratio, c.likeness, c.lag) for c in silent] == [(0.0, 0.0, 0)] * 2


def test_only_the_band_counts(noises) -> None:
    """What lies beyond is another sound altogether."""
    low, high = (in_band(noises[n], RATE, band) for n, band in (("a", (0.0, 3400.0)), ("b", (3500.0, 8000.0))))
    found = match(low + 3 * high, {"a": noises["a"]}, RATE)
    assert found.id == "a"
    assert found.candidates[0].likeness == pytest.approx(1.0, abs=1e-6)
    assert match(low + 3 * high, {"a": noises["a"]}, RATE, (200.0, 8000.0)).id is None
    assert match(in_band(noises["a"], RATE, (0.0, 190.0)), {"a": noises["a"]}, RATE).id is None
