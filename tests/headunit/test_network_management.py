"""CanNm: what the unit sends and when it sleeps, told by PDUs and by their absence."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from harness.can.port import Frame
from harness.foundation.units import MS, S
from harness.headunit.network_management import ACTIVE_WAKE_UP
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

OWN, GATEWAY, CLUSTER = 0x53A, 0x521, 0x52C
CYCLE = 400 * MS
POST_RUN, TIMEOUT, WAIT = 12 * S, 1600 * MS, 1 * S


@pytest.fixture(scope="module")
def gkui() -> Vehicle:
    found = load_vehicle(Path(__file__).parents[2] / "dbc" / "gkui")
    return replace(found, initial={r: s for r, s in found.initial.items() if not found.role(r).by_presence})


class Bus:
    """The other nodes of the infotainment bus: they vote as long as ``voting``."""

    def __init__(self, car) -> None:
        self.car = car
        self.voting = False

    def pdu(self, node: int = GATEWAY, control: int = 0) -> None:
        self.car.ports["infotainment"].send(Frame(node, bytes((node & 0xFF, control, 0, 0, 0, 0, 0, 0))))

    def vote(self) -> None:
        self.voting = True
        self._beat()

    def _beat(self) -> None:
        if self.voting:
            self.pdu()
            self.car.clock.at(self.car.clock.now() + CYCLE, self._beat, name="gateway")

    def own(self, since: int = 0) -> list[tuple[int, bytes]]:
        return [(h.t, h.frame.data) for h in self.sent(since) if h.frame.id == OWN]

    def sent(self, since: int = 0) -> list:
        ids = {m.id for m in self.car.vehicle.buses["infotainment"].database.messages.values() if "IHU" in m.senders}
        frames = self.car.frames["infotainment"]
        return [h for h in frames if h.t >= since and h.kind == "data" and h.frame.id in ids]


@pytest.fixture
def bus(car_type, gkui: Vehicle) -> Bus:
    return Bus(car_type(gkui))


def until_standby(bus: Bus) -> int:
    bus.car.start()
    bus.car.ignition(False)
    return bus.car.until(lambda: bus.car.state("power") == "standby", POST_RUN + 2 * S)


def test_it_enters_the_network_with_quick_pdus_that_tell_who_woke_it(bus):
    bus.car.power()
    bus.car.ignition(True)
    bus.car.run(4 * S)
    times = [t for t, _ in bus.own()]
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps[:4] == [pytest.approx(20 * MS, abs=3 * MS)] * 4
    assert gaps[4:] == [pytest.approx(CYCLE, abs=3 * MS)] * len(gaps[4:])
    assert all(data == bytes((0x1A, ACTIVE_WAKE_UP, 0, 0, 0, 0, 0, 0)) for _, data in bus.own())


def test_woken_by_the_bus_it_says_so_too(bus):
    bus.car.power()
    bus.car.run(1 * S)
    assert bus.sent() == []
    bus.pdu(CLUSTER)  # any node's PDU wakes, not only the gateway's
    bus.car.run(3 * S)
    assert bus.own()
    assert all(data[1] == 0 for _, data in bus.own())


def test_in_ready_sleep_it_votes_no_more_but_still_talks(bus):
    bus.vote()
    since = until_standby(bus)
    bus.car.run(10 * S)
    assert bus.car.state("power") == "standby"
    assert bus.own(since + CYCLE) == []
    assert len(bus.sent(since + CYCLE)) > 50


def test_it_sleeps_by_timing_when_nobody_votes_any_more(bus):
    bus.vote()
    until_standby(bus)
    bus.voting = False
    last = bus.car.clock.now()
    prepared = bus.car.until(lambda: bus.car.state("power") == "prepare_bus_sleep", 3 * S)
    assert TIMEOUT - CYCLE <= prepared - last <= TIMEOUT + 20 * MS
    bus.car.run(WAIT - 50 * MS)
    assert bus.sent(prepared + 10 * MS) == []
    assert bus.car.state("power") == "prepare_bus_sleep"
    bus.car.run(100 * MS)
    assert bus.car.state("power") == "sleep"
    bus.car.run(2 * S)
    assert bus.car.supply.read().amperes <= 0.003


def test_alone_it_counts_from_its_own_last_pdu(bus):
    since = until_standby(bus)
    last = bus.own()[-1][0]
    prepared = bus.car.until(lambda: bus.car.state("power") == "prepare_bus_sleep", 3 * S)
    assert prepared - last == pytest.approx(TIMEOUT, abs=15 * MS)
    assert last <= since


def test_a_pdu_in_ready_sleep_keeps_it_there(bus):
    until_standby(bus)
    bus.car.run(1 * S)
    bus.vote()
    bus.car.run(5 * S)
    assert bus.car.state("power") == "standby"


def test_a_pdu_brings_it_back_from_prepare_bus_sleep_and_so_does_the_ignition(bus):
    until_standby(bus)
    bus.car.until(lambda: bus.car.state("power") == "prepare_bus_sleep", 3 * S)
    bus.vote()
    back = bus.car.until(lambda: bus.car.state("power") == "standby", 500 * MS)
    bus.car.run(2 * S)
    assert bus.own(back)
    assert len(bus.sent(back)) > 10
    bus.voting = False
    bus.car.until(lambda: bus.car.state("power") == "prepare_bus_sleep", 5 * S)
    bus.car.ignition(True)
    bus.car.run(500 * MS)
    assert bus.car.state("power") == "run"
    assert bus.car.state("session") in ("fetching", "code_shown")
    bus.car.run(5 * S)
    assert bus.car.state("power") == "run"


def test_asleep_an_event_of_the_wheel_wakes_nothing_and_a_pdu_does(bus):
    until_standby(bus)
    bus.car.until(lambda: bus.car.state("power") == "sleep", 6 * S)
    slept = bus.car.clock.now()
    wheel = bus.car.vehicle.role("wheel.messaging")
    bus.car.ports["body"].send(Frame(wheel.message.id, wheel.message.encode(wheel.event.values("short", 1))))
    bus.car.run(3 * S)
    assert bus.car.state("power") == "sleep"
    assert bus.sent(slept + 10 * MS) == []
    bus.pdu(CLUSTER)
    bus.car.run(3 * S)
    assert bus.own(slept)
