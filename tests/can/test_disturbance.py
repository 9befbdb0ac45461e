"""Each disturbance makes exactly one thing wrong, for as long as it was asked to."""

from __future__ import annotations

from random import Random

import pytest

from harness.can import disturbance as d
from harness.can.database import Database
from harness.can.disturbance import Disturbance
from harness.can.memory import MemoryBus
from harness.can.port import Heard
from harness.can.protection import Checked, Protection, Protector
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, US, Ns

P01 = Protection("E2E-P01", 0x1A3, "both", "Counter", "Crc", max_delta=2)


class Car:
    """Only the button message, undisturbed for ten frames (counters 0 to 9)."""

    def __init__(self, database: Database) -> None:
        self.clock = VirtualClock()
        bus = MemoryBus(self.clock, 500_000)
        self.heard: list[Heard] = []
        bus.node("unit").listen(self.heard.append)
        self.message = database.by_name("Buttons")
        self.protector = Protector(self.message, P01)
        self.rest = RestBus(self.clock, bus.node("rest"), database, nodes_excluded={"Unit"},
                            protections={"Buttons": P01}, random=Random(1))
        self.rest.start(["Buttons"])
        while len(self.heard) < 10:
            self.run(1 * MS)
        self.heard.clear()
        self.rest.set("Buttons", {"Torque": 1.5})

    def run(self, time: Ns) -> None:
        self.clock.run_until(self.clock.now() + time)

    def checks(self) -> list[Checked]:
        return [self.protector.check(h.frame.data) for h in self.heard if h.frame]

    def counters(self) -> list[int | None]:
        return [check.counter for check in self.checks()]

    def torques(self) -> list[float]:
        return [self.message.decode(h.frame.data)["Torque"] for h in self.heard if h.frame]


@pytest.fixture
def car(small: Database) -> Car:
    return Car(small)


def test_nothing_disturbed_is_nothing_wrong(car: Car) -> None:
    car.run(60 * MS)
    assert car.checks() == [(c, True) for c in (10, 11, 12, 13, 14, 0)]


def test_value(car: Car) -> None:
    car.rest.disturb("Buttons", d.value("Torque", -100).lasting(frames=2))
    car.run(40 * MS)
    assert car.torques() == [-100, -100, 1.5, 1.5]
    assert car.checks() == [(10, True), (11, True), (12, True), (13, True)]
    assert car.rest.value("Buttons", "Torque") == 1.5


def test_value_takes_labels(car: Car) -> None:
    car.rest.disturb("Buttons", d.value("Msg", "Pressed").lasting(frames=1))
    car.run(20 * MS)
    assert [car.message.decode(h.frame.data)["Msg"] for h in car.heard if h.frame] == [1, 3]


def test_offset(car: Car) -> None:
    car.rest.disturb("Buttons", d.offset("Torque", -2).lasting(frames=2))
    car.run(30 * MS)
    assert car.torques() == [-0.5, -0.5, 1.5]
    assert all(check.checksum_ok for check in car.checks())


def test_freeze_keeps_the_signals_and_lets_protection_run(car: Car) -> None:
    car.rest.disturb("Buttons", d.freeze().lasting(frames=2))
    car.rest.set("Buttons", {"Torque": 9})
    car.run(30 * MS)
    assert car.torques() == [1.5, 1.5, 9]
    assert car.checks() == [(10, True), (11, True), (12, True)]


def test_wrong_checksum(car: Car) -> None:
    car.rest.disturb("Buttons", d.wrong_checksum().lasting(frames=2))
    car.run(40 * MS)
    assert car.checks() == [(10, False), (11, False), (12, True), (13, True)]
    assert set(car.torques()) == {1.5}


def test_frozen_counter(car: Car) -> None:
    car.rest.disturb("Buttons", d.frozen_counter().lasting(frames=3))
    car.run(50 * MS)
    assert car.checks() == [(9, True), (9, True), (9, True), (10, True), (11, True)]


def test_repeated_counter(car: Car) -> None:
    car.rest.disturb("Buttons", d.repeated_counter().lasting(frames=4))
    car.run(60 * MS)
    assert car.counters() == [10, 10, 11, 11, 12, 13]


def test_counter_repeated_twice(car: Car) -> None:
    car.rest.disturb("Buttons", d.repeated_counter(2).lasting(frames=6))
    car.run(70 * MS)
    assert car.counters() == [10, 10, 10, 11, 11, 11, 12]


@pytest.mark.parametrize(("by", "counters"), [(1, [11, 12, 13]), (2, [12, 13, 14]), (5, [0, 1, 2])])
def test_skipped_counter(car: Car, by: int, counters: list[int]) -> None:
    car.rest.disturb("Buttons", d.skipped_counter(by).lasting(frames=1))
    car.run(30 * MS)
    assert car.counters() == counters
    assert all(check.checksum_ok for check in car.checks())


def test_one_more_or_one_less_is_meant_where_no_number_is_given() -> None:
    assert (d.repeated_counter().amount, d.skipped_counter().amount) == (1, 1)


def test_drop_loses_frames_and_the_counter_goes_on(car: Car) -> None:
    car.rest.disturb("Buttons", d.drop().lasting(frames=3))
    car.run(50 * MS)
    assert car.counters() == [13, 14]


def test_silence_stops_the_counter_too(car: Car) -> None:
    car.rest.disturb("Buttons", d.silence().lasting(frames=3))
    car.run(50 * MS)
    assert car.counters() == [10, 11]


def test_delay_moves_the_frame_and_not_the_beat(car: Car) -> None:
    car.rest.disturb("Buttons", d.delay(4 * MS).lasting(frames=1))
    car.run(40 * MS)
    first, second, third, *_ = (h.t for h in car.heard)
    assert abs(third - second - 10 * MS) < 20 * US
    assert abs(second - first - 6 * MS) < 20 * US


@pytest.mark.parametrize("length", [0, 5, 7])
def test_wrong_dlc(car: Car, length: int) -> None:
    car.rest.disturb("Buttons", d.wrong_dlc(length).lasting(frames=1))
    car.run(20 * MS)
    assert [len(h.frame.data) for h in car.heard if h.frame] == [length, 8]


def test_a_disturbance_for_a_time(car: Car) -> None:
    car.rest.disturb("Buttons", d.wrong_checksum().lasting(time=25 * MS))
    car.run(50 * MS)
    assert [check.checksum_ok for check in car.checks()].count(False) in (2, 3)
    assert car.checks()[-1].checksum_ok


def test_a_disturbance_until_it_is_ended(car: Car) -> None:
    active = car.rest.disturb("Buttons", d.drop())
    car.run(1000 * MS)
    assert car.heard == []
    assert active.frames == 100
    active.end()
    active.end()
    car.run(20 * MS)
    assert len(car.heard) == 2


def test_two_disturbances_at_once(car: Car) -> None:
    car.rest.disturb("Buttons", d.frozen_counter().lasting(frames=2))
    car.rest.disturb("Buttons", d.value("Torque", 5).lasting(frames=1))
    car.run(30 * MS)
    assert car.torques() == [5, 1.5, 1.5]
    assert car.counters() == [9, 9, 10]


@pytest.mark.parametrize(("message", "disturbance", "words"), [
    ("Buttons", d.value("Nothing", 1), "no signal 'Nothing'"),
    ("Door", d.wrong_checksum(), "no checksum"),
    ("Door", d.frozen_counter(), "no counter"),
    ("Door", d.skipped_counter(3), "no counter"),
])
def test_what_a_message_does_not_have_cannot_be_made_wrong(
        car: Car, message: str, disturbance: Disturbance, words: str) -> None:
    with pytest.raises(HarnessError, match=words):
        car.rest.disturb(message, disturbance)


def test_a_value_out_of_range_is_told_at_once(car: Car) -> None:
    with pytest.raises(ValueError, match="Torque"):
        car.rest.disturb("Buttons", d.value("Torque", 999))
