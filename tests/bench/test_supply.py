"""The supply as a stimulus: what it did is what it read, and one that does not follow is the rig's fault."""

from __future__ import annotations

import pytest

from harness.bench.supply import Supply
from harness.foundation.errors import BadInput, NotOffered, RigFault
from harness.foundation.units import MS, S
from harness.supply.port import Point


@pytest.fixture
def powered(world):
    world.ports.supply.set_voltage(12.6)
    world.ports.supply.output(True)
    world.wait(1 * S)
    return Supply(world)


def test_a_profile_of_the_car_is_followed_and_read_at_each_corner(world, powered) -> None:
    done = powered.follows("cranking")
    lowest = min(r.volts for r in world.recorder.supply(done.began.t, done.ended.t))
    assert lowest == pytest.approx(8.0)
    assert done.ended.t - done.began.t == 1110 * MS


def test_a_profile_that_comes_along_is_known_by_its_name(world, powered) -> None:
    powered.follows("iso-16750-2-momentary-drop")
    assert min(r.volts for r in world.recorder.supply_log[-20:]) == pytest.approx(4.5)


def test_a_file_beside_the_car_or_none(world, powered) -> None:
    with pytest.raises(BadInput, match="no-such-file"):
        powered.follows("no-such-file.csv")
    with pytest.raises(NotOffered):
        powered.follows("hailstorm")


class Stubborn:
    """A supply whose output stays where it was: a real port, without its profile."""

    def __init__(self, port) -> None:
        self._port = port

    def __getattr__(self, name):
        return getattr(self._port, name)

    def profile(self, points, at=None):
        return self._port.profile([Point(0, 12.6)], at)


def test_a_supply_that_does_not_follow_blocks(world, powered) -> None:
    world.ports.supply = Stubborn(world.ports.supply)
    with pytest.raises(RigFault, match="does not follow"):
        powered.follows("cranking")


def test_a_cut_takes_as_long_as_asked_for(world, powered) -> None:
    done = powered.is_cut(300 * MS)
    assert done.ended.t - done.began.t == 300 * MS
    assert any(r.volts == 0 for r in world.recorder.supply(done.began.t, done.ended.t))
