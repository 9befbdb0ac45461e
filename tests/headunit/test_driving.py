"""PARKED, IDLING, MOVING."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S


@pytest.mark.parametrize(
    ("gear", "brake", "speed", "wait", "state"),
    [
        ("P", "released", 0.0, 100, "PARKED"),
        ("D", "released", 0.0, 5000, "IDLING"),
        ("D", "pressed", 0.0, 1500, "IDLING"),
        ("D", "pressed", 0.0, 2300, "PARKED"),
        ("D", "released", 1.0, 100, "MOVING"),
        ("P", "released", "invalid", 100, "MOVING"),
    ],
)
def test_the_cars_rule_decides(car, gear, brake, speed, wait, state):
    car.start()
    car.set("gear", "D")
    car.set("speed", 20.0)
    car.run(200 * MS)
    assert car.state("driving") == "MOVING"
    car.set("gear", gear)
    car.set("brake", brake)
    car.set("speed", speed)
    car.run(wait * MS)
    assert car.state("driving") == state


def test_a_lost_speed_counts_as_moving(car):
    car.start()
    car.silent.add("ESP_Speed")
    car.run(300 * MS)
    assert car.state("driving") == "MOVING"
    car.run(5 * S)
    assert car.unit.flash.dtcs["speed_lost"] & 1
