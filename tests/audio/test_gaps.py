"""Holes that were cut are found; clean runs have none."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.delay import NARROW
from harness.audio.gaps import gaps
from harness.audio.level import frame_powers, rms, speech_level
from harness.audio.signals import sine
from harness.audio.unmeasurable import Unmeasurable

RATE = 16_000


def test_200_clean_runs_have_no_hole(speech, channel) -> None:
    names = sorted(speech)
    for run in range(200):
        samples = speech[names[run % len(names)]][:20_000]
        ratio = (60.0, 40.0, 30.0, 20.0)[run % 4]
        late = np.concatenate([np.zeros(run * 7, np.int16), samples // (1 + run % 3), np.zeros(500, np.int16)])
        noise = rms(samples).value - ratio
        found = gaps(samples, channel.noisy(late, noise), RATE, noise)
        assert found.found == (), f"run {run}"
        assert found.watched > 0.2


@pytest.mark.parametrize(
    ("codec", "rate", "band"), [("libopus", RATE, (100, 7000)), ("libopencore_amrnb", 8000, NARROW)]
)
def test_a_codec_makes_no_hole(speech, people, channel, codec, rate, band) -> None:
    for samples in [*speech.values(), *list(people.values())[:3]]:
        found = gaps(samples, channel.coded(samples, codec, rate, 12_200), RATE, band=band)
        assert found.at_least(0.02).value == 0


def cut(samples: np.ndarray, at: int, seconds: float) -> np.ndarray:
    result = samples.copy()
    result[at : at + round(seconds * RATE)] = 0
    return result


def loud_places(samples: np.ndarray, seconds: float, count: int, random) -> np.ndarray:
    """Where the sentence speaks during the whole of a hole."""
    loud = frame_powers(samples, RATE) > 10 ** ((speech_level(samples, RATE).active.value - 10) / 10)
    frames = round(seconds / 0.02) + 1
    starts = [k for k in range(5, len(loud) - frames - 5) if loud[k : k + frames].all()]
    return random.choice(starts, min(count, len(starts)), replace=False) * 320


@pytest.mark.parametrize(("seconds", "share"), [(0.02, 0.94), (0.04, 0.96), (0.06, 0.96)])
@pytest.mark.parametrize("noise", [-90.0, -66.0])
def test_holes_are_found_where_they_are_and_as_long_as_they_are(speech, channel, seconds, share, noise) -> None:
    seen = total = 0
    for samples in speech.values():
        for at in loud_places(samples, seconds, 5, channel.random):
            capture = cut(samples, int(at), seconds)
            if noise > -90.0:
                capture = channel.noisy(capture, noise)
            inside = [g for g in gaps(samples, capture, RATE, noise).found if -0.02 < g.at - at / RATE < seconds]
            length = sum(g.length.value for g in inside)
            total += 1
            seen += bool(inside) and abs(length - seconds) <= 0.015
    assert total >= 20
    assert seen / total >= share


def test_counting_is_interval_arithmetic(speech, channel) -> None:
    samples = speech["on_my_way.zh"]
    at = int(loud_places(samples, 0.04, 1, channel.random)[0])
    found = gaps(samples, cut(samples, at, 0.04), RATE)
    assert found.at_least(0.02) == (1.0, 1.0, 1.0)
    assert found.at_least(0.2) == (0.0, 0.0, 0.0)
    assert found.longest.low <= 0.04 <= found.longest.high + 0.002


def test_what_is_not_the_reference_cannot_be_searched(speech) -> None:
    with pytest.raises(Unmeasurable):
        gaps(speech["on_my_way.zh"], np.zeros(RATE, np.int16), RATE)
    with pytest.raises(Unmeasurable):
        gaps(speech["on_my_way.zh"], sine(440.0, 2.0, -20.0, RATE), RATE)
