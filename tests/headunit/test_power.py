"""KL30, lines, network management, sleep."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S
from harness.supply.port import Point


def to_sleep(car):
    car.ignition(False)
    car.run(20 * S)
    car.set("network.vehicle_awake", "asleep")
    car.run(500 * MS)
    car.silent.add("all")
    car.run(6 * S)


def test_without_supply_it_is_dead_and_silent(car):
    car.ignition(True)
    car.run(5 * S)
    assert car.state("power") == "dead"
    assert car.said("head_unit.app") is None


def test_it_sleeps_when_the_bus_does_and_draws_little(car):
    car.log_in()
    to_sleep(car)
    assert car.state("power") == "sleep"
    assert car.supply.read().amperes <= 0.005


def test_it_stays_awake_as_long_as_the_bus_does_but_stops_voting(car):
    car.start()
    car.ignition(False)
    car.run(30 * S)
    assert car.state("power") == "standby"
    nm = car.vehicle.role("network.head_unit").message.id
    votes = [h.t for h in car.frames["infotainment"] if h.frame is not None and h.frame.id == nm]
    assert car.clock.now() - votes[-1] > 10 * S


def test_asleep_a_wheel_frame_wakes_nothing(car):
    car.log_in()
    to_sleep(car)
    count = len(car.frames["infotainment"])
    car.silent = {"NM_BCM"}
    car.set("wheel.messaging", "pressed")
    car.run(40 * MS)
    car.silent.add("all")
    car.run(2 * S)
    assert car.state("power") == "sleep"
    own = [h for h in car.frames["infotainment"][count:] if h.frame and h.frame.id in (0x210, 0x505)]
    assert not own


def test_network_management_wakes_without_asking_for_an_app(car):
    car.log_in()
    to_sleep(car)
    car.silent.clear()
    car.set("network.vehicle_awake", "awake")
    car.run(4 * S)
    assert car.state("power") == "post_run"
    assert car.said("head_unit.app") == "off"


def test_resuming_is_quicker_than_a_cold_start_and_keeps_the_session(car):
    car.log_in()
    to_sleep(car)
    car.silent.clear()
    car.set("network.vehicle_awake", "awake")
    car.ignition(True)
    asked = car.clock.now()
    at = car.until(lambda: car.said("head_unit.session") == "active" and car.state("power") == "run", 5 * S)
    assert at - asked <= 5 * S


def test_cranking_neither_restarts_nor_logs_out(car):
    car.log_in()
    starts = car.unit.flash.starts
    for _ in range(2):
        car.supply.profile(car.vehicle.profiles["cranking"])
        car.run(3 * S)
    car.supply.profile([Point(0, 12.6), Point(5 * MS, 6.05), Point(30 * MS, 6.05), Point(100 * MS, 12.6)])
    car.run(3 * S)
    assert car.unit.flash.starts == starts
    assert car.said("head_unit.session") == "active"
    assert not [name for name in car.unit.flash.dtcs if "communication" in name or name == "speed_lost"]


@pytest.mark.parametrize("volts", [8.0, 17.0])
def test_outside_the_range_it_recovers_with_a_dtc(car, volts):
    car.log_in()
    car.run(4 * S)
    car.supply.set_voltage(volts)
    car.run(2 * S)
    fault = "undervoltage" if volts < 12 else "overvoltage"
    assert car.unit.flash.dtcs[fault] & 1
    car.supply.set_voltage(12.6)
    car.run(2 * S)
    assert not car.unit.flash.dtcs[fault] & 1
    assert car.said("head_unit.session") == "active"


def test_losing_kl30_restores_the_same_session(car):
    car.log_in()
    car.supply.output(False)
    car.run(1 * S)
    assert car.state("power") == "dead"
    car.supply.output(True)
    car.until(lambda: car.state("session") == "active", 10 * S)
    assert car.unit.ram.user.contacts == ["Wang Fang", "Zhao Min"]


def test_a_session_revoked_while_the_unit_was_dead_ends_at_the_start(car):
    car.log_in()
    token = car.unit.flash.session.token
    car.supply.output(False)
    car.run(1 * S)
    car.service.call("close_session", token)
    car.supply.output(True)
    car.until(lambda: car.said("head_unit.session") == "logged_out" and car.state("power") == "run", 15 * S)
    assert car.unit.flash.session is None


@pytest.mark.parametrize("cut", range(0, 3600, 300))
def test_a_logout_interrupted_anywhere_ends_logged_out(make, cut):
    car = make()
    car.log_in()
    car.leave()
    car.run(cut * MS)
    marked = car.unit.flash.leaving or car.unit.flash.session is None
    car.supply.output(False)
    car.run(500 * MS)
    car.supply.output(True)
    car.set("seat.driver", "occupied")
    car.ignition(True)
    car.run(8 * S)
    assert (car.unit.flash.session is None) is marked
    if marked:
        assert [e.what for e in car.service.account("li.wei").sessions()][-1] == "closed"
