"""A tour walked again on the pictures: how many views there were, how deep, how much of them was tapped."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.tours import HOME, Tap, list_depth, share

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
