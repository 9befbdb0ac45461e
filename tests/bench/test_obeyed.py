"""What the bench did has to have happened, else the case is BLOCKED: found by disturbances that had been passed."""

from __future__ import annotations

import random

import pytest

from harness.bench.car import Car
from harness.bench.misfortunes import power_lost
from harness.bench.obeyed import console_is_read, finger_is_felt
from harness.bench.supply import Supply
from harness.bench.world import World
from harness.foundation.errors import RigFault
from harness.foundation.journal import Journal
from harness.foundation.units import MS, S
from harness.rig.rig import open_rig


@pytest.fixture
def started(read):
    """Makes a world whose unit has started; with the disturbances named."""
    rig, vehicle, catalogue, library = read
    worlds = []

    def make(*disturbances: str) -> World:
        ports = open_rig(rig, vehicle, random.Random(5), disturbances=disturbances)
        world = World(ports, catalogue, library, Journal(None), random.Random(6))
        worlds.append(world)
        Car(world).gets_power()
        Car(world).starts()
        world.wait(5 * S)
        return world

    yield make
    for world in worlds:
        world.close()


@pytest.mark.parametrize("cut", [lambda world: Supply(world).is_cut(2 * S), lambda world: power_lost(world, 2 * S)])
def test_power_that_stays_although_it_was_switched_off(started, cut) -> None:
    cut(started())
    with pytest.raises(RigFault, match=r"still reads 13\.50 V"):
        cut(started("supply-stays-on"))


def test_a_cut_too_short_for_capacitors_is_not_doubted(started) -> None:
    Supply(started("supply-stays-on")).is_cut(50 * MS)


@pytest.mark.parametrize("duration", [100 * MS, 2 * S])
def test_a_short_that_never_was(started, duration) -> None:
    Car(started()).shorts_the_buses(duration)
    with pytest.raises(RigFault, match="the relay did not close"):
        Car(started("io-short-open")).shorts_the_buses(duration)


def test_a_console_that_nobody_reads(started) -> None:
    console_is_read(started())
    with pytest.raises(RigFault, match="nothing has come"):
        console_is_read(started("console-lost"))
    with pytest.raises(RigFault, match="baud rate"):
        console_is_read(started("console-garbled"))


def test_a_finger_that_nothing_felt(started) -> None:
    world = started()
    finger_is_felt(world, views=2)
    with pytest.raises(RigFault, match="finger"):
        finger_is_felt(world, views=1)
    Car(world).is_("moving")
    finger_is_felt(world, views=1)


def test_a_supply_that_gives_less_is_no_finding_about_the_unit(started) -> None:
    with pytest.raises(RigFault, match="was set to"):
        Supply(started("supply-offset")).finds("voltage_low")


def test_a_level_beyond_what_is_looked_at_fails_the_requirement_itself(started) -> None:
    world = started("supply-sags")
    world.judge("PWR-02", Supply(world).finds("voltage_high"))
    found = world.judge.checks[-1]
    assert str(found.verdict) == "FAIL"
    assert not found.prerequisite
    assert "not yet at 16.60 V" in f"{found.measurement}"
