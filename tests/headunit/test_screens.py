"""What is in front, and what a finger reaches."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.units import MS
from harness.headunit.decoration import THEMES
from harness.headunit.render import HEIGHT, WIDTH, Style, View, button_box, picture, target
from harness.headunit.screens import PAGES, front

VIEWS = ("boot", "code", "home", "listening", "sending", "playing", "prompt", "no_network", "logged_out", "expired",
         "refused", "call", "ringing", "settings", "contacts", "messages", "reverse")  # fmt: skip
FORBIDDEN = ("keyboard", "red_envelope", "transfer", "moments", "sticker", "picture", "video", "link")


def style(gs4, theme=0, first="zh"):
    return Style(theme, first, tuple(sorted(gs4.screens.items())))


def touch(car, name):
    """Touch a button of the page in front by its name."""
    view = front(car.unit)
    place = view.buttons.index(name)
    box = button_box(place)
    car.screen.touch((box.left + 5) / WIDTH, (box.top + 5) / HEIGHT)
    car.run(300 * MS)


def test_a_view_shown_again_is_the_same_array(gs4):
    assert picture(View("home"), style(gs4)) is picture(View("home"), style(gs4))


@pytest.mark.parametrize("theme", range(len(THEMES)))
def test_each_view_shows_its_own_icon_and_no_forbidden_one(gs4, theme):
    from harness.judging.views import score

    for view in VIEWS[theme :: len(THEMES)]:
        pixels = picture(View(view, ("Wang Fang",), PAGES.get(view, ())), style(gs4, theme))
        assert score(gs4.screens[view], pixels) > 0.8, view
        for thing in FORBIDDEN[theme::2]:
            assert score(gs4.screens[thing], pixels) < 0.7, (view, thing)


def test_languages_differ_and_both_are_there(gs4):
    assert not np.array_equal(picture(View("home"), style(gs4)), picture(View("home"), style(gs4, first="en")))


def test_targets_lie_under_the_finger():
    view = View("messages", ("a", "b"), ("back",))
    assert target(view, 0.1, 0.9) == "back"
    assert target(view, 0.1, 0.3) is None
    assert target(view, 0.99, 0.01) is None


def test_settings_are_for_parked_only(car):
    car.log_in()
    touch(car, "settings")
    assert car.unit.screens.shown == "settings"
    car.set("gear", "D")
    car.set("speed", 30.0)
    car.run(500 * MS)
    assert car.unit.screens.shown == "home"
    touch(car, "settings")
    assert car.unit.screens.shown == "home"


def test_lists_and_strings_are_short_while_moving(make):
    car = make()
    many = [f"friend {n} " + "x" * 200 for n in range(60)]
    car.log_in()
    car.unit.ram.user.contacts = many
    car.set("gear", "D")
    car.set("speed", 30.0)
    car.run(300 * MS)
    touch(car, "contacts")
    view = front(car.unit)
    assert len(view.lines) <= 21
    assert max(map(len, view.lines)) <= 120


def test_the_text_of_a_message_is_nowhere(car):
    car.log_in()
    car.contact.send_text("li.wei", "the text")
    car.run(500 * MS)
    assert not any("the text" in line for line in front(car.unit).lines)
    car.until(lambda: car.state("voice") == "idle", 12_000 * MS)
    car.run(300 * MS)
    touch(car, "messages")
    assert front(car.unit).lines
    assert not any("the text" in line for line in front(car.unit).lines)


def test_every_button_of_every_page_leads_to_a_page_or_does_something(car):
    car.log_in()
    seen = set()

    def visit(path):
        view = front(car.unit)
        seen.add(view.name)
        for name in view.buttons:
            if name == "back" or len(path) > 4 or (view.name, name) in path:
                continue
            touch(car, name)
            if front(car.unit).name != view.name:
                visit([*path, (view.name, name)])
                touch(car, "back")
            assert front(car.unit).name == view.name

    visit([])
    assert seen == {"home", "messages", "contacts", "settings", "about"}


def test_left_alone_a_page_gives_way_to_home(car):
    car.log_in()
    touch(car, "contacts")
    assert car.unit.screens.shown == "contacts"
    car.run(5_000 * MS)
    assert car.unit.screens.shown == "home"
