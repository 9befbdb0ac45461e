"""Areas of a screen that change with an action, beside a clock that changes by itself."""

from __future__ import annotations

import numpy as np

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.screen.port import Picture
from harness.screen.reactions import reactions

WINDOWS = [(n * 5 * S + 3 * S, n * 5 * S + 3 * S + 400 * MS) for n in range(6)]
SPAN = (0, 33 * S)


def shown(events: list[tuple[int, bool, int]]) -> list[Picture]:
    """(instant, banner in front, figure of the clock) as pictures of 320 x 180."""
    pictures = []
    for t, banner, minute in events:
        pixels = np.full((180, 320, 3), 30, np.uint8)
        if banner:
            pixels[100:140, 80:240] = (200, 180, 40)
        pixels[0:20, 280:320] = (minute * 60 % 256, 90, 90)
        pictures.append(Picture(Stamp.exact(t), pixels))
    return pictures


def test_a_banner_is_found_where_it_is_and_the_clock_is_not() -> None:
    events = [(t * S, False, t) for t in range(0, 33, 2)]
    for begin, end in WINDOWS:
        events += [(begin + 120 * MS, True, begin // (2 * S) * 2), (end + 2 * S, False, end // (2 * S) * 2)]
    found, changing = reactions(shown(sorted(events)), WINDOWS, SPAN)
    claimed = [one for one in found if one.association.claimed(changing)]
    assert len(claimed) == 1
    area = claimed[0]
    assert (area.left, area.top, area.right, area.bottom) == (0.25, 10 / 18, 0.75, 14 / 18)
    assert area.tiles == 16 * 4
    assert area.association.seen == [120 * MS] * 6


def test_a_screen_that_never_changes_and_none_at_all_show_nothing() -> None:
    assert reactions(shown([(0, False, 0), (5 * S, False, 0)]), WINDOWS, SPAN) == ([], 0)
    assert reactions([], WINDOWS, SPAN) == ([], 0)


def test_pictures_of_another_size_are_left_out() -> None:
    other = Picture(Stamp.exact(4 * S), np.zeros((90, 160, 3), np.uint8))
    assert reactions([*shown([(0, False, 0)]), other], WINDOWS, SPAN) == ([], 0)
