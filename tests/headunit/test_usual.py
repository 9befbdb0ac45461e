"""What a unit is built to where its car does not say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.foundation.units import S
from harness.headunit.nominal import FIGURES
from harness.headunit.usual import USUAL
from harness.vehicle.load import load_vehicle

CARS = sorted(place.parent for place in (Path(__file__).parents[2] / "dbc").glob("*/vehicle.yaml"))


@pytest.mark.parametrize("place", CARS, ids=lambda place: place.name)
def test_no_car_of_ours_is_built_with_a_usual_figure(place):
    """So mutants of these figures would tell nothing: the campaign spares their file."""
    assert USUAL.keys() <= load_vehicle(place).unit.keys()
    assert not USUAL.keys() & FIGURES.keys()


def test_a_car_that_says_no_figure_lives_through_a_day(gs4, car_type):
    car = car_type(replace(gs4, unit={}))
    car.log_in()

    car.press()
    car.run(1 * S)
    car.say(2.0)
    car.until(lambda: len(car.contact.inbox()) == 0 and car.state("voice") == "sending", 8 * S)
    car.until(lambda: car.state("outbox") == "idle" and car.unit.flash.sent == 1, 8 * S)
    car.contact.send_voice("li.wei", car.say(1.0), 48_000)
    car.until(lambda: car.state("voice") == "prompt", 8 * S)
    car.press()
    car.until(lambda: car.unit.states["voice"] == "playing" and car.unit.mouth.sounding, 2 * S)
    car.until(lambda: car.state("voice") == "idle", 8 * S)

    car.leave()
    car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S)
    car.set("network.vehicle_awake", "asleep")
    car.silent.add("all")
    car.until(lambda: car.state("power") == "sleep", 60 * S)
