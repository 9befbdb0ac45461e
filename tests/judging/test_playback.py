"""How good a message comes out of a loudspeaker: told from the line alone, and only once it has been heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.rates import to_rate
from harness.audio.response import Sweep
from harness.audio.signals import sine
from harness.audio.stimuli import Library
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging import playback
from harness.judging.observation import Undecided
from harness.judging.voice import JUDGED_RATE

LINE, AFTER, ANY = "amp.front_left", Stamp.exact(1 * S), Limit("1", high=1.0)
SENTENCE = "ten_minutes.zh"
MADE = Sweep(100.0, 7500.0, 2.0)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli")


def sent(library: Library, name: str) -> np.ndarray:
    return to_rate(library.get(name).samples, RATE, JUDGED_RATE)


def told(tape, question) -> Measurement:
    answer = tape.ask(question, ANY, 0)
    if isinstance(answer, Undecided):
        assert tape.clock.now() < answer.until
        tape.clock.run_until(answer.until)
        answer = tape.ask(question, ANY, 0)
    assert isinstance(answer, Measurement)
    return answer


def test_a_sentence_that_comes_out_whole_is_understood_and_has_no_holes(tape, library) -> None:
    words = sent(library, SENTENCE)
    tape.play(LINE, library.get(SENTENCE).samples, 1500 * MS)
    assert told(tape, playback.stoi_of(SENTENCE, words, LINE, AFTER)).value.value > 0.99
    assert told(tape, playback.gaps_of(SENTENCE, words, LINE, AFTER)).value.high == 0.0


def test_a_hole_is_counted(tape, library) -> None:
    holed = library.get(SENTENCE).samples.copy()
    loud = int(np.argmax(np.convolve(np.abs(holed).astype(float), np.ones(3000), "same")))
    holed[loud : loud + RATE // 20] = 0
    tape.play(LINE, holed, 1500 * MS)
    assert told(tape, playback.gaps_of(SENTENCE, sent(library, SENTENCE), LINE, AFTER)).value.value == 1.0


@pytest.mark.parametrize("cube", [0.0, 0.2])
def test_the_harmonics_of_a_tone_are_its_distortion(tape, library, cube: float) -> None:
    """x - c x^3 / A^2: the third harmonic has c / 4, the fundamental 1 - 3 c / 4."""
    tone = library.get("tone_1k").samples.astype(float)
    peak = np.sqrt(2.0) * 32768.0 * 10 ** (-26 / 20)
    bent = tone - cube * tone**3 / peak**2
    tape.play(LINE, np.rint(bent).astype(np.int16), 1700 * MS)
    count = len(sent(library, "tone_1k"))
    found = told(tape, playback.distortion_of("tone_1k", count, 1000.0, LINE, AFTER))
    assert found.value.value == pytest.approx(100 * (cube / 4) / (1 - 0.75 * cube), abs=0.05)
    assert "no measurement by ITU-T P.1100" in found.detail


@pytest.mark.parametrize(("edge", "wanted"), [(None, 0.0), (2000.0, 10.0)])
def test_a_sweep_shows_what_a_filter_takes_away(tape, library, edge, wanted: float) -> None:
    from scipy.signal import butter, sosfilt

    sound = library.get("sweep").samples.astype(float)
    if edge is not None:
        sound = sosfilt(butter(2, edge, fs=RATE, output="sos"), sound)
    tape.play(LINE, np.rint(sound).astype(np.int16), 1500 * MS)
    found = told(tape, playback.response_of("sweep", sent(library, "sweep"), MADE, LINE, AFTER))
    assert found.value.value == pytest.approx(wanted, abs=2.0 if edge else 0.2)


def test_what_was_never_played_has_no_quality(tape, library) -> None:
    words, tone = sent(library, SENTENCE), len(sent(library, "tone_1k"))
    for question in (
        playback.stoi_of(SENTENCE, words, LINE, AFTER),
        playback.gaps_of(SENTENCE, words, LINE, AFTER),
        playback.distortion_of("tone_1k", tone, 1000.0, LINE, AFTER),
        playback.response_of("sweep", sent(library, "sweep"), MADE, LINE, AFTER),
    ):
        found = told(tape, question)
        assert found.value is None
        assert "was not played" in found.detail


@pytest.mark.parametrize(("more", "measured"), [(-1, False), (0, False), (JUDGED_RATE // 2, True)])
def test_a_tone_is_measured_without_its_edges(tape, library, more: int, measured: bool) -> None:
    """A tone of nothing but its two edges has no middle."""
    tape.play(LINE, library.get("tone_1k").samples, 1700 * MS)
    count = 2 * round(playback._EDGE * JUDGED_RATE) + more
    found = told(tape, playback.distortion_of("tone_1k", count, 1000.0, LINE, AFTER))
    assert (found.value is not None) is measured
    assert ("too short for the tone" in found.detail) is not measured


def test_a_tone_is_looked_for_at_its_own_frequency(tape, library) -> None:
    """A louder tone of 440 Hz goes before it."""
    tape.play(LINE, sine(440.0, 0.65, -12.0, RATE), 1020 * MS)
    tape.play(LINE, library.get("tone_1k").samples, 1700 * MS)
    count = len(sent(library, "tone_1k"))
    found = told(tape, playback.distortion_of("tone_1k", count, 1000.0, LINE, AFTER))
    assert found.value.value < 0.1
