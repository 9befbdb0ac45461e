"""Another sampling rate changes neither the sound nor its place."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.rates import to_rate


@pytest.mark.parametrize("wanted", [16_000, 44_100, 8_000])
def test_a_tone_is_the_same_tone_at_another_rate(wanted: int) -> None:
    seconds = np.arange(48_000 // 2) / 48_000
    tone = np.rint(12_000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)
    found = to_rate(tone, 48_000, wanted)
    true = 12_000 * np.sin(2 * np.pi * 440 * np.arange(wanted // 2) / wanted)
    assert (found.dtype, len(found)) == (np.int16, wanted // 2)
    inner = slice(wanted // 10, -wanted // 10)
    assert np.abs(found - true)[inner].max() <= 1.0
    assert np.mean(found[inner] - true[inner]) == pytest.approx(0.0, abs=0.1)


def test_the_filter_is_that_of_very_high_quality() -> None:
    """Up to 91 % of the new half rate passes, nothing folds back."""
    t = np.arange(48_000) / 48_000
    for frequency, level in ((7_250.0, 12_000.0), (8_700.0, 0.0)):
        found = to_rate((12_000 * np.sin(2 * np.pi * frequency * t)).astype(np.int16), 48_000, 16_000)
        assert np.abs(found[2000:-2000]).max() == pytest.approx(level, abs=4.0)


def test_what_overshoots_is_held_at_the_ceiling() -> None:
    square = np.where(np.arange(4_800) % 96 < 48, 32_767, -32_768).astype(np.int16)
    found = to_rate(square, 48_000, 16_000)
    assert (found.max(), found.min()) == (32_767, -32_768)
    middle = found[320:1280].reshape(-1, 32)
    assert (middle[:, 3:13] > 25_000).all()
    assert (middle[:, 19:29] < -25_000).all()


def test_the_same_rate_changes_nothing() -> None:
    x = np.array([1, -2, 32_767], np.int16)
    assert to_rate(x, 16_000, 16_000) is x
