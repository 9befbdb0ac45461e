"""A screen over HTTP keeps the screen contract; a screen with another time is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from harness.contracts.screen import ScreenContract, ScreenEnds, plain
from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, S
from harness.headunit.process.served_screen import ServedScreen
from harness.screen.http_still import HttpStill


@pytest.fixture
def ends(clock: WallClock, unit_side: Any) -> Iterator[ScreenEnds]:
    far = ServedScreen(*unit_side)
    port = HttpStill(clock, far.url)
    yield ScreenEnds(clock, port, far)
    port.close()
    far.close()


class TestHttpStill(ScreenContract):
    pass


def test_pixels_come_unchanged_with_the_instant_they_were_shown(ends: ScreenEnds) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (48, 80, 3), dtype=np.uint8)
    before = ends.clock.now()
    ends.far.show(pixels)
    after = ends.clock.now()
    ends.clock.run_until(ends.clock.now() + 300 * MS)
    (picture,) = ends.port.frames(before, ends.port.seen_to())
    assert np.array_equal(picture.pixels, pixels)
    assert before <= picture.stamp.t <= after


def test_the_same_content_is_the_same_array(ends: ScreenEnds) -> None:
    for channel in (0, 1, 0):
        ends.far.show(plain(channel))
    ends.clock.run_until(ends.clock.now() + 300 * MS)
    first, second, third = ends.port.frames(0, ends.port.seen_to())
    assert first.pixels is third.pixels
    assert first.pixels is not second.pixels


def test_another_time_is_refused(clock: WallClock, unit_side: Any) -> None:
    _own, desk = unit_side
    far = ServedScreen(WallClock(zero=clock.zero - 60 * S), desk)
    with pytest.raises(RigFault, match="another time"):
        HttpStill(clock, far.url)
    far.close()


def test_a_screen_that_is_not_there_is_the_rigs_fault(clock: WallClock, unit_side: Any) -> None:
    far = ServedScreen(*unit_side)
    far.close()
    with pytest.raises(RigFault, match="does not answer"):
        HttpStill(clock, far.url)
