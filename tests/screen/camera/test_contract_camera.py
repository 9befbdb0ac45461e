"""A camera keeps the screen contract, by a stream and by still pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.contracts.screen import SIZE, ScreenContract, ScreenEnds
from harness.foundation.errors import NotOffered
from harness.foundation.units import MS
from harness.screen.camera import Camera, View
from harness.screen.camera_source import Still, Video


class TestStream(ScreenContract):
    """With a toucher beside it: everything."""

    @pytest.fixture
    def ends(self, clock: Any, small_camera: Any, finger: Any, quad: Any) -> Iterator[ScreenEnds]:
        view = View(quad, (SIZE[1], SIZE[0]))
        port = Camera(clock, Video(clock, small_camera.stream), view, latency=40 * MS, toucher=finger)
        yield ScreenEnds(clock, port, small_camera)
        port.close()


class TestStill(ScreenContract):
    """Without a finger: everything but that."""

    @pytest.fixture
    def ends(self, clock: Any, small_camera: Any, quad: Any) -> Iterator[ScreenEnds]:
        view = View(quad, (SIZE[1], SIZE[0]))
        port = Camera(clock, Still(clock, small_camera.still, 40.0), view, latency=40 * MS)
        yield ScreenEnds(clock, port, small_camera)
        port.close()

    def test_a_touch_reaches_the_unit_once(self, ends: ScreenEnds) -> None:
        """Not run: a camera alone has no finger, and says so."""
        with pytest.raises(NotOffered, match="toucher"):
            ends.port.touch(0.25, 0.75)
