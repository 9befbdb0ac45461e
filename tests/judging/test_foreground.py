"""Messaging has left the foreground when none of its views comes back for a while."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.headunit.render import Style, View, picture
from harness.judging.foreground import messaging_leaves
from harness.judging.observation import Undecided

AFTER = Stamp.exact(1 * S)
LIMIT, PATIENCE = Limit("s", high=5.0), 6 * S


@pytest.fixture
def screen(tape):
    def shows(*views: tuple[int, str], until: int = 20 * S):
        style = Style(0, "zh", tuple(sorted(tape.vehicle.screens.items())))
        for t, name in views:
            tape.show(picture(View(name), style), t)
        tape.clock.run_until(until)
        return tape

    return shows


def test_it_left_with_the_first_picture_of_something_else(screen) -> None:
    tape = screen((0, "listening"), (2 * S, "sending"), (4 * S, "home"))
    question = messaging_leaves(AFTER)
    found = tape.ask(question, LIMIT, PATIENCE)
    assert isinstance(found, Measurement)
    assert (found.value.value, found.quantity, found.unit) == (3.0, "latency", "s")
    assert found.detail.startswith("the last of messaging, sending, had left at")
    assert question.found == Stamp.exact(4 * S)


def test_what_comes_back_has_not_left(screen) -> None:
    tape = screen((0, "listening"), (2 * S, "home"), (3500 * MS, "prompt"), (4 * S, "home"), (5 * S, "settings"))
    assert tape.ask(messaging_leaves(AFTER), LIMIT, PATIENCE).value.value == 3.0


def test_gone_before_is_zero(screen) -> None:
    tape = screen((0, "home"))
    found = tape.ask(messaging_leaves(AFTER), LIMIT, PATIENCE)
    assert (found.value.low, found.value.value, found.value.high) == (0.0, 0.0, 0.0)
    assert "nothing" in found.detail


def test_never_gone_is_no_value(screen) -> None:
    tape = screen((0, "listening"))
    found = tape.ask(messaging_leaves(AFTER), LIMIT, PATIENCE)
    assert found.value is None
    assert found.detail.startswith("listening is in front")
    assert found.window == (1 * S, 9 * S)


def test_the_longer_of_limit_and_patience_is_watched(screen) -> None:
    tape = screen((0, "listening"), until=8 * S)
    assert tape.ask(messaging_leaves(AFTER), LIMIT, PATIENCE) == Undecided(9 * S)
    assert tape.ask(messaging_leaves(AFTER), LIMIT, 1 * S).value is None
    assert tape.ask(messaging_leaves(AFTER), LIMIT, 0).window == (1 * S, 8 * S)


def test_it_has_to_stay_away_for_two_seconds(screen) -> None:
    tape = screen((0, "listening"), (2 * S, "home"), until=4 * S - 1)
    question = messaging_leaves(AFTER)
    assert tape.ask(question, LIMIT, PATIENCE) == Undecided(9 * S)
    tape.clock.run_until(4 * S)
    assert tape.ask(question, LIMIT, PATIENCE).value.value == 1.0
