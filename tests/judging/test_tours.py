"""A tour walked again on the pictures: how many views there were, how deep, how much of them was tapped."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.tours import HOME, Tap, View, Walked, list_depth, recognise, share, summed
from harness.screen.port import Picture

BEGAN, ENDED = Stamp.exact(1 * S), Stamp.exact(9 * S)
TAPS = (Tap(0, 2 * S), Tap(1, 3 * S), Tap(HOME, 5 * S), Tap(1, 6 * S))
"""From the first view: point 0 opens a second one, point 1 there a third; home again; there point 1 does nothing."""
POINTS = 2


@pytest.fixture
def toured(tape):
    pages = {name: np.full((480, 1280, 3), 20, np.uint8) for name in ("first", "second", "third")}
    pages["second"][:200], pages["third"][200:] = 200, 120
    for t, name in ((0, "first"), (2 * S, "second"), (3 * S, "third"), (4 * S, "first")):
        tape.show(pages[name], t)
    tape.clock.run_until(20 * S)
    return tape


def answer(tape, question, limit: Limit) -> Measurement:
    found = tape.ask(question, limit, 0)
    assert isinstance(found, Measurement), found
    return found


def test_what_was_tapped_is_a_share_of_the_points_on_views_that_are_not_too_deep(toured) -> None:
    """Views of depth 0 and 1, of two points each; the second of the second view led on, its first was never tapped."""
    found = answer(toured, share(TAPS, 2, POINTS, BEGAN, ENDED), Limit("%", low=100))
    assert found.value == (75.0, 75.0, 75.0)
    assert found.detail == "3 of 4 taps on 3 view(s), down to depth 2"


def test_the_depth_is_that_of_the_deepest_view(toured) -> None:
    assert answer(toured, list_depth(TAPS, 2, POINTS, BEGAN, ENDED), Limit("1", high=3)).value == (2, 2, 2)


def test_a_view_that_a_shorter_way_leads_to_is_less_deep(toured) -> None:
    """Straight to the third view, which the longer way had led to before."""
    toured.show(np.full((480, 1280, 3), 20, np.uint8), 6 * S)
    third = np.full((480, 1280, 3), 20, np.uint8)
    third[200:] = 120
    toured.show(third, 7 * S)
    taps = (*TAPS, Tap(0, 7 * S))
    assert answer(toured, list_depth(taps, 2, POINTS, BEGAN, ENDED), Limit("1", high=3)).value == (1, 1, 1)


def test_it_is_not_decided_before_its_end_was_seen(tape) -> None:
    tape.show(np.full((480, 1280, 3), 20, np.uint8), 0)
    tape.clock.run_until(8 * S)
    assert tape.ask(share(TAPS, 2, POINTS, BEGAN, ENDED), Limit("%", low=100), 0) == Undecided(ENDED.t)


def test_a_beginning_that_looks_otherwise_is_as_deep_as_the_first_view(toured) -> None:
    """Home again, and home shows something new: a view of no depth, from which the tour goes on."""
    other = np.full((480, 1280, 3), 90, np.uint8)
    toured.show(other, 4500 * MS)
    found = answer(toured, share(TAPS, 1, POINTS, BEGAN, ENDED), Limit("%", low=100))
    assert found.detail == "2 of 4 taps on 4 view(s), down to depth 2"
    assert found.value == (50.0, 50.0, 50.0)


@pytest.mark.parametrize(("blocks", "views"), [(95, 1), (96, 2)])
def test_a_view_is_another_one_from_a_hundredth_of_the_screen_on(tape, blocks: int, views: int) -> None:
    """Of 160 x 60 blocks of 8 x 8 pixels."""
    first = np.full((480, 1280, 3), 20, np.uint8)
    second = first.copy()
    second[:8, : blocks * 8] = 200
    tape.show(first, 0)
    tape.show(second, 2 * S)
    tape.clock.run_until(20 * S)
    found = answer(tape, list_depth([Tap(0, 3 * S)], 1, POINTS, BEGAN, ENDED), Limit("1", high=3))
    assert found.detail == f"{views} view(s), down to {views - 1} taps from the first"


def test_a_point_that_leads_nowhere_else_is_tapped_all_the_same(tape) -> None:
    tape.show(np.full((480, 1280, 3), 20, np.uint8), 0)
    tape.clock.run_until(20 * S)
    found = answer(tape, share([Tap(0, 3 * S), Tap(0, 4 * S)], 1, POINTS, BEGAN, ENDED), Limit("%", low=100))
    assert found.detail == "1 of 2 taps on 1 view(s), down to depth 0"


def test_a_depth_is_that_of_the_shortest_way_whenever_it_is_found() -> None:
    pictures = [Picture(Stamp.exact(0), np.full((80, 80, 3), shade, np.uint8)) for shade in (0, 100, 200)]
    views: list[View] = []
    assert [recognise(views, picture, 2) for picture in pictures] == [0, 1, 2]
    assert recognise(views, pictures[1], 1) == 1
    assert recognise(views, pictures[2], 3) == 2
    assert [view.depth for view in views] == [2, 1, 2]
    assert summed(views, 2, 5) == Walked(0, 5, 3, 2)
