"""What is round a right variant in a simulated world."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

import pytest

from harness.can.memory import MemoryBus
from harness.can.port import Frame
from harness.foundation.clock import VirtualClock
from harness.foundation.places import find
from harness.foundation.units import MS, S
from harness.headunit.variants import Surroundings
from harness.network.memory import pair
from harness.network.port import Link
from harness.rig.surroundings import surround
from harness.vehicle.load import load_vehicle


@pytest.fixture(scope="module")
def gs4():
    return load_vehicle(find("dbc", "gs4"))


@pytest.fixture
def world(gs4):
    clock = VirtualClock()
    buses = {name: MemoryBus(clock, 500_000, 2_000_000, name) for name in gs4.buses}
    port, network = pair(clock, Random(1))
    phone = SimpleNamespace(codec="opus")
    far = {f"can/{name}": bus.node("head_unit") for name, bus in buses.items()} | {"network": network, "phone": phone}
    return SimpleNamespace(clock=clock, bus=buses["body"], far=far, link=port, network=network, phone=phone)


def talked(world, gs4, share):
    """(frames of the rest-bus, frames of others) within a second."""
    surround(gs4, world.far, Surroundings(0, "opus", share))
    heard = []
    world.bus.node("tap").listen(lambda h: heard.append(h.frame.id) if h.kind == "data" else None)
    world.bus.node("rig").cyclic([Frame(0x100, bytes(8))], 10 * MS)
    world.clock.run_until(S)
    return heard.count(0x100), len(heard) - heard.count(0x100)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_neighbours_talk_in_their_share(world, gs4, share):
    own, others = talked(world, gs4, share)
    assert own >= 99
    assert others == pytest.approx(own * share, abs=1)


def test_neighbours_are_silent_on_a_bus_that_sleeps(world, gs4):
    talked(world, gs4, 1.0)
    world.bus.node("rig").stop()
    world.clock.run_until(2 * S)
    heard = []
    world.bus.node("tap").listen(heard.append)
    world.clock.run_until(20 * S)
    assert heard == []


def test_neighbours_come_back_after_a_short(world, gs4):
    talked(world, gs4, 1.0)
    world.bus.short(True)
    world.clock.run_until(2 * S)
    world.bus.short(False)
    rig = world.bus.node("rig")
    rig.recover()
    world.clock.run_until(3 * S)
    heard = []
    world.bus.node("tap").listen(heard.append)
    world.clock.run_until(4 * S)
    assert len({h.frame.id for h in heard}) > 2
    assert {h.kind for h in heard} == {"data"}


def test_a_slower_link_delays_calls_and_pushes_whatever_it_is_set_to(world, gs4):
    surround(gs4, world.far, Surroundings(50 * MS, "amr-nb", 0.0))
    assert world.phone.codec == "amr-nb"
    came = []
    for delay in (30 * MS, 100 * MS):
        world.link.link(Link(delay=delay))
        began = world.clock.now()
        world.network.request(lambda: 1, lambda _: came.append(world.clock.now()), lambda why: None, "ask")
        world.clock.run_until(began + S)
        assert came[-1] - began == 2 * (delay + 50 * MS)
        world.network.push(lambda: came.append(world.clock.now()), "tell")
        world.clock.run_until(began + 2 * S)
        assert came[-1] - began - S == delay + 50 * MS
