"""What comes out of a loudspeaker: a known sound, a sentence, which sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.rates import to_rate
from harness.audio.stimuli import Library
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.sounds import plays, read_sound, silent_of
from harness.judging.speech import identity, plays_speech, silent_of_speech
from harness.judging.voice import JUDGED_RATE

LINE = "amp.front_left"
AFTER = Stamp.exact(1 * S)
SOON = Limit("s", high=0.5)
WATCH = Limit("s", low=2.0)
SENTENCE, OTHER = "on_my_way.zh", "call_me_later.en"


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli")


@pytest.fixture(scope="session")
def spoken(library: Library):
    return {name: to_rate(library.get(name).samples, RATE, JUDGED_RATE) for name in (SENTENCE, OTHER, "ten_minutes.zh")}


@pytest.fixture(scope="session")
def music() -> np.ndarray:
    t = np.arange(12 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * f * t + f) for f in (196, 247, 294, 392))
    return (chord * 700).astype(np.int16)


def answer(tape, question, limit: Limit, patience: int = 1 * S) -> Measurement:
    tape.clock.run_until(20 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


@pytest.mark.parametrize("with_music", [False, True])
def test_a_sound_is_found_where_it_begins(tape, gs4, music, with_music: bool) -> None:
    if with_music:
        tape.play(LINE, music, 0)
    tape.play(LINE, read_sound(gs4.sounds["chime"]), 1200 * MS)
    found = answer(tape, plays("chime", LINE, AFTER), SOON)
    assert found.value is not None
    assert found.value.low <= 0.2 <= found.value.high
    assert found.value.high - found.value.low < 0.002


@pytest.mark.parametrize("other", ["end_tone", "prompt", "error"])
def test_another_sound_is_not_taken_for_it(tape, gs4, other: str) -> None:
    tape.play(LINE, read_sound(gs4.sounds[other]), 1200 * MS)
    assert answer(tape, plays("chime", LINE, AFTER), SOON).value is None
    assert answer(tape, plays(other, LINE, AFTER), SOON).value is not None


def test_another_line_is_another_line(tape, gs4) -> None:
    tape.play("amp.rear_left", read_sound(gs4.sounds["chime"]), 1200 * MS)
    assert answer(tape, plays("chime", LINE, AFTER), SOON).value is None


def test_the_first_of_two_counts_and_what_was_before_does_not(tape, gs4) -> None:
    for t in (500, 1300, 2000):
        tape.play(LINE, read_sound(gs4.sounds["chime"]), t * MS)
    found = answer(tape, plays("chime", LINE, AFTER), SOON)
    assert found.value is not None
    assert found.value.value == pytest.approx(0.3, abs=0.001)


def test_a_line_is_silent_of_a_sound_until_it_plays(tape, gs4) -> None:
    tape.play(LINE, read_sound(gs4.sounds["chime"]), 2500 * MS)
    assert answer(tape, silent_of("prompt", LINE, AFTER), WATCH).value == Interval.exact(2.0)
    found = answer(tape, silent_of("chime", LINE, AFTER), WATCH)
    assert found.value is not None
    assert found.value.value == pytest.approx(1.5, abs=0.001)


@pytest.mark.parametrize("lag", [0, 200 * MS])
def test_asking_in_between_changes_no_answer(make_tape, gs4, lag: int) -> None:
    def recorded():
        tape = make_tape(lag={"audio": lag})
        tape.play(LINE, read_sound(gs4.sounds["chime"]), 1400 * MS)
        tape.play(LINE, read_sound(gs4.sounds["chime"]), 1900 * MS)
        return tape

    once, tape, question = (
        answer(recorded(), plays("chime", LINE, AFTER), SOON),
        recorded(),
        plays("chime", LINE, AFTER),
    )
    for step in range(60):
        tape.clock.run_until(step * 50 * MS)
        now = tape.ask(question, SOON, 1 * S)
        assert isinstance(now, Undecided) or now == once
    assert now == once


def test_a_ring_is_found_where_it_begins_and_not_a_stroke_earlier(make_tape, gs4) -> None:
    tape, question = make_tape(), plays("ring", LINE, AFTER)
    tape.play(LINE, read_sound(gs4.sounds["ring"]), 1600 * MS)
    found: object = None
    for step in range(300):
        tape.clock.run_until(step * 10 * MS)
        found = tape.ask(question, SOON, 1 * S)
        if isinstance(found, Measurement):
            break
    assert isinstance(found, Measurement)
    assert found.value is not None
    assert found.value.value == pytest.approx(0.6, abs=0.001)


def test_a_sentence_is_found_where_it_begins(tape, library: Library, spoken) -> None:
    tape.play(LINE, library.get(SENTENCE).samples, 1300 * MS)
    found = answer(tape, plays_speech(SENTENCE, spoken[SENTENCE], LINE, AFTER), SOON)
    assert found.value is not None
    assert found.value.value == pytest.approx(0.3, abs=0.005)
    assert answer(tape, plays_speech(OTHER, spoken[OTHER], LINE, AFTER), SOON).value is None


def test_a_line_is_silent_of_a_sentence_or_not(tape, library: Library, spoken) -> None:
    tape.play(LINE, library.get(SENTENCE).samples, 1300 * MS)
    assert answer(tape, silent_of_speech(OTHER, spoken[OTHER], LINE, AFTER), WATCH).value == Interval.exact(2.0)
    found = answer(tape, silent_of_speech(SENTENCE, spoken[SENTENCE], LINE, AFTER), WATCH)
    assert found.value is not None
    assert found.value.value == pytest.approx(0.3, abs=0.005)


@pytest.mark.parametrize(("quantity", "least"), [("identity", 0.6), ("identity_ratio", 2.5)])
def test_a_sentence_is_itself_and_no_other(tape, library: Library, spoken, quantity: str, least: float) -> None:
    tape.play(LINE, library.get(SENTENCE).samples, 1300 * MS)
    limit = Limit("1", low=least)
    right = answer(tape, identity(SENTENCE, spoken, LINE, AFTER, quantity), limit)
    wrong = answer(tape, identity(OTHER, spoken, LINE, AFTER, quantity), limit)
    assert right.value is not None
    assert right.value.value >= least
    assert wrong.value == Interval.exact(0.0)


def test_a_silent_line_is_like_no_sentence(tape, spoken) -> None:
    found = answer(tape, identity(SENTENCE, spoken, LINE, AFTER, "identity"), Limit("1", low=0.6))
    assert found.value is None or found.value.value < 0.1


def test_a_file_that_is_no_sound_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "chime.flac"
    path.write_text("no sound")
    with pytest.raises(BadInput, match="is no sound"):
        read_sound(path)


def test_it_listens_to_the_end_of_a_sound_that_begins_at_the_last_instant(tape, gs4) -> None:
    length = len(read_sound(gs4.sounds["chime"])) * S // RATE
    tape.clock.run_until(2 * S)
    assert tape.ask(plays("chime", LINE, AFTER), SOON, 3 * S) == Undecided(AFTER.late + 3 * S + length + 20 * MS)


@pytest.mark.parametrize("began", [1100 * MS, 2900 * MS])
def test_a_message_is_heard_wherever_in_the_watch_it_begins(tape, library, spoken, began: int) -> None:
    tape.play(LINE, library.get(SENTENCE).samples, began)
    found = answer(tape, silent_of_speech(SENTENCE, spoken[SENTENCE], LINE, AFTER), WATCH)
    assert found.value is not None
    assert found.value.value == pytest.approx((began - 1 * S) / S, abs=0.01)
