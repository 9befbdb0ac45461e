"""Cars differ where real ones do, and offer every recipe that scenarios use."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.audio.tones import find
from harness.headunit.render import Style, View, picture
from harness.judging.sounds import read_sound
from harness.judging.views import FOUND, score
from harness.supply.port import Point
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

DBC = Path(__file__).parents[2] / "dbc"
CLEAR = FOUND - 0.06
"""What another icon may reach: clear of what counts as found."""


@pytest.fixture(scope="module", params=["cs75plus", "f5"])
def car(request: pytest.FixtureRequest) -> Vehicle:
    return load_vehicle(DBC / str(request.param))


def test_every_recipe_is_there(car: Vehicle, gs4: Vehicle) -> None:
    assert set(gs4.events) <= set(car.events)
    assert set(gs4.profiles) == set(car.profiles)
    assert set(gs4.gestures) == set(car.gestures)
    assert set(gs4.modes) == set(car.modes)


def test_diagnostics_have_the_same_names_and_other_numbers(car: Vehicle, gs4: Vehicle) -> None:
    ours, theirs = car.diagnostics, gs4.diagnostics
    assert set(ours.dids) == set(theirs.dids)
    assert set(ours.dtcs) == set(theirs.dtcs)
    assert not set(ours.dtcs.values()) & set(theirs.dtcs.values())
    assert (ours.request, ours.response, ours.padding) != (theirs.request, theirs.response, theirs.padding)


def test_the_unit_is_built_to_other_figures(car: Vehicle, gs4: Vehicle) -> None:
    both = gs4.unit.keys() & car.unit.keys()
    differing = {name for name in both if car.unit[name] != gs4.unit[name]}
    assert len(differing) > 0.6 * len(gs4.unit)
    assert {"long_press", "double_press_gap", "debounce_frames", "chime_latency", "confirm_leave"} <= differing


def test_no_id_is_another_cars(car: Vehicle, gs4: Vehicle) -> None:
    def named(vehicle: Vehicle) -> set[str]:
        return {message.name for bus in vehicle.buses.values() for message in bus.database.messages.values()}

    assert car.role("wheel.messaging").message.key != gs4.role("wheel.messaging").message.key
    assert len(named(car) & named(gs4)) < 15  # what every car has: doors, lock, some network management


def test_cranking_stays_in_what_a_starter_does(car: Vehicle) -> None:
    points: tuple[Point, ...] = car.profiles["cranking"]
    assert min(p.volts for p in points) > float(car.unit["voltage_off"])


def test_icons_are_told_apart_and_not_taken_for_another_cars(car: Vehicle, gs4: Vehicle) -> None:
    style = Style(0, "zh", tuple(sorted(car.screens.items())))
    assert set(car.screens) == set(gs4.screens)
    for name in car.screens:
        if name == "keyboard":
            continue
        pixels = picture(View(name), style)
        assert score(car.screens[name], pixels) > 0.9, name
        for other in car.screens:
            if other != name:
                assert score(car.screens[other], pixels) < CLEAR, (name, other)
        assert score(gs4.screens[name], pixels) < CLEAR, name


def test_sounds_are_not_taken_for_each_other_or_for_another_cars(car: Vehicle, gs4: Vehicle) -> None:
    assert set(car.sounds) == set(gs4.sounds)
    for name, path in car.sounds.items():
        ours = read_sound(path)
        own = find(ours, ours, 48_000)
        assert own is not None
        for other in {*car.sounds.values(), *gs4.sounds.values()} - {path}:
            template = read_sound(other)
            assert len(template) > len(ours) or find(ours, template, 48_000) is None, (name, other)
