"""What every screen driver must keep.

Use: make a class of tests that inherits ``ScreenContract`` beside a pytest fixture ``ends`` that returns
``ScreenEnds``. The far end stands for the unit: it shows plain colours and feels touches. Drivers that look through a
camera may differ in tint and place; the contract compares only which colour leads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns
from harness.screen.port import Picture, ScreenPort

SIZE = (120, 200)


class FarEnd(Protocol):
    """The unit's side of a screen."""

    def show(self, pixels: NDArray[np.uint8]) -> None: ...

    def on_touch(self, callback: Callable[[float, float], None]) -> object: ...


@dataclass(frozen=True)
class ScreenEnds:
    """The clock, the rig's port, the unit's end of the same screen."""

    clock: Clock
    port: ScreenPort
    far: FarEnd


def plain(channel: int) -> NDArray[np.uint8]:
    """A picture in red (0), green (1) or blue (2)."""
    pixels = np.full((*SIZE, 3), 10, np.uint8)
    pixels[:, :, channel] = 240
    return pixels


def leading(picture: Picture) -> int:
    return int(np.argmax(picture.pixels.reshape(-1, 3).mean(axis=0)))


class ScreenContract:
    def test_a_picture_is_seen_from_when_it_was_shown(self, ends: ScreenEnds) -> None:
        self._pass(ends, 100 * MS)
        shown = ends.clock.now()
        ends.far.show(plain(1))
        self._pass(ends, 500 * MS)
        last = ends.port.frames(shown, ends.port.seen_to())[-1]
        assert leading(last) == 1
        assert last.stamp.early <= last.stamp.t <= last.stamp.late
        assert last.stamp.early <= shown + 1 * MS

    def test_pixels_are_rgb_bytes(self, ends: ScreenEnds) -> None:
        ends.far.show(plain(0))
        self._pass(ends, 500 * MS)
        pixels = ends.port.frames(0, ends.port.seen_to())[-1].pixels
        assert pixels.dtype == np.uint8
        assert pixels.ndim == 3
        assert pixels.shape[2] == 3

    def test_changes_come_oldest_first(self, ends: ScreenEnds) -> None:
        began = ends.clock.now()
        for channel in (0, 1, 2):
            ends.far.show(plain(channel))
            self._pass(ends, 300 * MS)
        seen = [leading(p) for p in ends.port.frames(began, ends.port.seen_to())]
        changes = [c for c, before in zip(seen, [None, *seen], strict=False) if c != before]
        assert changes[-3:] == [0, 1, 2]
        stamps = [p.stamp.t for p in ends.port.frames(began, ends.port.seen_to())]
        assert stamps == sorted(stamps)

    def test_a_window_opens_with_the_picture_in_front(self, ends: ScreenEnds) -> None:
        ends.far.show(plain(2))
        self._pass(ends, 600 * MS)
        late = ends.port.seen_to() - 50 * MS
        frames = ends.port.frames(late, late + 10 * MS)
        assert frames
        assert leading(frames[0]) == 2
        assert frames[0].stamp.early <= late

    def test_later_pictures_do_not_change_an_earlier_answer(self, ends: ScreenEnds) -> None:
        ends.far.show(plain(0))
        self._pass(ends, 300 * MS)
        until = ends.port.seen_to()
        before = [(p.stamp, leading(p)) for p in ends.port.frames(0, until)]
        ends.far.show(plain(1))
        self._pass(ends, 300 * MS)
        after = [(p.stamp, leading(p)) for p in ends.port.frames(0, until)]
        assert after[: len(before)] == before

    def test_a_touch_reaches_the_unit_once(self, ends: ScreenEnds) -> None:
        touches: list[tuple[float, float]] = []
        ends.far.on_touch(lambda x, y: touches.append((x, y)))
        stamp = ends.port.touch(0.25, 0.75)
        assert stamp.early <= stamp.t <= stamp.late
        self._pass(ends, 500 * MS)
        assert len(touches) == 1
        assert touches[0] == pytest.approx((0.25, 0.75), abs=0.01)

    @pytest.mark.parametrize(("x", "y"), [(-0.1, 0.5), (0.5, 1.1)])
    def test_a_touch_beside_the_screen_is_a_misuse(self, ends: ScreenEnds, x: float, y: float) -> None:
        with pytest.raises(HarnessError):
            ends.port.touch(x, y)

    def test_the_future_cannot_be_seen(self, ends: ScreenEnds) -> None:
        self._pass(ends, 10 * MS)
        with pytest.raises(HarnessError):
            ends.port.frames(0, ends.clock.now() + 1000 * MS)

    def test_the_watermark_follows_time(self, ends: ScreenEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless(self, ends: ScreenEnds) -> None:
        ends.port.close()
        ends.port.close()

    def _pass(self, ends: ScreenEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
