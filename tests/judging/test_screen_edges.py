"""Pictures to the block and to the nanosecond: what is another one, which belong to which message, what stays."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging import seen
from harness.judging.foreground import messaging_leaves
from harness.judging.observation import Observation, anchor
from harness.judging.pictures import differs, free_of, shown_among, shows
from harness.judging.remains import name_is_written, on_the_screen
from harness.judging.stillness import motion

AFTER = Stamp(5 * S, 4970 * MS, 5040 * MS)
NONE = Limit("1", low=0.0, high=0.0)
SIZE = (720, 1280, 3)


def blocks(count: int, first: int = 0) -> np.ndarray:
    """A dark picture with so many bright blocks of 8 x 8 pixels, in rows of 160."""
    pixels = np.zeros(SIZE, np.uint8)
    for n in range(first, first + count):
        row, column = divmod(n, 160)
        pixels[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = 200
    return pixels


def strokes(count: int) -> np.ndarray:
    """A dark picture with a name of so many equal strokes."""
    pixels = np.zeros(SIZE, np.uint8)
    for n in range(count):
        pixels[100:120, 100 + 10 * n : 102 + 10 * n] = 255
    return pixels


def front(tape, view: str, t: Ns) -> None:
    tape.show(np.array(Image.open(tape.vehicle.screens[view]).convert("RGB")), t)


def measured(tape, question: Observation, limit: Limit = NONE, patience: Ns = 0) -> Measurement:
    tape.clock.run_until(30 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement)
    return found


@pytest.mark.parametrize(("count", "came"), [(28, 0), (29, 1)])
def test_a_picture_is_another_one_beyond_two_thousandths_of_the_screen(tape, count: int, came: int) -> None:
    """Of 160 x 90 blocks."""
    tape.show(blocks(0), 0)
    tape.show(blocks(count), 6 * S)
    found = measured(tape, motion(AFTER, 4 * S))
    assert found.value.value == came
    assert found.detail.startswith(f"{came} pictures came; most within a second up to ")
    assert found.refs == ({"track": "screen", "t": 6 * S if came else AFTER.t},)


@pytest.mark.parametrize(("last", "most"), [(7 * S, 3), (7 * S + 1, 2)])
def test_pictures_a_second_apart_came_within_a_second(tape, last: Ns, most: int) -> None:
    tape.show(blocks(0), 0)
    for n, t in enumerate((6 * S, 6500 * MS, last), 1):
        tape.show(blocks(100 * n), t)
    found = measured(tape, motion(AFTER, 4 * S))
    assert (found.value.value, found.window) == (most, (AFTER.t, AFTER.late + 4 * S))


@pytest.mark.parametrize(
    ("t", "counts"), [(AFTER.t, False), (AFTER.t + 1, True), (9040 * MS, True), (9040 * MS + 1, False)]
)
def test_pictures_count_from_the_instant_to_the_end(tape, t: Ns, counts: bool) -> None:
    tape.show(blocks(0), 0)
    tape.show(blocks(100), t)
    assert measured(tape, motion(AFTER, 4 * S)).value.value == counts


def test_what_the_second_message_shows_is_not_taken_for_the_first(tape) -> None:
    """They come a second apart, and each is looked at for three."""
    first, second = Stamp.exact(5 * S), Stamp.exact(6 * S)
    tape.show(blocks(0), 0)
    tape.show(blocks(144), 5500 * MS)
    tape.show(blocks(432), 6500 * MS)
    found = measured(tape, differs(first, second, 3 * S), Limit("%", high=0.5))
    assert found.value.value == pytest.approx(2.0)
    assert found.detail == "at most 2.00 % of the screen differ (pictures of 6.500 s and 5.500 s)"
    assert found.refs == ({"track": "screen", "t": 6500 * MS}, {"track": "screen", "t": 5500 * MS})
    assert found.window == (5 * S, 9 * S)


def test_what_comes_later_than_that_is_no_content(tape) -> None:
    first, second = Stamp.exact(5 * S), Stamp.exact(15 * S)
    tape.show(blocks(0), 0)
    tape.show(blocks(1440), 8 * S + 1)
    tape.show(blocks(0), 9 * S)
    tape.show(blocks(1440), 18 * S + 1)
    assert measured(tape, differs(first, second, 3 * S), Limit("%", high=0.5)).value.value == 0.0
    tape.show(blocks(1440), 18 * S)
    assert measured(tape, differs(first, second, 3 * S), Limit("%", high=0.5)).value.value == pytest.approx(10.0)


def test_what_was_shown_is_told_once_each_with_three_pictures_at_most(tape) -> None:
    for n, view in enumerate(("settings", "home", "settings", "home", "settings")):
        front(tape, view, (6 + n) * S)
    found = measured(tape, shown_among(("settings", "home"), AFTER, Stamp.exact(20 * S)))
    assert (found.value.value, found.detail) == (2, "seen: home, settings")
    assert [ref["t"] // S for ref in found.refs] == [6, 8, 10]
    none = measured(tape, shown_among(("moments", "transfer"), AFTER, Stamp.exact(20 * S)))
    assert (none.value.value, none.detail) == (0, "none of moments, transfer on 5 pictures")


@pytest.mark.parametrize(("t", "counts"), [(8 * S, 1), (8 * S + 1, 0)])
def test_what_is_shown_at_the_end_counts(tape, t: Ns, counts: int) -> None:
    front(tape, "home", 0)
    front(tape, "settings", t)
    assert measured(tape, shown_among(("settings",), AFTER, Stamp.exact(8 * S))).value.value == counts


@pytest.mark.parametrize(("count", "name"), [(19, False), (20, True), (40, True)])
def test_half_of_a_name_is_the_name(tape, count: int, name: bool) -> None:
    tape.show(blocks(0), 0)
    tape.show(strokes(count), 6 * S)
    written = measured(tape, name_is_written(40, AFTER, 9 * S), Limit("s", high=5.0))
    assert (written.value is not None) is name
    assert written.window == (AFTER.t, 9 * S)
    assert measured(tape, on_the_screen(40, AFTER, 9 * S)).value.value == name


@pytest.mark.parametrize(("gone", "found"), [(5290 * MS, 0), (5290 * MS + 1, 1)])
def test_a_name_may_stay_until_the_screen_has_followed(tape, gone: Ns, found: int) -> None:
    tape.show(strokes(40), 0)
    tape.show(blocks(0), gone)
    answer = measured(tape, on_the_screen(40, AFTER, 9 * S))
    assert answer.value.value == found
    assert answer.detail == ("a name at 5.290 s" if found else "nothing of the user on 1 pictures up to 9.000 s")


def test_a_name_that_was_there_before_is_written_at_the_instant(tape) -> None:
    tape.show(strokes(40), 1 * S)
    question = name_is_written(40, AFTER, 9 * S)
    found = measured(tape, question, Limit("s", high=5.0))
    assert question.found == AFTER
    assert found.value.value == 0.0


def test_the_first_picture_of_each_remainder_is_told(tape) -> None:
    same = strokes(40)
    tape.show(same, 6 * S)
    tape.show(blocks(0), 7 * S)
    tape.show(same, 8 * S)
    front(tape, "messages", 8500 * MS)
    front(tape, "contacts", 8600 * MS)
    found = measured(tape, on_the_screen(40, AFTER, 9 * S))
    assert found.detail == "a name at 6.000 s; messages at 8.500 s; contacts at 8.600 s"
    assert [ref["t"] // MS for ref in found.refs] == [6000, 8500, 8600]


@pytest.mark.parametrize("back", [7 * S, 8 * S])
def test_what_comes_back_within_two_seconds_has_not_left(tape, back: Ns) -> None:
    front(tape, "listening", 0)
    front(tape, "home", 6 * S)
    front(tape, "prompt", back)
    front(tape, "home", 9 * S)
    assert measured(tape, messaging_leaves(AFTER), Limit("s", high=5.0)).value.value == pytest.approx(4.0)


def test_a_thing_is_told_where_it_is_first_seen_and_pictures_before_the_watch_count(tape) -> None:
    front(tape, "keyboard", 0)
    front(tape, "home", 5500 * MS)
    watch = Limit("s", low=2.0)
    found = measured(tape, free_of(("sticker", "keyboard"), AFTER), watch)
    assert (found.value, found.detail) == ((0.0, 0.0, 0.0), "screen shows keyboard at 0.000 s")
    assert measured(tape, free_of(("keyboard",), Stamp.exact(5500 * MS)), watch).value == (2.0, 2.0, 2.0)


def test_a_view_that_never_came_is_told_with_the_last_picture(tape) -> None:
    front(tape, "home", 0)
    front(tape, "settings", 6 * S)
    front(tape, "home", 7 * S)
    found = measured(tape, shows("listening", AFTER), Limit("s", high=9.0))
    assert found.refs == ({"track": "screen", "t": 7 * S},)


def test_a_screen_that_was_dark_all_the_time_shows_nothing_and_one_that_was_lit_once_does(tape) -> None:
    watch = Limit("s", low=2.0)
    tape.show(blocks(0), 0)
    dark = measured(tape, seen.avoids("head_unit.app", "listening", AFTER), watch)
    assert dark.value == (0.0, 0.0, 0.0)
    front(tape, "home", 6 * S)
    assert measured(tape, seen.avoids("head_unit.app", "listening", AFTER), watch).value == (2.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("t", "kept"), [(5290 * MS, False), (5290 * MS + 1, False), (7290 * MS, False), (7290 * MS + 1, True)]
)
def test_a_state_is_kept_on_the_screen_to_the_end_of_the_watch(tape, t: Ns, kept: bool) -> None:
    front(tape, "home", 0)
    front(tape, "listening", t)
    watch = Limit("s", low=2.0)
    stays = measured(tape, seen.stays("head_unit.app", "idle", AFTER), watch)
    avoids = measured(tape, seen.avoids("head_unit.app", "listening", AFTER), watch)
    assert (stays.value == (2.0, 2.0, 2.0)) is kept
    assert (avoids.value == (2.0, 2.0, 2.0)) is kept


@pytest.mark.parametrize(("gone", "kept"), [(5290 * MS, True), (5290 * MS + 1, False)])
def test_what_was_in_front_has_to_go_until_the_screen_has_followed(tape, gone: Ns, kept: bool) -> None:
    front(tape, "listening", 0)
    front(tape, "home", gone)
    found = measured(tape, seen.avoids("head_unit.app", "listening", AFTER), Limit("s", low=2.0))
    assert (found.value == (2.0, 2.0, 2.0)) is kept


def test_two_questions_are_the_same_whatever_has_become_of_them() -> None:
    def look(*_: object) -> Measurement:
        return Measurement("latency", "s", None)

    one = Observation("asked", {}, "latency", "screen", AFTER, look, "it is asked")
    other = Observation("asked", {}, "latency", "screen", AFTER, look, "it is asked")
    other.judged, other.found = True, AFTER
    assert one == other
    assert (one.judged, one.found, one.roles) == (False, None, ())
    assert one.measuring("hold") is one
    assert one.quantity == "hold"


def test_an_instant_is_a_beginning_a_stamp_or_what_was_found() -> None:
    class Pressed:
        began = AFTER

    class Odd:
        began = 5

    assert anchor(Pressed()) is AFTER
    assert anchor(AFTER) is AFTER
    for odd in (Odd(), None, 5 * S):
        with pytest.raises(HarnessError, match="is no stimulus, observation or stamp"):
            anchor(odd)
