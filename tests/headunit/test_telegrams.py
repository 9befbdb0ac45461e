"""The unit's own frames."""

from __future__ import annotations

from itertools import pairwise

from harness.can.protection import Protector
from harness.foundation.units import MS, S


def own(car, name):
    message = next(m for b in car.vehicle.buses.values() for m in b.database.messages.values() if m.name == name)
    return message, [h for h in car.frames["infotainment"] if h.frame and h.frame.key == message.key and not h.own]


def test_cycle_counter_and_checksum_hold_through_a_drive(car):
    car.log_in()
    car.press()
    car.run(400 * MS)
    car.say(1.0)
    car.run(8 * S)
    message, frames = own(car, "HU_Status")
    protector = Protector(message, car.vehicle.protection[("infotainment", "HU_Status")])
    last = None
    for heard in frames:
        checked = protector.check(heard.frame.data)
        assert checked.checksum_ok
        assert last is None or checked.counter == protector.next_counter(last)
        last = checked.counter
    _, display = own(car, "HU_Display")
    gaps = [b.t - a.t for a, b in pairwise(display)]
    assert all(abs(g - 200 * MS) < 5 * MS for g in gaps)


def test_a_change_is_sent_at_once_and_repeated(car):
    car.log_in()
    car.run(1 * S)
    began = car.press()
    car.run(300 * MS)
    _, frames = own(car, "HU_Status")
    app = car.vehicle.role("head_unit.app")
    first = next(n for n, h in enumerate(frames) if h.t > began and app.read(h.frame.data) == "listening")
    assert len([h for h in frames[first:] if h.t < frames[first].t + 70 * MS]) >= 3


def test_after_a_bus_off_it_comes_back_within_a_second(car):
    car.log_in()
    bus = car.buses["infotainment"]
    car.silent.add("all")
    bus.short(True)
    car.run(500 * MS)
    bus.short(False)
    car.silent.clear()
    ended = car.clock.now()
    car.until(lambda: own(car, "HU_Status")[1][-1].t > ended, 1 * S)
    car.run(1 * S)
    assert car.said("head_unit.session") == "active"
