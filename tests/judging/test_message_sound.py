"""A delivered message against what the microphone line carried: each measure sees its own fault, and its size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.delay import NARROW, WIDE
from harness.audio.port import MICROPHONE, RATE
from harness.audio.rates import to_rate
from harness.audio.stimuli import Library
from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit, Measurement
from harness.judging import voice
from harness.judging.voice import JUDGED_RATE, NARROW_RATE, Said

ANY = Limit("1", low=0.0)
NAME = "on_my_way.zh"


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    return Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli").get(NAME).samples


@pytest.fixture(scope="module")
def sent(spoken) -> np.ndarray:
    return to_rate(spoken, RATE, JUDGED_RATE)


@pytest.fixture
def ask(tape, spoken):
    """``ask(measure, samples)``: what ``measure`` finds in a message of these samples."""

    def answer(measure, samples, *more, rate: int = JUDGED_RATE) -> Measurement:
        said = Said(MICROPHONE, Stamp.exact(1 * S), Stamp.exact(1 * S + len(spoken) * S // RATE), NAME)
        tape.play(MICROPHONE, spoken, 1 * S)
        tape.delivers("other", 4 * S)
        tape.delivers("contact", 5 * S, samples=np.zeros(10, np.int16), rate=JUDGED_RATE)
        tape.delivers("contact", 6 * S, samples=samples, rate=rate)
        tape.clock.run_until(8 * S)
        question = measure("contact", "m1", said, *more)
        assert question.source == "account/contact"
        assert question.anchor == said.began
        assert question.sentence == f"{question.quantity.replace('_', ' ')} of {NAME}"
        wanted = {
            "account": "contact", "message": "m1", "line": MICROPHONE, "stimulus": NAME,
            "began": list(said.began), "ended": list(said.ended),
        }  # fmt: skip
        assert wanted.items() <= dict(question.arguments).items()
        found = tape.ask(question, ANY, 0)
        assert found.window == (said.began.t, said.ended.t)
        assert found.refs == ({"track": "account/contact", "message": "m1", "t": said.ended.t},)
        return found

    return answer


def test_a_start_that_is_missing(ask, sent) -> None:
    found = ask(voice.onset_loss, sent[round(0.3 * JUDGED_RATE) :])
    assert (found.quantity, found.unit) == ("onset_loss", "s")
    lost = int(np.flatnonzero(np.abs(sent) > 300)[0]) / JUDGED_RATE
    assert 0.3 - lost - 0.05 <= found.value.value <= 0.3 + 0.01
    assert "ms of the start are missing (likeness " in found.detail


def test_an_end_that_is_missing(ask, sent) -> None:
    found = ask(voice.end_loss, sent[: -round(0.4 * JUDGED_RATE)])
    assert (found.quantity, found.unit) == ("end_loss", "s")
    assert found.value.value > 0.1
    assert f"{found.value.value * 1000:.0f} ms of the end are missing" in found.detail


def test_noise_where_nothing_was_said(ask, sent) -> None:
    """Noise 40 dB below full scale against speech of known level; also where the message begins late."""
    noise = np.random.default_rng(5).normal(0, 32768 * 10 ** (-46 / 20), len(sent) + 8000)
    late = np.concatenate([np.zeros(8000), sent]) + noise
    found = ask(voice.snr, np.clip(late, -32768, 32767).astype(np.int16))
    assert (found.quantity, found.unit) == ("snr", "dB")
    assert "-46 dBov where nothing was said, over " in found.detail
    assert 10 < found.value.value < 40


def test_holes_are_counted(ask, sent) -> None:
    broken = sent.copy()
    for at in (0.8, 1.2):
        broken[round(at * JUDGED_RATE) : round((at + 0.06) * JUDGED_RATE)] = 0
    found = ask(voice.gaps, broken)
    assert (found.quantity, found.unit, found.value.value) == ("gaps", "1", 2)
    assert "the longest has 6" in found.detail


def test_flat_tops_are_a_share_in_percent(ask, sent) -> None:
    loud = np.clip(sent.astype(float) * 12, -32767, 32767).astype(np.int16)
    found = ask(voice.clipping, loud)
    assert (found.quantity, found.unit) == ("clipping", "%")
    assert 1 < found.value.value < 60
    assert "flat tops at 32767 of 32767" in found.detail


def test_what_arrives_as_it_was_said_is_understood(ask, sent) -> None:
    found = ask(voice.stoi, sent)
    assert (found.quantity, found.unit) == ("stoi", "1")
    assert found.value.value > 0.99
    assert "against what the microphone line carried" in found.detail


def test_a_telephone_band_has_a_limit_of_its_own(ask, sent) -> None:
    narrow = to_rate(sent, JUDGED_RATE, NARROW_RATE)
    found = ask(voice.stoi, narrow, "stoi_narrow", rate=NARROW_RATE)
    assert found.quantity == "stoi_narrow"
    assert found.value.value > 0.8


def test_words_are_held_against_the_sentence_and_not_the_line(ask, sent) -> None:
    found = ask(voice.stoi_of_words, sent, sent)
    assert (found.quantity, found.unit) == ("stoi", "1")
    assert found.value.value > 0.99


def test_a_drop_is_from_the_golden_run(ask, sent) -> None:
    found = ask(voice.stoi_drop, sent, 0.9, "opus")
    assert (found.quantity, found.unit) == ("stoi_drop", "1")
    assert found.value.value == pytest.approx(-0.1, abs=0.01)
    assert found.value.low <= found.value.value <= found.value.high
    assert "the golden run through opus had 0.900" in found.detail


def test_clocks_that_differ_are_told_in_ppm_whichever_way(ask, sent) -> None:
    slow = np.interp(np.arange(len(sent) - 8) * (1 + 300e-6), np.arange(len(sent)), sent).astype(np.int16)
    found = ask(voice.drift, slow)
    assert (found.quantity, found.unit) == ("drift", "ppm")
    assert found.value.value == pytest.approx(300, abs=60)
    assert 0 <= found.value.low <= found.value.value <= found.value.high
    assert "segments of 0.5 s" in found.detail


@pytest.mark.parametrize("ppm", [300, -300])
def test_clocks_that_run_fast_and_slow_differ_as_much(ask, sent, ppm: int) -> None:
    n = np.arange(len(sent) - 8) * (1 + ppm * 1e-6)
    found = ask(voice.drift, np.interp(n, np.arange(len(sent)), sent).astype(np.int16))
    assert found.value.low < found.value.value < found.value.high
    assert found.value.low > 100


def test_the_same_clock_may_differ_by_nothing(ask, sent) -> None:
    found = ask(voice.drift, sent)
    assert found.value.low == 0.0
    assert found.value.value < 30
    assert ask(voice.slips, sent).detail == "jumps in time: none"


def test_a_jump_in_time_is_a_slip(ask, sent) -> None:
    at = len(sent) // 2
    found = ask(voice.slips, np.concatenate([sent[:at], np.zeros(480, np.int16), sent[at:]]))
    assert (found.quantity, found.unit, found.value.value) == ("slips", "1", 1)
    assert "+30.0 ms at" in found.detail


@pytest.mark.parametrize("samples", [None, np.zeros(0, np.int16)])
def test_no_sound_is_no_measurement(ask, samples) -> None:
    found = ask(voice.gaps, samples)
    assert found.value is None
    assert found.detail == "the message holds no sound that its codec understands"
    assert (found.quantity, found.unit) == ("gaps", "1")


def test_something_else_is_no_measurement(ask) -> None:
    found = ask(voice.onset_loss, np.random.default_rng(1).normal(0, 2000, JUDGED_RATE).astype(np.int16))
    assert found.value is None
    assert found.detail.startswith("what was said is not in the message: ")
    assert (found.quantity, found.unit) == ("onset_loss", "s")


def test_a_message_of_a_telephones_rate_has_a_telephones_band(tape, spoken) -> None:
    said = Said(MICROPHONE, Stamp.exact(1 * S), Stamp.exact(2 * S), NAME)
    tape.play(MICROPHONE, spoken, 1 * S)
    for rate in (NARROW_RATE, NARROW_RATE + 1, JUDGED_RATE):
        tape.delivers("contact", 3 * S, samples=np.ones(rate, np.int16), rate=rate)
    tape.clock.run_until(5 * S)
    pairs = [voice.pair_of(tape, "contact", f"m{n}", said) for n in range(3)]
    assert [pair.narrow for pair in pairs] == [True, False, False]
    assert [pair.band for pair in pairs] == [NARROW, WIDE, WIDE]
    assert [len(pair.received) for pair in pairs] == [pytest.approx(JUDGED_RATE, abs=2)] * 3
    assert [len(pair.spoken) for pair in pairs] == [JUDGED_RATE] * 3
    assert voice.pair_of(tape, "contact", "m9", said) is None
