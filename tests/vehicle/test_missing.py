"""What a car lacks without being wrong is told with what it costs; what a file that is not filled in would offer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from harness.foundation.errors import HarnessError, NotOffered
from harness.judging.requirements import load_requirements
from harness.vehicle.check import check
from harness.vehicle.load import load_vehicle
from harness.vehicle.missing import EVENTS, SCREENS, SOUNDS, Offered, missing
from harness.vehicle.propose_recipes import RECIPES
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]


def lacks(folder: Path) -> dict[str, str]:
    return {lack.what: lack.cost for lack in missing(load_vehicle(folder))}


def test_of_a_complete_car_nothing_is_missing(gs4: Vehicle) -> None:
    assert missing(gs4) == []


def test_a_message_that_looks_protected_and_is_not(folder: Path) -> None:
    path = folder / "vehicle.yaml"
    text = path.read_text()
    path.write_text(re.sub(r"protection:\n.*\n", "", text))
    assert "protection of only/Wheel" in lacks(folder)
    assert "Cnt, Crc" in lacks(folder)["protection of only/Wheel"]
    path.write_text(text)
    assert "protection of only/Wheel" not in lacks(folder)


def test_recipes_and_invalid_states(folder: Path) -> None:
    found = lacks(folder)
    assert {"event driver_returns", "event drive_off", "state invalid of gear"} <= set(found)
    assert "event driver_leaves" not in found
    assert "state invalid of seat.driver" not in found


def test_pictures_and_sounds_count_only_where_somebody_looks(folder: Path) -> None:
    assert not any(what.startswith(("picture", "sound")) for what in lacks(folder))
    (folder / "chime.flac").touch()
    (folder / "home.png").touch()
    path = folder / "vehicle.yaml"
    text = path.read_text().replace("witnesses: [console]", "witnesses: [console, screen, speaker]")
    path.write_text(text + "sounds: {chime: chime.flac}\nscreens: {home: home.png}\n")
    (pictures,) = [what for what in lacks(folder) if what.startswith("picture")]
    assert "listening" in pictures
    assert "home" not in pictures
    assert "sound end_tone, prompt, error" in lacks(folder)


def test_a_unit_that_says_nothing_on_the_bus_needs_room_for_its_screen(gs4: Vehicle) -> None:
    name = "room for the screen in BTN-02.long_press"
    silent = replace(gs4, roles={r: role for r, role in gs4.roles.items() if r != "head_unit.app"})
    assert name in [lack.what for lack in missing(silent)]
    wide = replace(gs4.limits["BTN-02.long_press"], high=0.95)
    roomy = replace(silent, limits={**gs4.limits, "BTN-02.long_press": wide})
    assert name not in [lack.what for lack in missing(roomy)]


def test_what_scenarios_look_and_listen_for_is_in_the_tables() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "scenarios").rglob("test_*.py"))
    shown = {name for names in re.findall(r"screen\.(?:shows|stays_free_of)\(([^)]*)", text) for name in re.findall(r'"(\w+)"', names)}  # fmt: skip  # noqa: E501
    played = set(re.findall(r'speaker\.plays(?:_no)?\("(\w+)"', text))
    assert shown <= {*SCREENS, "navigation"}  # that one is a need of its requirement
    assert played <= {*SOUNDS, "ring"}  # a unit without a ring uses its prompt
    assert set(EVENTS) <= set(RECIPES)


class TestOffered:
    def test_a_file_with_marks_offers_what_it_will(self, folder: Path) -> None:
        car = load_vehicle(folder)
        path = folder / "vehicle.yaml"
        path.write_text(re.sub(r"seat\.driver: \{[^}]*\}\}", 'seat.driver: "TODO which"', path.read_text()))
        report = check(folder)
        assert report.vehicle is None
        assert [e.value for e in report.open] == ["roles.seat.driver"]
        assert report.offered is not None
        needs = {
            need
            for r in load_requirements(ROOT / "scenarios" / "requirements").requirements.values()
            for need in r.needs
        }
        assert {need for need in needs if report.offered.has(need)} == {need for need in needs if car.has(need)}

    @pytest.mark.parametrize("name", ["gs4", "f5", "cs75plus", "gkui"])
    def test_it_agrees_with_the_car(self, name: str) -> None:
        from harness.foundation.config import load_yaml

        car = load_vehicle(ROOT / "dbc" / name)
        offered = Offered.by(load_yaml(car.folder / "vehicle.yaml").data)
        needs = {
            need
            for r in load_requirements(ROOT / "scenarios" / "requirements").requirements.values()
            for need in r.needs
        }
        assert {need: offered.has(need) for need in needs} == {need: car.has(need) for need in needs}


def test_an_event_that_happens_to_cars_and_not_to_this_one_is_not_offered(small: Vehicle) -> None:
    with pytest.raises(NotOffered, match="no event passenger_leaves"):
        small.event("passenger_leaves")
    with pytest.raises(HarnessError, match="Did you mean 'passenger_leaves'"):
        small.event("pasenger_leaves")
