"""A screen in memory."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS
from harness.screen.memory import pair


def grey(value: int) -> np.ndarray:
    return np.full((4, 6, 3), value, np.uint8)


def test_nothing_shown_yet_is_no_picture() -> None:
    clock = VirtualClock()
    port, _ = pair(clock)
    clock.run_until(10 * MS)
    assert port.frames(0, 10 * MS) == ()


def test_windows_hold_the_picture_in_front_and_every_change() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    for k in range(4):
        clock.at(k * 10 * MS, lambda k=k: far.show(grey(k)), name="show")
    clock.run_until(100 * MS)

    def seen(start: int, stop: int) -> list[int]:
        return [int(p.pixels[0, 0, 0]) for p in port.frames(start, stop)]

    assert seen(0, 100 * MS) == [0, 1, 2, 3]
    assert seen(5 * MS, 10 * MS - 1) == [0]
    assert seen(5 * MS, 10 * MS) == [0, 1]
    assert seen(10 * MS, 20 * MS) == [1, 2]
    assert seen(50 * MS, 60 * MS) == [3]


def test_of_several_pictures_at_one_instant_the_last_was_visible() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    far.show(grey(1))
    far.show(grey(2))
    clock.run_until(MS)
    (only,) = port.frames(0, MS)
    assert only.stamp == Stamp.exact(0)
    assert int(only.pixels[0, 0, 0]) == 2


def test_pictures_are_references_and_read_only() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    mine = grey(9)
    far.show(mine)
    clock.run_until(MS)
    seen = port.frames(0, MS)[0].pixels
    assert np.shares_memory(seen, mine)
    assert port.frames(0, MS)[0].pixels is seen
    with pytest.raises(ValueError, match="read-only"):
        seen[0, 0, 0] = 1


def test_a_touch_waits_for_time_to_pass_and_can_be_unheard() -> None:
    clock = VirtualClock()
    port, far = pair(clock)
    felt: list[tuple[float, float]] = []
    stop = far.on_touch(lambda x, y: felt.append((x, y)))
    port.touch(0.5, 0.5)
    assert not felt
    clock.run_until(MS)
    assert felt == [(0.5, 0.5)]
    stop()
    stop()
    port.touch(0.1, 0.1)
    clock.run_until(2 * MS)
    assert len(felt) == 1


def test_a_closed_screen_takes_no_touch() -> None:
    port, _ = pair(VirtualClock())
    port.close()
    with pytest.raises(HarnessError, match="closed"):
        port.touch(0.5, 0.5)


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_only_rgb_bytes_are_a_picture(pixels: np.ndarray) -> None:
    _, far = pair(VirtualClock())
    with pytest.raises(HarnessError, match="a picture is"):
        far.show(pixels)
