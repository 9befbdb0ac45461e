"""What a unit has missed while it slept, or while the ignition was off."""

from __future__ import annotations

from harness.foundation.units import S


def sleep(car):
    car.ignition(False)
    car.run(20 * S)
    car.silent.add("all")
    car.set("network.vehicle_awake", "asleep")
    car.until(lambda: car.state("power") == "sleep", 60 * S)
    car.run(10 * S)


def wake(car):
    car.silent.clear()
    car.set("network.vehicle_awake", "awake")
    car.ignition(True)
    car.until(lambda: car.state("power") == "run", 10 * S)


def test_a_login_elsewhere_while_the_unit_slept_ends_the_session(car):
    car.log_in()
    sleep(car)
    assert car.state("session") == "active"
    code = car.service.stage.code_of_another_car()
    car.phone.scan(code)
    car.phone.confirm()
    car.run(5 * S)
    wake(car)
    car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S)


def test_a_message_that_came_while_the_unit_slept_is_announced(car):
    car.log_in()
    sleep(car)
    car.contact.send_text("li.wei", "hello", "text")
    car.run(5 * S)
    wake(car)
    car.until(lambda: car.state("voice") == "prompt", 5 * S)


def test_a_message_that_came_with_the_ignition_off_is_announced_when_it_is_on(car):
    car.log_in()
    car.ignition(False)
    car.run(5 * S)
    car.contact.send_text("li.wei", "hello", "text")
    car.run(5 * S)
    assert car.state("voice") == "idle"
    car.ignition(True)
    car.until(lambda: car.state("voice") == "prompt", 5 * S)


def test_a_car_locked_while_the_unit_had_no_supply_logs_out_when_it_is_back(car):
    car.log_in()
    car.supply.output(False)
    car.run(1 * S)
    car.set("lock", "locked_outside")
    car.run(1 * S)
    car.supply.output(True)
    car.until(lambda: car.said("head_unit.session") == "logged_out", 10 * S)
    assert car.unit.flash.session is None


def test_a_session_stands_though_the_supply_went_before_the_login_was_finished(car):
    car.start()
    car.phone.scan(car.unit.ram.code)
    car.phone.confirm()
    car.until(lambda: car.state("session") == "opening", 5 * S)
    car.supply.output(False)
    car.run(1 * S)
    car.supply.output(True)
    car.until(lambda: car.state("session") == "active", 10 * S)
    car.run(2 * S)
    assert car.state("session") == "active"
