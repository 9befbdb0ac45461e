"""Speech through Opus: the same length, the same place, the same bytes each time; broken bytes are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.contracts.phone import speech
from harness.phone import codec


def offset(said, heard) -> float:
    """Samples by which ``heard`` lies later, to a fraction (parabola through the peak of the cross-correlation)."""
    size = 1 << (len(said) + len(heard)).bit_length()
    scores = np.fft.irfft(np.fft.rfft(heard.astype(float), size) * np.conj(np.fft.rfft(said.astype(float), size)), size)
    peak = int(np.argmax(scores))
    left, top, right = scores[peak - 1], scores[peak], scores[(peak + 1) % size]
    place = peak + 0.5 * (left - right) / (left - 2 * top + right)
    return float(place if place < size / 2 else place - size)


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_out_lies_where_it_went_in(seed):
    said = speech(2.0, codec.RATE, seed)
    heard, rate = codec.decode(codec.encode(said, codec.RATE))
    assert rate == codec.RATE
    assert abs(offset(said, heard)) / rate < 0.001


def test_a_click_at_the_start_and_at_the_end_survives_in_place():
    said = np.zeros(codec.RATE, np.int16)
    said[10:26] = said[-26:-10] = 20_000
    heard, _ = codec.decode(codec.encode(said, codec.RATE))
    loud = np.flatnonzero(np.abs(heard.astype(int)) > 4_000)
    assert abs(loud[0] - 10) < 32
    assert abs(loud[-1] - (len(said) - 11)) < 32


@given(st.integers(0, 2000), st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_every_length_comes_back_exactly(count, seed):
    said = np.random.default_rng(seed).integers(-8000, 8000, count, dtype=np.int16)
    heard, _ = codec.decode(codec.encode(said, codec.RATE))
    assert len(heard) == count
    assert heard.dtype == np.int16


@pytest.mark.parametrize("rate", [8_000, 24_000, 44_100, 48_000])
def test_other_rates_are_brought_to_16_khz_in_place(rate):
    said = speech(1.0, rate)
    heard, carried = codec.decode(codec.encode(said, rate))
    assert carried == codec.RATE
    assert len(heard) == codec.RATE
    places = np.round(np.arange(codec.RATE) * rate / codec.RATE).astype(int).clip(max=len(said) - 1)
    assert abs(offset(said[places], heard)) / codec.RATE < 0.001


def test_the_level_is_kept():
    said = speech(2.0, codec.RATE)
    heard, _ = codec.decode(codec.encode(said, codec.RATE))
    change = 20 * np.log10(np.std(heard.astype(float)) / np.std(said.astype(float)))
    assert abs(change) < 1.5


def test_encoding_is_deterministic():
    said = speech(1.0, codec.RATE)
    assert codec.encode(said, codec.RATE) == codec.encode(said.copy(), codec.RATE)


def test_it_really_compresses():
    data = codec.encode(speech(3.0, codec.RATE), codec.RATE)
    assert 3.0 * 8_000 / 8 < len(data) < 3.0 * 48_000 / 8


def test_other_types_shapes_and_rates_are_refused():
    for samples in (np.zeros(10, np.float32), np.zeros((2, 10), np.int16)):
        with pytest.raises(ValueError, match="int16"):
            codec.encode(samples, codec.RATE)
    with pytest.raises(ValueError, match="Hz"):
        codec.encode(np.zeros(10, np.int16), 4_000)


def test_bytes_that_are_not_ours_are_refused():
    for data in (b"", b"RIFF", b"HILOPUS1", b"\x02#!SILK_V3" + bytes(100)):
        with pytest.raises(ValueError, match="speech"):
            codec.decode(data)


GOOD = codec.encode(speech(0.3, codec.RATE), codec.RATE)


@given(st.integers(0, len(GOOD) - 1))
@settings(deadline=None, max_examples=60)
def test_a_container_cut_off_anywhere_is_refused(length):
    with pytest.raises(ValueError, match="speech"):
        codec.decode(GOOD[:length])


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), min_size=1, max_size=5))
@settings(deadline=None, max_examples=150)
def test_changed_bytes_give_speech_or_a_value_error_and_nothing_else(changes):
    data = bytearray(GOOD)
    for place, by in changes:
        data[place] ^= by
    try:
        samples, rate = codec.decode(bytes(data))
    except ValueError:
        return
    assert samples.dtype == np.int16
    assert rate == codec.RATE
