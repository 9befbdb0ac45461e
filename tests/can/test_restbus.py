"""The rest-bus sends what the database says, as it says, and what a scenario overlays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.can.database import Database, load_dbc
from harness.can.memory import MemoryBus
from harness.can.port import Heard
from harness.can.protection import Protection, Protector
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, US, S

PROTECTIONS = {
    "Buttons": Protection("E2E-P01", 0x1A3, "both", "Counter", "Crc", max_delta=2),
    "Speed": Protection("SUM", counter="Alive", checksum="Sum"),
}


class Car:
    """A rest-bus on a memory bus, and what the unit's node hears."""

    def __init__(self, database: Database, seed: int = 1) -> None:
        self.database = database
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, 500_000, 2_000_000, "body")
        self.port = self.bus.node("rest")
        self.heard: list[Heard] = []
        self.bus.node("unit").listen(self.heard.append)
        self.rest = RestBus(self.clock, self.port, database, nodes_excluded={"Unit"}, protections=PROTECTIONS,
                            random=Random(seed))

    def run(self, time: int) -> None:
        self.clock.run_until(self.clock.now() + time)

    def of(self, name: str) -> list[Heard]:
        key = self.database.by_name(name).key
        return [h for h in self.heard if h.kind == "data" and h.frame is not None and h.frame.key == key]

    def values(self, name: str, signal: str) -> list[Any]:
        message = self.database.by_name(name)
        return [message.decode(h.frame.data)[signal] for h in self.of(name) if h.frame is not None]


@pytest.fixture
def car(small: Database) -> Car:
    return Car(small)


def test_only_messages_of_other_nodes_are_ours(car: Car) -> None:
    assert "Status" not in car.rest.messages
    assert set(car.rest.messages) == {"Buttons", "Speed", "SpeedX", "Pages", "Door", "Wiper", "Lights"}
    with pytest.raises(HarnessError, match="sent by Unit"):
        car.rest.set("Status", {"State": 1})


def test_nothing_is_sent_before_the_start(car: Car) -> None:
    car.run(1 * S)
    assert car.heard == []


def test_cyclic_messages_keep_their_cycle(car: Car) -> None:
    car.rest.start()
    car.run(10 * S)
    for name, cycle in (("Buttons", 10 * MS), ("Speed", 20 * MS), ("Pages", 100 * MS), ("Door", 500 * MS)):
        stamps = [h.t for h in car.of(name)]
        assert len(stamps) in (10 * S // cycle, 10 * S // cycle - 1)
        gaps = [b - a for a, b in pairwise(stamps)]
        assert all(abs(gap - cycle) < 600 * US for gap in gaps), name  # others may hold the bus for a frame or two
        assert abs(sum(gaps) - len(gaps) * cycle) < 600 * US, name
    for name in ("Wiper", "Lights", "SpeedX"):
        assert car.of(name) == []


def test_phases_are_spread_and_follow_the_seed(small: Database) -> None:
    def stamps(seed: int) -> list[int]:
        car = Car(small, seed)
        car.rest.start()
        car.run(1 * S)
        return [h.t for h in car.heard]

    assert stamps(1) == stamps(1)
    assert stamps(1) != stamps(2)


def test_the_first_data_is_made_of_start_values(car: Car) -> None:
    car.rest.start(["Speed", "Buttons"])
    car.run(50 * MS)
    assert set(car.values("Buttons", "Msg")) == {3}
    assert set(car.values("Speed", "Temp")) == {20}
    assert {h.frame.id for h in car.heard if h.frame} == {419, 256}


def test_counter_and_checksum_run_in_every_frame(car: Car) -> None:
    car.rest.start()
    car.run(1 * S)
    car.rest.set("Buttons", {"Msg": "Pressed"})
    car.run(1 * S)
    for name in ("Buttons", "Speed"):
        protector = Protector(car.database.by_name(name), PROTECTIONS[name])
        checked = [protector.check(h.frame.data) for h in car.of(name) if h.frame]
        assert all(c.checksum_ok for c in checked)
        assert [c.counter for c in checked] == [i % protector.modulus for i in range(len(checked))]


def test_an_overlay_is_on_the_next_frame_and_does_not_move_the_beat(car: Car) -> None:
    car.rest.start(["Buttons"])
    car.run(1 * S)
    before = len(car.of("Buttons"))
    car.rest.set("Buttons", {"Msg": "Pressed"})
    assert car.rest.value("Buttons", "Msg") == 1
    car.run(30 * MS)
    assert car.values("Buttons", "Msg")[before:] == [1, 1, 1]
    car.rest.reset("Buttons")
    car.run(30 * MS)
    assert car.values("Buttons", "Msg")[before:] == [1, 1, 1, 3, 3, 3]
    stamps = [h.t for h in car.of("Buttons")]
    assert {b - a for a, b in pairwise(stamps)} <= set(range(10 * MS - 20 * US, 10 * MS + 20 * US))


def test_a_change_of_a_triggered_message_leaves_at_once_with_its_repetitions_beside_the_cycle(car: Car) -> None:
    car.rest.start(["Door"])
    car.run(2 * S)
    cyclic = len(car.of("Door"))
    now = car.clock.now()
    car.rest.set("Door", {"Driver": "Open"})
    car.run(100 * MS)
    beat = car.of("Door")[0].t

    def on_the_beat(t: int) -> bool:
        return abs((t - beat + 250 * MS) % (500 * MS) - 250 * MS) < 1 * MS

    car.run(1 * S)
    new = [h.t for h in car.of("Door")[cyclic:]]
    burst = [t - now for t in new if not on_the_beat(t)]
    assert [round(t / MS) for t in burst] == [0, 20, 40]
    assert len(new) - len(burst) in (2, 3)


def test_on_change_sends_only_when_something_changed(car: Car) -> None:
    car.rest.start(["Lights"])
    car.rest.set("Lights", {"Beam": 0})
    car.run(100 * MS)
    assert car.of("Lights") == []
    car.rest.set("Lights", {"Beam": 2})
    car.run(100 * MS)
    assert car.values("Lights", "Beam") == [2, 2]  # the event and one repetition


def test_if_active_is_cyclic_while_away_from_rest_and_says_when_it_is_over(car: Car) -> None:
    car.rest.start(["Wiper"])
    car.run(1 * S)
    assert car.of("Wiper") == []
    car.rest.set("Wiper", {"On": 1})
    car.run(201 * MS)
    assert car.values("Wiper", "On") == [1] * 5
    car.rest.set("Wiper", {"On": 0})
    car.run(1 * S)
    assert car.values("Wiper", "On") == [1] * 5 + [0]


def test_an_event_is_sent_with_the_repetitions_asked_for(car: Car) -> None:
    car.rest.start([])
    car.rest.send_event("Door", {"Driver": "Open", "Count": 1}, repetitions=3)
    car.run(1 * S)
    assert car.values("Door", "Driver") == [1] * 4
    car.rest.send_event("Door")
    car.run(1 * S)
    assert len(car.of("Door")) == 7


def test_a_second_event_replaces_the_repetitions_of_the_first(car: Car) -> None:
    car.rest.send_event("Door", {"Count": 1}, repetitions=5)
    car.run(30 * MS)
    car.rest.send_event("Door", {"Count": 2}, repetitions=1)
    car.run(1 * S)
    assert car.values("Door", "Count") == [1, 1, 2, 2]


def test_stopping_one_message_leaves_the_others(car: Car) -> None:
    car.rest.start()
    car.run(100 * MS)
    car.rest.stop_message("Buttons")
    before = len(car.of("Buttons")), len(car.of("Speed"))
    car.run(1 * S)
    assert len(car.of("Buttons")) - before[0] == 0
    assert len(car.of("Speed")) - before[1] == 50
    assert "Buttons" not in car.rest.running()


def test_silence_and_start_again_keep_the_overlay(car: Car) -> None:
    car.rest.start()
    car.rest.set("Buttons", {"Msg": "Pressed"})
    car.run(100 * MS)
    car.rest.silence()
    car.rest.set("Speed", {"Speed": 50})
    count = len(car.heard)
    car.run(1 * S)
    assert len(car.heard) == count
    car.rest.start(["Buttons", "Speed"])
    car.run(100 * MS)
    assert car.values("Buttons", "Msg")[-1] == 1
    assert car.values("Speed", "Speed")[-1] == 50


def test_starting_twice_does_not_send_twice(car: Car) -> None:
    car.rest.start(["Buttons"])
    car.rest.start(["Buttons"])
    car.run(1 * S)
    assert len(car.of("Buttons")) in (99, 100)


def test_bus_off_is_counted_and_the_car_goes_on_afterwards(car: Car) -> None:
    car.rest.start()
    car.run(100 * MS)
    car.bus.short(True)
    car.run(100 * MS)
    assert car.port.state == "off"
    assert car.rest.unsent > 0
    car.bus.short(False)
    car.port.recover()
    count = len(car.of("Buttons"))
    car.run(100 * MS)
    assert len(car.of("Buttons")) - count in (9, 10)


def test_what_is_not_there_is_named(car: Car) -> None:
    with pytest.raises(HarnessError, match="'Nothing'"):
        car.rest.set("Nothing", {})
    with pytest.raises(HarnessError, match="'Nothing'"):
        car.rest.start(["Nothing"])
    with pytest.raises(ValueError, match="'Nothing'"):
        car.rest.set("Buttons", {"Nothing": 1})
    with pytest.raises(HarnessError, match="'Nothing'"):
        car.rest.value("Buttons", "Nothing")
    with pytest.raises(ValueError, match="Counter"):
        car.rest.set("Buttons", {"Counter": 99})
    with pytest.raises(HarnessError, match="'Nothing'"):
        RestBus(car.clock, car.port, car.database, nodes_excluded=set(), random=Random(1),
                protections={"Nothing": Protection("SUM", checksum="Crc")})


SEND_TYPES = {
    # send type: milliseconds after the start at which frames leave. Cycle 100, fast cycle 20, 2 repetitions; the
    # signal is set to 1 at 250 ms, set to 1 again at 450 ms, and to 0 at 650 ms.
    "Cyclic": [0, 100, 200, 300, 400, 500, 600, 700, 800],
    "NoMsgSendType": [0, 100, 200, 300, 400, 500, 600, 700, 800],
    "OnWrite": [250, 270, 290, 450, 470, 490, 650, 670, 690],
    "spontaneous": [250, 270, 290, 450, 470, 490, 650, 670, 690],
    "OnChangeWithRepetition": [250, 270, 290, 650, 670, 690],
    "CyclicAndOnChange": [0, 100, 200, 250, 270, 290, 300, 400, 500, 600, 650, 670, 690, 700, 800],
    "IfActive": [250, 350, 450, 550, 650, 650, 670, 690],
    "cyclicIfActiveAndSpontaneous": [250, 270, 290, 350, 450, 450, 470, 490, 550, 650, 650, 670, 690],
    "cyclicIfActiveFast": [0, 100, 200, *range(250, 651, 20), 670, 770],
}


@pytest.mark.parametrize("send_type", SEND_TYPES)
def test_each_send_type_leaves_when_it_says(dbc_file: Callable[[str], Path], send_type: str) -> None:
    path = dbc_file(f"""
        BO_ 291 M: 1 Car
         SG_ A : 0|1@1+ (1,0) [0|0] "" Unit

        BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
        BA_DEF_ BO_ "GenMsgCycleTimeFast" INT 0 65535;
        BA_DEF_ BO_ "GenMsgNrOfRepetition" INT 0 100;
        BA_DEF_ BO_ "GenMsgSendType" ENUM "{send_type}","other";
        BA_DEF_DEF_ "GenMsgCycleTime" 100;
        BA_DEF_DEF_ "GenMsgCycleTimeFast" 20;
        BA_DEF_DEF_ "GenMsgNrOfRepetition" 2;
        BA_DEF_DEF_ "GenMsgSendType" "{send_type}";
        """)
    clock = VirtualClock()
    bus = MemoryBus(clock, 500_000)
    sent: list[int] = []
    frame_time = 200 * US
    bus.node("unit").listen(lambda heard: sent.append((heard.t - frame_time // 2) // MS))
    rest = RestBus(clock, bus.node("rest"), load_dbc(path), nodes_excluded={"Unit"}, protections={}, random=NoSpread())
    rest.start()
    for at, value in ((250, 1), (450, 1), (650, 0)):
        clock.run_until(at * MS)
        rest.set("M", {"A": value})
    clock.run_until(850 * MS)
    assert sorted(sent) == SEND_TYPES[send_type]


class NoSpread(Random):
    """All cycles begin at once, so that instants can be written down."""

    def randrange(self, *_: Any) -> int:
        return 0
