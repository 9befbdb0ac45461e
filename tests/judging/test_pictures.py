"""What the driver can see: views, codes, and what must not be there."""

from __future__ import annotations

import io

import numpy as np
import pytest
import segno
from PIL import Image

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.pictures import code_there, differs, free_of, reads_through, shown_among, shows

AFTER = Stamp.exact(1 * S)
SOON = Limit("s", high=0.25)
WATCH = Limit("s", low=2.0)
CODES = {"one": "https://login.example.invalid/c/AAAABBBB", "two": "https://login.example.invalid/c/CCCCDDDD"}


@pytest.fixture(scope="session")
def page(gs4):
    """page("home", "keyboard"), page("code:one"): pictures that hold these; one array each, as a unit shows them."""
    known: dict[tuple[str, ...], np.ndarray] = {}

    def draw(*names: str) -> np.ndarray:
        pixels = np.full((480, 1280, 3), 20, np.uint8)
        for n, name in enumerate(names):
            if name.startswith("code:"):
                out = io.BytesIO()
                segno.make(CODES[name[5:]], error="m", micro=False).save(out, kind="png", scale=8, border=4)
                piece = np.array(Image.open(out).convert("RGB"))
            elif name.startswith("words:"):
                piece = np.full((40, int(name[6:]), 3), 240, np.uint8)
            else:
                piece = np.array(Image.open(gs4.screens[name]).convert("RGB"))
            pixels[40 : 40 + piece.shape[0], 40 + 400 * n : 40 + 400 * n + piece.shape[1]] = piece
        return pixels

    return lambda *names: known.setdefault(names, draw(*names))


def answer(tape, question, limit: Limit, patience: int = 1 * S) -> Measurement:
    tape.clock.run_until(20 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


def test_a_view_comes_to_the_front(tape, page) -> None:
    tape.show(page("home"), 0)
    tape.show(page("listening"), 1200 * MS)
    question = shows("listening", AFTER)
    assert answer(tape, question, SOON).value == (0.2, 0.2, 0.2)
    assert question.found == Stamp.exact(1200 * MS)
    assert answer(tape, shows("playing", AFTER), SOON).value is None


def test_a_view_that_was_there_does_not_come(tape, page) -> None:
    tape.show(page("home"), 0)
    found = answer(tape, shows("home", AFTER), SOON)
    assert found.value is None
    assert "there all the time" in found.detail


def test_a_view_that_went_and_came_again_comes(tape, page) -> None:
    tape.show(page("home"), 0)
    tape.show(page("call"), 1100 * MS)
    tape.show(page("home"), 1300 * MS)
    assert answer(tape, shows("home", AFTER), SOON).value == (0.3, 0.3, 0.3)


def test_the_screen_is_free_of_a_thing_until_it_shows(tape, page) -> None:
    tape.show(page("home"), 0)
    tape.show(page("home", "sticker"), 2 * S)
    assert answer(tape, free_of(("keyboard", "transfer"), AFTER), WATCH).value == Interval.exact(2.0)
    found = answer(tape, free_of(("keyboard", "sticker"), AFTER), WATCH)
    assert found.value == Interval.exact(1.0)
    assert "sticker" in found.detail


def test_a_thing_that_was_there_before_is_not_free_of(tape, page) -> None:
    tape.show(page("sticker"), 0)
    assert answer(tape, free_of(("sticker",), AFTER), WATCH).value == Interval.exact(0.0)


def test_a_code_comes_goes_and_is_replaced(tape, page) -> None:
    tape.show(page("boot"), 0)
    tape.show(page("code:one"), 1300 * MS)
    tape.show(page("code:two"), 2 * S)
    tape.show(page("home"), 3 * S)
    assert answer(tape, code_there(AFTER), SOON).value == pytest.approx((0.3, 0.3, 0.3))
    other = code_there(AFTER, other_than=CODES["one"])
    assert answer(tape, other, SOON).value == Interval.exact(1.0)
    assert answer(tape, code_there(Stamp.exact(2500 * MS), gone=True), SOON).value == Interval.exact(0.5)


def test_a_code_that_stays_never_goes_and_one_that_never_came_is_not_there(tape, page) -> None:
    tape.show(page("home"), 0)
    assert answer(tape, code_there(AFTER), SOON).value is None
    assert answer(tape, code_there(AFTER, gone=True), SOON).value == Interval.exact(0.0)
    tape.show(page("code:one"), 10 * S)
    later = Stamp.exact(11 * S)
    assert answer(tape, code_there(later, gone=True), SOON).value is None
    assert answer(tape, code_there(later, other_than=CODES["one"]), SOON).value is None


@pytest.mark.parametrize("camera", ["blur", "glare", "tilt", "half brightness"])
def test_a_code_reads_through_a_camera_and_no_code_does_not(tape, page, camera: str) -> None:
    tape.show(page("code:one"), 0)
    tape.show(page("home"), 5 * S)
    one = Limit("1", low=1.0, high=1.0)
    assert answer(tape, reads_through(camera, 3, AFTER), one).value == Interval.exact(1.0)
    assert answer(tape, reads_through(camera, 3, Stamp.exact(6 * S)), one).value == Interval.exact(0.0)


def test_what_differs_after_two_messages_is_content(tape, page) -> None:
    first, second, third = (Stamp.exact(t * S) for t in (1, 5, 9))
    for start, words in ((first, "words:40"), (second, "words:40"), (third, "words:400")):
        tape.show(page("home"), start.t)
        tape.show(page("prompt", words), start.t + 500 * MS)
    limit = Limit("%", high=0.5)
    assert answer(tape, differs(first, second, 2 * S), limit).value == Interval.exact(0.0)
    found = answer(tape, differs(first, third, 2 * S), limit)
    assert found.value is not None
    assert found.value.value > 1.0


def test_what_was_shown_on_a_tour_is_counted(tape, page) -> None:
    tape.show(page("home"), 0)
    tape.show(page("keyboard"), 2 * S)
    tape.show(page("sticker"), 9 * S)
    none = Limit("1", low=0.0, high=0.0)
    found = answer(tape, shown_among(("keyboard", "sticker"), AFTER, Stamp.exact(5 * S)), none)
    assert found.value == Interval.exact(1)
    assert found.detail == "seen: keyboard"
    assert answer(tape, shown_among(("moments",), AFTER, Stamp.exact(5 * S)), none).value == Interval.exact(0)


@pytest.mark.parametrize(
    ("ask", "limit"),
    [
        (lambda: shows("listening", AFTER), SOON),
        (lambda: free_of(("keyboard",), AFTER), WATCH),
        (lambda: code_there(AFTER), SOON),
        (lambda: code_there(AFTER, gone=True), SOON),
        (lambda: shown_among(("keyboard",), AFTER, Stamp.exact(3 * S)), WATCH),
    ],
)
@pytest.mark.parametrize(("late", "lag"), [(0, 0), (0, 300 * MS), (300 * MS, 300 * MS), (1500 * MS, 1600 * MS)])
def test_asking_in_between_changes_no_answer(make_tape, page, ask, limit: Limit, late: int, lag: int) -> None:
    def recorded():
        tape = make_tape(late={"screen": late}, lag={"screen": lag})
        for t, names in (
            (0, ("code:one",)),
            (1100, ("listening",)),
            (1900, ("home", "keyboard")),
            (2500, ("code:two",)),
        ):
            tape.show(page(*names), t * MS)
        return tape

    once, tape, question = answer(recorded(), ask(), limit), recorded(), ask()
    for step in range(120):
        tape.clock.run_until(step * 50 * MS)
        now = tape.ask(question, limit, 1 * S)
        assert isinstance(now, Undecided) or now == once
    assert now == once


@pytest.mark.parametrize(
    ("shown", "gone", "said"), [("home", False, "no readable code"), ("code:one", True, "code still readable")]
)
def test_a_code_that_never_comes_or_goes_is_told_with_what_was_watched(tape, page, shown, gone, said) -> None:
    tape.show(page(shown), 0)
    found = answer(tape, code_there(AFTER, gone=gone), SOON, 3 * S)
    assert found.value is None
    assert found.detail == f"{said} at 4.000 s (watched 3.000 s)"
    assert found.refs == ({"track": "screen", "t": 0},)
    assert found.window == (1 * S, 4 * S)


@pytest.mark.parametrize("question", [shows("listening", AFTER), code_there(AFTER)])
def test_silence_decides_when_the_screen_is_known_to_the_end_of_the_watch(tape, page, question) -> None:
    tape.show(page("home"), 0)
    tape.clock.run_until(4 * S - 1)
    assert tape.ask(question, SOON, 3 * S) == Undecided(4 * S)
    tape.clock.run_until(4 * S)
    assert isinstance(tape.ask(question, SOON, 3 * S), Measurement)


def test_a_view_that_was_there_all_the_time_is_told_as_that(tape, page) -> None:
    tape.show(page("listening"), 0)
    found = answer(tape, shows("listening", AFTER), SOON)
    assert found.detail == "screen never came to show listening (watched 1.000 s); it was there all the time"
    tape.show(page("home"), 0)
    assert not answer(tape, shows("playing", AFTER), SOON).detail.endswith("all the time")
