"""Login by code, logout by leaving."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S
from harness.network.port import Link


def codes_on(car):
    import zxingcpp

    now = car.clock.now() - 1
    if now < 0:
        return []
    return [r.text for p in car.screen.frames(now, now)[-1:] for r in zxingcpp.read_barcodes(p.pixels)]


def test_a_code_that_a_phone_reads_comes_after_a_cold_start(car):
    car.power()
    car.ignition(True)
    car.until(lambda: bool(codes_on(car)), 10 * S, 100 * MS)
    assert car.phone.scan(codes_on(car)[0]).outcome == "accepted"


def test_confirming_logs_in_within_a_second_or_so(car):
    car.start()
    car.phone.scan(car.unit.ram.code)
    car.until(lambda: car.said("head_unit.session") == "confirming", 1 * S)
    car.phone.confirm()
    asked = car.clock.now()
    assert car.until(lambda: car.said("head_unit.session") == "active", 2 * S) - asked <= 1 * S
    car.run(300 * MS)
    assert car.said("head_unit.view") == "home"


def test_the_code_is_replaced_before_it_expires(car):
    car.start()
    first, at = car.unit.ram.code, car.clock.now()
    replaced = car.until(lambda: car.unit.ram.code != first, 310 * S, 200 * MS)
    assert 294 * S <= replaced - at <= 300 * S
    car.run(8 * S)
    assert car.phone.scan(first).outcome == "expired"
    assert car.phone.scan(car.unit.ram.code).outcome == "accepted"


def test_refusing_says_so_and_offers_another_code(car):
    car.start()
    first = car.unit.ram.code
    car.phone.scan(first)
    car.run(300 * MS)
    car.phone.refuse()
    car.until(lambda: car.unit.screens.shown == "refused", 1 * S)
    assert car.said("head_unit.session") == "logged_out"
    car.until(lambda: car.unit.ram.code not in ("", first), 8 * S)


def test_never_confirming_says_so(car):
    car.start()
    car.phone.scan(car.unit.ram.code)
    scanned = car.clock.now()
    at = car.until(lambda: car.unit.screens.shown == "expired", 70 * S)
    assert 58 * S <= at - scanned <= 62 * S
    assert car.said("head_unit.session") == "logged_out"


def test_without_network_a_notice_and_then_the_code_by_itself(car):
    car.network.link(Link(up=False))
    car.power()
    car.ignition(True)
    car.until(lambda: car.unit.screens.shown == "no_network", 10 * S)
    car.run(5 * S)
    car.network.link(Link())
    up = car.clock.now()
    assert car.until(lambda: car.said("head_unit.session") == "code_shown", 5 * S) - up < 5 * S


def test_driving_off_takes_the_code_away(car):
    car.start()
    car.set("gear", "D")
    car.set("speed", 12.0)
    car.run(500 * MS)
    assert not codes_on(car)
    assert car.state("session") == "away"


def test_a_confirmation_while_moving_is_given_back(car):
    car.start()
    car.phone.scan(car.unit.ram.code)
    car.run(200 * MS)
    car.set("gear", "D")
    car.set("speed", 12.0)
    car.run(300 * MS)
    car.phone.confirm()
    car.run(2 * S)
    assert car.said("head_unit.session") == "logged_out"
    assert [e.what for e in car.service.account("li.wei").sessions()] == ["opened", "closed"]


def test_leaving_logs_out_and_tells_the_service(car):
    car.log_in()
    car.leave()
    left = car.clock.now()
    assert car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S) - left <= 5 * S
    car.run(200 * MS)
    assert car.unit.screens.shown == "logged_out"
    assert [e.what for e in car.service.account("li.wei").sessions()] == ["opened", "closed"]


@pytest.mark.parametrize(
    ("role", "state"),
    [("engine", "auto_stop"), ("seat.passenger", "empty"), ("door.driver", "open"), ("seat.driver", "invalid")],
)
def test_only_leaving_logs_out(car, role, state):
    car.log_in()
    car.set(role, state)
    car.run(60 * S)
    assert car.said("head_unit.session") == "active"


def test_ignition_off_but_seated_keeps_the_session(car):
    car.log_in()
    car.ignition(False)
    car.run(60 * S)
    assert car.said("head_unit.session") == "active"


@pytest.mark.parametrize(("away", "kept"), [(1500, True), (1900, True), (4000, False)])
def test_a_flicker_keeps_the_session_and_an_absence_does_not(car, away, kept):
    car.log_in()
    car.leave()
    car.run(away * MS)
    car.set("seat.driver", "occupied")
    car.run(3 * S)
    assert (car.unit.flash.session is not None) is kept


def test_locking_from_outside_logs_out_without_a_presence_signal(car):
    car.log_in()
    car.set("seat.driver", "invalid")
    car.run(1 * S)
    car.set("lock", "locked_outside")
    car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S)


def test_after_logout_nothing_of_the_user_is_left(car):
    car.log_in()
    car.contact.send_text("li.wei", "a secret text")
    car.run(1 * S)
    car.leave()
    car.until(lambda: car.said("head_unit.session") == "logged_out", 6 * S)
    unit = car.unit
    assert unit.flash.session is None
    assert unit.ram.user.contacts == unit.ram.user.messages == unit.flash.outbox == []
    printed = car.printed.decode()
    for word in ("Li Wei", "li.wei", "Wang", "wang.fang", "secret", "https"):
        assert word not in printed


def test_the_next_driver_gets_a_fresh_code(car):
    car.start()
    first = car.unit.ram.code
    car.scan_and_confirm()
    car.leave()
    car.run(8 * S)
    car.set("seat.driver", "occupied")
    car.set("belt.driver", "fastened")
    car.ignition(True)
    car.until(lambda: car.state("session") == "code_shown", 10 * S)
    assert car.unit.ram.code != first
    assert not car.unit.ram.user.contacts


def test_login_elsewhere_ends_this_session(car):
    car.log_in()
    car.service.call("register_unit", "ANOTHER", "k")
    code = car.service.call("new_code", "ANOTHER")
    car.phone.scan(code)
    car.phone.confirm()
    car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S)


def test_leaving_without_network_clears_at_once_and_revokes_later(car):
    car.log_in()
    car.network.link(Link(up=False))
    car.leave()
    car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S)
    assert car.unit.flash.session is None
    assert [e.what for e in car.service.account("li.wei").sessions()] == ["opened"]
    car.network.link(Link())
    car.run(10 * S)
    assert [e.what for e in car.service.account("li.wei").sessions()] == ["opened", "closed"]


def test_leaving_ends_a_recording_unsent(car):
    car.log_in()
    car.press()
    car.run(400 * MS)
    car.say(20.0)
    car.set("engine", "running")
    car.run(1 * S)
    for role, state in (("belt.driver", "open"), ("seat.driver", "empty"), ("key", "out")):
        car.set(role, state)
    car.run(30 * S)
    assert car.state("session") in ("away", "code_shown", "fetching")
    assert not car.contact.inbox()
