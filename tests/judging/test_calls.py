"""Calls: what the service says, what both sides hear, what the screen shows meanwhile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import RATE
from harness.audio.rates import to_rate
from harness.audio.stimuli import Library
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.call_sound import Path as Way
from harness.judging.call_sound import added_delay, clear
from harness.judging.calls import call_is, call_stays, with_picture
from harness.judging.interrupted import finished
from harness.judging.observation import Undecided
from harness.judging.stillness import motion
from harness.judging.voice import JUDGED_RATE

AFTER = Stamp.exact(1 * S)
SOON = Limit("s", high=0.5)
WATCH = Limit("s", low=5.0)
NONE = Limit("1", low=0.0, high=0.0)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli")


def answer(tape, question, limit: Limit, patience: int = 1 * S) -> Measurement:
    tape.clock.run_until(30 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


def test_a_call_is_answered_when_the_service_says_so(tape) -> None:
    tape.called("contact", (500 * MS, "rings"), (1300 * MS, "answered"), (5 * S, "ended"))
    assert answer(tape, call_is("contact", "answered", AFTER), SOON).value.value == pytest.approx(0.3)
    assert answer(tape, call_is("contact", "ended", AFTER), SOON, 10 * S).value.value == pytest.approx(4.0)
    assert answer(tape, call_is("contact", "ended", AFTER), SOON).value is None


@pytest.mark.parametrize("way", ["ended", "refused", "missed", "lost"])
def test_a_call_is_over_in_whatever_way(tape, way: str) -> None:
    tape.called("contact", (500 * MS, "rings"), (1200 * MS, way))
    assert answer(tape, call_is("contact", "ended", AFTER), SOON).value.value == pytest.approx(0.2)


def test_silence_is_not_decided_before_the_service_was_asked_long_enough(tape) -> None:
    tape.clock.run_until(1200 * MS)
    assert isinstance(tape.ask(call_is("contact", "answered", AFTER), SOON, 1 * S), Undecided)


def test_a_call_that_goes_on_stays(tape) -> None:
    tape.called("contact", (200 * MS, "rings"), (800 * MS, "answered"), (7 * S, "ended"))
    assert answer(tape, call_stays("contact", AFTER), WATCH).value.value == 5.0
    assert answer(tape, call_stays("contact", Stamp.exact(4 * S)), WATCH).value.value == pytest.approx(3.0)


def test_a_call_that_was_never_taken_does_not_stay(tape) -> None:
    tape.called("contact", (200 * MS, "rings"))
    assert answer(tape, call_stays("contact", AFTER), WATCH).value.value == 0.0


@pytest.mark.parametrize(("media", "count"), [("voice", 0), ("video", 1)])
def test_a_picture_is_counted_when_the_call_was_taken_with_it(tape, media: str, count: int) -> None:
    tape.called("contact", (1200 * MS, "rings"), (1500 * MS, "answered"), media=media)
    assert answer(tape, with_picture("contact", AFTER), NONE).value.value == count


def test_a_call_never_taken_says_nothing_of_pictures(tape) -> None:
    assert answer(tape, with_picture("contact", AFTER), NONE).value is None


def way(tape, library, name: str, began: int, line: str, delay: int | None, source: str = "audio") -> Way:
    """``name`` spoken at ``began``, heard on ``line`` ``delay`` later (None: never)."""
    samples = library.get(name).samples
    if delay is not None:
        tape.play(line, samples, began + delay)
    return Way(name, to_rate(samples, RATE, JUDGED_RATE), Stamp.exact(began), line, source)


def test_what_the_unit_adds_is_the_difference_of_both_directions(tape, library) -> None:
    unit = (way(tape, library, "on_my_way.zh", 1 * S, "amp.front_left", 70 * MS),
            way(tape, library, "ten_minutes.en", 5 * S, "call/contact", 60 * MS, "account/contact"))  # fmt: skip
    other = (way(tape, library, "on_my_way.zh", 11 * S, "call/other", 50 * MS, "account/other"),
             way(tape, library, "ten_minutes.en", 15 * S, "call/contact", 48 * MS, "account/contact"))  # fmt: skip
    found = answer(tape, added_delay(unit, other), Limit("s", high=0.07))
    assert found.value.value == pytest.approx(0.032, abs=1e-4)
    assert found.value.high - found.value.low < 0.001


def test_beginnings_that_are_known_to_some_milliseconds_widen_the_delay(tape, library) -> None:
    """Each of the four paths adds both bounds of its beginning, to both sides."""
    exact = way(tape, library, "on_my_way.zh", 1 * S, "amp.front_left", 70 * MS)
    limit = Limit("s", high=0.07)
    narrow = answer(tape, added_delay((exact, exact), (exact, exact)), limit).value
    wide = exact._replace(began=Stamp(1 * S, 1 * S - 1 * MS, 1 * S + 2 * MS))
    found = answer(tape, added_delay((wide, exact), (exact, wide)), limit).value
    assert found.value == pytest.approx(0.0, abs=1e-9)
    assert (found.high - narrow.high, narrow.low - found.low) == pytest.approx((0.006, 0.006), abs=1e-6)


def test_a_path_that_carries_nothing_has_no_delay(tape, library) -> None:
    heard = way(tape, library, "on_my_way.zh", 1 * S, "amp.front_left", 70 * MS)
    lost = way(tape, library, "ten_minutes.en", 5 * S, "call/contact", None, "account/contact")
    assert answer(tape, added_delay((heard, lost), (heard, heard)), Limit("s", high=0.07)).value is None


def test_clear_speech_is_clear_and_holes_are_counted(tape, library) -> None:
    good = way(tape, library, "call_me_later.en", 1 * S, "amp.front_left", 60 * MS)
    assert answer(tape, clear("stoi", good), Limit("1", low=0.85)).value.low > 0.95
    assert answer(tape, clear("gaps", good), NONE).value.value == 0
    samples = library.get("call_me_later.en").samples.copy()
    samples[RATE : RATE + RATE // 20] = 0
    tape.play("amp.front_right", samples, 1060 * MS)
    assert answer(tape, clear("gaps", good._replace(line="amp.front_right")), NONE).value.value >= 1


def test_silence_is_not_speech(tape, library) -> None:
    lost = way(tape, library, "call_me_later.en", 1 * S, "amp.front_left", None)
    assert answer(tape, clear("stoi", lost), Limit("1", low=0.85)).value is None


def picture(place: int) -> np.ndarray:
    pixels = np.zeros((720, 1280, 3), np.uint8)
    pixels[:, place * 40 : place * 40 + 200] = 200
    return pixels


def test_a_screen_that_changes_now_and_then_stands_still(tape) -> None:
    for t, place in ((0, 0), (2 * S, 5), (2300 * MS, 9)):
        tape.show(picture(place), t)
    assert answer(tape, motion(AFTER, 10 * S), Limit("1", high=2.0)).value.value == 2


def test_a_film_moves(tape) -> None:
    for n in range(50):
        tape.show(picture(n % 20), n * 200 * MS)
    assert answer(tape, motion(AFTER, 8 * S), Limit("1", high=2.0)).value.value >= 5


@pytest.mark.parametrize(("expected", "came", "right"), [(1, 1, 1), (1, 0, 0), (0, 1, 0), (1, 2, 0), (0, 0, 1)])
def test_what_was_being_sent_is_held_against_the_table(tape, expected: int, came: int, right: int) -> None:
    for n in range(came):
        tape.delivers("contact", 2 * S + n)
    assert answer(tape, finished("contact", AFTER, 10 * S, expected), Limit("1", low=1.0)).value.value == right
