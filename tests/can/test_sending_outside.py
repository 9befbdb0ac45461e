"""The rest-bus on a port that keeps the beat: turns of the counter are handed over, and no value is ever repeated."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.can.disturbance import frozen_counter, wrong_checksum
from harness.can.memory import MemoryBus
from harness.can.port import Heard
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.units import MS, S
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
MESSAGE = "SWC_Buttons"


class Keeping:
    """A node of the memory bus that says it keeps the beat, as a SocketCAN channel does."""

    keeps_beat = True

    def __init__(self, node: Any) -> None:
        self._node = node
        self.turns = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def cyclic(self, *args: Any) -> Any:
        self.turns += 1
        return self._node.cyclic(*args)


@pytest.fixture(scope="module")
def vehicle() -> Vehicle:
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture
def sent(vehicle: Vehicle) -> tuple[VirtualClock, RestBus, Keeping, Callable[[], list[Heard]]]:
    clock = VirtualClock()
    bus = vehicle.buses["body"]
    memory = MemoryBus(clock, bus.bitrate, bus.data_bitrate, "body")
    port = Keeping(memory.node("rig"))
    protections = {m: p for (b, m), p in vehicle.protection.items() if b == "body"}
    rest = RestBus(clock, port, bus.database, nodes_excluded=set(), protections=protections, random=Random(1))
    heard: list[Heard] = []
    memory.node("unit").listen(heard.append)
    key = bus.database.by_name(MESSAGE).key
    return clock, rest, port, lambda: [h for h in heard if h.frame is not None and h.frame.key == key]


def counters(vehicle: Vehicle, heard: list[Heard]) -> list[int]:
    signal = vehicle.buses["body"].database.by_name(MESSAGE).signals["SWC_Counter"]
    return [signal.read_raw(h.frame.data) for h in heard if h.frame is not None]


def test_a_change_is_on_the_next_frame_and_the_counter_goes_on(vehicle: Vehicle, sent: Any) -> None:
    clock, rest, port, frames = sent
    rest.start([MESSAGE])
    for n in range(9):
        clock.run_until(clock.now() + 93 * MS)
        rest.set(MESSAGE, {"SWC_Msg": n % 2})
    clock.run_until(clock.now() + 100 * MS)
    seen = counters(vehicle, frames())
    assert seen == [(seen[0] + n) % 15 for n in range(len(seen))]
    assert port.turns == 1
    times = [h.t for h in frames()]
    assert all(abs(b - a - 20 * MS) < 20_000 for a, b in pairwise(times))  # stuff bits


def test_after_a_disturbance_the_beat_is_handed_back_and_no_frame_is_missing(vehicle: Vehicle, sent: Any) -> None:
    clock, rest, port, frames = sent
    rest.start([MESSAGE])
    clock.run_until(205 * MS)
    active = rest.disturb(MESSAGE, wrong_checksum())
    clock.run_until(300 * MS)
    assert active.frames >= 4
    active.end()
    clock.run_until(1 * S)
    seen = counters(vehicle, frames())
    assert seen == [(seen[0] + n) % 15 for n in range(len(seen))]
    times = [h.t for h in frames()]
    assert max(b - a for a, b in pairwise(times)) <= 20 * MS + 10_000
    assert port.turns == 2


def test_a_frozen_counter_stays_at_the_last_value_sent(vehicle: Vehicle, sent: Any) -> None:
    clock, rest, _, frames = sent
    rest.start([MESSAGE])
    clock.run_until(205 * MS)
    before = len(frames())
    rest.disturb(MESSAGE, frozen_counter())
    clock.run_until(400 * MS)
    seen = counters(vehicle, frames())
    assert set(seen[before:]) == {seen[before - 1]}


@pytest.mark.parametrize("gap", [1 * MS, 7 * MS, 19 * MS, 20 * MS, 55 * MS])
def test_stopped_and_started_again_no_value_is_repeated(vehicle: Vehicle, sent: Any, gap: int) -> None:
    clock, rest, _, frames = sent
    rest.start([MESSAGE])
    for _ in range(12):
        clock.run_until(clock.now() + 133 * MS)
        rest.stop_message(MESSAGE)
        clock.run_until(clock.now() + gap)
        rest.start([MESSAGE])
    seen = counters(vehicle, frames())
    steps = {(b - a) % 15 for a, b in pairwise(seen)}
    assert steps <= {1, 2}


def test_a_frame_in_between_takes_its_own_counter_value(vehicle: Vehicle, sent: Any) -> None:
    clock, rest, _, frames = sent
    rest.start([MESSAGE])
    for _ in range(8):
        clock.run_until(clock.now() + 131 * MS)
        rest.send_event(MESSAGE, {}, 0)
    clock.run_until(clock.now() + 100 * MS)
    seen = counters(vehicle, frames())
    assert {(b - a) % 15 for a, b in pairwise(seen)} <= {1, 2}


@pytest.mark.parametrize("offset", [0, 1 * MS, 4 * MS, 6 * MS, 13 * MS, 19 * MS])
@pytest.mark.parametrize("count", [1, 3])
def test_a_pulse_is_on_exactly_as_many_frames_as_it_was_asked_for(
    vehicle: Vehicle, sent: Any, offset: int, count: int
) -> None:
    clock, rest, _, frames = sent
    rest.start([MESSAGE])
    clock.run_until(400 * MS + offset)
    rest.pulse(MESSAGE, {"SWC_Msg": 1}, {"SWC_Msg": 0}, count * 20 * MS)
    clock.run_until(800 * MS)
    signal = vehicle.buses["body"].database.by_name(MESSAGE).signals["SWC_Msg"]
    pressed = [signal.read_raw(h.frame.data) for h in frames() if h.frame is not None]
    assert sum(pressed) == count
