"""Codecs by name: what is said through each arrives within the limits of the catalogue; broken bytes are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.phone import codec_amr
from harness.phone.codecs import CODECS, codec, understood

WORDS = np.arange(8_000) % 97 * 100 - 4_850


def available() -> list[str]:
    found = []
    for name in CODECS:
        try:
            codec(name)
        except ValueError:
            continue
        found.append(name)
    return found


def test_opus_and_amr_need_no_extra() -> None:
    assert {"opus", "amr-nb"} <= set(available())


def test_an_unknown_codec_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ValueError, match="opus"):
        codec("opsu")
    assert understood("opsu", b"x") == (None, 0)


def test_a_codec_whose_library_is_missing_says_which_extra() -> None:
    if "silk" in available():
        pytest.skip("pilk-nogil is installed here")
    with pytest.raises(ValueError, match=r"headunit-hil\[silk\]"):
        codec("silk")
    assert understood("silk", b"\x02#!SILK_V3") == (None, 0)


@pytest.mark.parametrize("name", available())
def test_what_is_said_keeps_within_the_limits_of_a_message(name: str) -> None:
    """MSG-02's limits, on a stored sentence: level, holes, start, end and intelligibility."""
    from harness.audio.delay import NARROW, WIDE
    from harness.audio.drift import drift
    from harness.audio.gaps import gaps
    from harness.audio.intelligibility import stoi
    from harness.audio.level import speech_level
    from harness.audio.rates import to_rate
    from harness.audio.stimuli import Library
    from harness.audio.truncation import truncation

    said = Library.load(Path(__file__).parents[2] / "scenarios/stimuli").get("ten_minutes.zh").samples
    samples, rate = codec(name).decode(codec(name).encode(said, 48_000))
    one, other = to_rate(said, 48_000, 16_000), to_rate(samples, rate, 16_000)
    band = NARROW if rate == 8_000 else WIDE
    assert rate == codec(name).RATE
    assert stoi(one, other, 16_000).stoi.low >= (0.85 if rate == 8_000 else 0.90)
    change = speech_level(other, 16_000).active.value - speech_level(one, 16_000).active.value
    assert abs(change) <= 0.8  # 1 dB less what two measurements are worth
    assert gaps(one, other, 16_000, band=band).at_least(0.02).value == 0
    cut = truncation(one, other, 16_000)
    assert max(cut.onset.high, cut.end.high) < 0.1
    found = drift(one, other, 16_000, band)
    assert found.slips == ()
    assert max(abs(found.ppm.low), abs(found.ppm.high)) < 100.0


@pytest.mark.parametrize("name", available())
def test_nothing_said_is_nothing_heard(name: str) -> None:
    samples, _ = codec(name).decode(codec(name).encode(np.zeros(0, np.int16), 16_000))
    assert len(samples) == 0


@pytest.mark.parametrize("name", available())
def test_other_types_and_rates_are_refused(name: str) -> None:
    for samples, rate in ((np.zeros(10, np.float32), 16_000), (np.zeros(10, np.int16), 4_000)):
        with pytest.raises(ValueError):
            codec(name).encode(samples, rate)


def test_amr_is_in_its_storage_format_frame_by_frame() -> None:
    data = codec_amr.encode(WORDS.astype(np.int16), 8_000)
    assert data.startswith(b"#!AMR\n")
    assert (len(data) - 6) % 32 == 0  # 12.2 kbit/s: 32 bytes a frame
    assert {data[k] for k in range(6, len(data), 32)} == {7 << 3 | 4}
    samples, rate = codec_amr.decode(data)
    assert rate == 8_000
    assert len(samples) == (len(data) - 6) // 32 * 160


@pytest.mark.parametrize("name", available())
@given(data=st.data())
@settings(deadline=None, max_examples=30)
def test_broken_bytes_are_refused_and_nothing_else_happens(name: str, data) -> None:
    whole = codec(name).encode(WORDS.astype(np.int16)[:2_000], 8_000)
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = data.draw(
        st.sampled_from([whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :], b"", b"#!"])
    )
    samples, rate = understood(name, broken)
    assert (samples is None and rate == 0) or (samples is not None and samples.dtype == np.int16)
