"""A name of strokes and messaging's views are found on pictures after a logout, and only there and then."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.headunit.decoration import THEMES
from harness.headunit.render import Style, View, picture
from harness.judging.observation import Undecided
from harness.judging.remains import name_is_written, on_the_screen
from harness.vehicle.load import load_vehicle

NAME = "l" * 40
NONE = Limit("1", low=0.0, high=0.0)
GONE, END = Stamp.exact(5 * S), 9 * S
ICONS = tuple(sorted(load_vehicle(Path("dbc/gs4")).screens.items()))


def view(name: str, *lines: str, theme: int = 0, language: str = "zh"):
    return picture(View(name, lines), Style(theme, language, ICONS))


def left_over(tape) -> tuple[float, str]:
    tape.clock.run_until(10 * S)
    measured = tape.ask(on_the_screen(len(NAME), GONE, END), NONE, 0)
    return measured.value.value, measured.detail


def test_before_the_end_nothing_is_said(tape) -> None:
    tape.clock.run_until(8 * S)
    assert tape.ask(on_the_screen(len(NAME), GONE, END), NONE, 0) == Undecided(END)


@pytest.mark.parametrize("theme", range(len(THEMES)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_every_screen_says_is_nothing_of_the_user(tape, theme: int, language: str) -> None:
    tape.show(view("prompt", NAME), 1 * S)
    tape.show(view("logged_out", theme=theme, language=language), 5 * S + 200 * MS)
    tape.show(view("confirming", theme=theme, language=language), 8 * S)
    assert left_over(tape) == (0.0, "nothing of the user on 2 pictures up to 9.000 s")


@pytest.mark.parametrize("name", [NAME, f"* {NAME}", NAME[:20]])
def test_the_name_is_found_whatever_stands_round_it(tape, name: str) -> None:
    tape.show(view("logged_out"), 1 * S)
    tape.show(view("logged_out", name), 8 * S)
    assert left_over(tape) == (1.0, "a name at 8.000 s")


def test_views_of_messaging_are_found_without_any_name(tape) -> None:
    tape.show(view("messages"), 1 * S)
    tape.show(view("contacts"), 6 * S)
    assert left_over(tape)[0] == 2.0


def test_the_screen_may_follow(tape) -> None:
    tape.show(view("prompt", NAME), 1 * S)
    tape.show(view("logged_out"), 5 * S + 250 * MS)
    assert left_over(tape)[0] == 0.0


def test_a_name_that_never_was_there_is_told(tape) -> None:
    tape.show(view("prompt", "Wang Fang"), 1 * S)
    tape.show(view("prompt", NAME), 6 * S)
    tape.clock.run_until(10 * S)
    assert tape.ask(name_is_written(len(NAME), Stamp.exact(0), GONE.t), NONE, 0).value is None
    seen = name_is_written(len(NAME), Stamp.exact(0), END)
    assert tape.ask(seen, NONE, 0).value.value == 6.0
    assert seen.found == Stamp.exact(6 * S)
