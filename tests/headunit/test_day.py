"""One ordinary drive, from KL30 to logout."""

from __future__ import annotations

from harness.foundation.units import MS, S


def test_a_drive_from_start_to_logout(car):
    car.start()
    assert car.said("head_unit.session") == "code_shown"
    car.scan_and_confirm()
    assert car.said("head_unit.session") == "active"
    pressed = car.press()
    car.run(400 * MS)
    listening = next(t for t, s in car.history("head_unit.app") if s == "listening")
    assert 0 < listening - pressed < 250 * MS
    car.say()
    car.until(lambda: car.state("voice") == "sending", 6 * S)
    car.until(lambda: len(car.contact.inbox()) == 1, 3 * S)
    assert car.contact.inbox()[0].rate == 16_000
    car.leave()
    left = car.clock.now()
    assert car.until(lambda: car.said("head_unit.session") == "logged_out", 6 * S) - left < 5 * S
    assert [e.what for e in car.service.account("li.wei").sessions()][-1] == "closed"


def test_two_units_with_one_seed_do_the_same_to_the_byte(make):
    def day():
        car = make(seed=5)
        car.log_in()
        car.press()
        car.run(400 * MS)
        car.say(0.6)
        car.run(5 * S)
        car.leave()
        car.run(4 * S)
        return car.frames, bytes(car.printed), [p.stamp for p in car.screen.frames(0, car.clock.now())]

    assert day() == day()
