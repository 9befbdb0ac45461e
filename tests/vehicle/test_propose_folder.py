"""A proposed car: a folder that reads well, that no run takes before it is filled in, and that a check explains."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml

from harness.can.candump import to_line
from harness.can.database import load_dbc
from harness.can.memory import MemoryBus
from harness.can.restbus import RestBus
from harness.foundation.clock import VirtualClock
from harness.foundation.config import load_yaml
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS, S
from harness.vehicle.check import check
from harness.vehicle.load import load_vehicle
from harness.vehicle.propose_folder import propose_vehicle, write
from harness.vehicle.propose_recipes import RECIPES
from harness.vehicle.propose_write import vehicle_yaml
from harness.vehicle.todo import PROBLEM, is_open, open_points

ROOT = Path(__file__).parents[2]
GS4 = ROOT / "dbc" / "gs4"
FOREIGN = Path(__file__).parent / "data" / "opendbc"
CANTOOLS = ROOT / "tests" / "can" / "data" / "cantools"
TWO = [FOREIGN / "tesla_model3_vehicle.dbc", FOREIGN / "tesla_model3_party.dbc"]


def good(path: Path) -> bool:
    try:
        return bool(load_dbc(path))
    except (BadInput, SeveralBadInputs):
        return False


FILES = sorted([*FOREIGN.glob("*.dbc"), *CANTOOLS.glob("*.dbc")])


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dbc") / "foreign"
    write(propose_vehicle(TWO, "foreign"), folder)
    return folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_of_every_foreign_database_a_file_is_made_in_which_only_marks_are_left(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "car"
    if not good(path):
        with pytest.raises((BadInput, SeveralBadInputs), match=re.escape(str(path))):
            propose_vehicle([path], "car")
        return
    write(propose_vehicle([path], "car"), folder)
    report = check(folder)
    assert report.vehicle is None
    assert report.open == report.findings
    assert report.open  # no foreign database says which sound and which picture
    assert {e.problem for e in report.open} == {PROBLEM}
    rows = (folder / "vehicle.yaml").read_text(encoding="utf-8").splitlines()
    assert all("TODO" in rows[(e.line or 0) - 1] and e.remedy for e in report.open)


class TestTheFile:
    def test_it_holds_the_databases_as_they_were(self, proposed: Path) -> None:
        assert (proposed / "vehicle.dbc").read_bytes() == TWO[0].read_bytes()
        assert (proposed / "party.dbc").read_bytes() == TWO[1].read_bytes()

    def test_a_run_refuses_it_and_names_every_mark(self, proposed: Path) -> None:
        text = (proposed / "vehicle.yaml").read_text(encoding="utf-8")
        with pytest.raises(SeveralBadInputs) as why:
            load_vehicle(proposed)
        assert len(why.value.errors) == len(re.findall(r'"TODO ', text)) - 1  # the head explains the mark
        assert "roles.wheel.messaging" in [e.value for e in why.value.errors]

    def test_every_role_is_there_or_spoken_of(self, proposed: Path) -> None:
        from harness.vehicle.roles import ROLES

        text = (proposed / "vehicle.yaml").read_text(encoding="utf-8")
        assert [role for role in ROLES if not re.search(rf"^  (# )?{re.escape(role)}:", text, re.MULTILINE)] == []

    def test_reasons_and_confidence_stand_above_the_role(self, proposed: Path) -> None:
        rows = (proposed / "vehicle.yaml").read_text(encoding="utf-8").splitlines()
        at = next(i for i, row in enumerate(rows) if row.startswith("  seat.driver:"))
        assert re.match(r"  # 0\.\d\d: .*its name has 'occupancy'", rows[at - 1])

    def test_candidates_that_are_not_sure_are_named(self, proposed: Path) -> None:
        text = (proposed / "vehicle.yaml").read_text(encoding="utf-8")
        assert re.search(r"#   perhaps 0\.4\d: vehicle/VCLEFT_switchStatus\.VCLEFT_swcRightPressed", text)

    def test_a_folder_that_is_there_is_left_alone(self, proposed: Path) -> None:
        before = {p.name: p.read_bytes() for p in proposed.iterdir()}
        with pytest.raises(BadInput, match="is there already"):
            write(propose_vehicle(TWO, "foreign"), proposed)
        assert {p.name: p.read_bytes() for p in proposed.iterdir()} == before

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(BadInput, match="cannot be made"):
            write(propose_vehicle(TWO[:1], "car"), tmp_path / "file" / "car")

    def test_a_database_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "none.dbc"):
            with pytest.raises(BadInput, match="cannot be read"):
                propose_vehicle([path], "x")

    def test_a_database_that_cannot_be_used_is_told_with_its_line(self) -> None:
        with pytest.raises(BadInput) as why:
            propose_vehicle([FOREIGN / "rivian_primary_actuator.dbc"], "x")
        assert why.value.line


class TestLike:
    def test_what_no_database_knows_is_taken_over_with_its_files(self, tmp_path: Path) -> None:
        write(propose_vehicle(TWO, "car", like=GS4), tmp_path / "car", like=GS4)
        ours, theirs = (yaml.safe_load((p / "vehicle.yaml").read_text()) for p in (tmp_path / "car", GS4))
        for key in ("gestures", "phone_call", "unit", "sounds", "screens", "profiles"):
            assert ours[key] == theirs[key]
        assert set(theirs["witnesses"]) - set(ours["witnesses"]) == {"diagnostics"}  # its addresses are another car's
        (limit,) = ours["limits"].values()  # the other car says on the bus what this one only shows on its screen
        assert limit["value"] == "860 ms"
        assert {p.name for p in (tmp_path / "car" / "screens").iterdir()} == {
            p.name for p in (GS4 / "screens").iterdir()
        }

    def test_of_its_own_databases_a_car_comes_back_but_for_what_they_do_not_say(self, tmp_path: Path) -> None:
        paths = [bus.path for bus in load_vehicle(GS4).buses.values()]
        write(propose_vehicle(paths, "again", like=GS4), tmp_path / "again", like=GS4)
        file = tmp_path / "again" / "vehicle.yaml"
        marks = [e.value for e in open_points(load_yaml(file))]
        assert marks == ["protection.body/SWC_Buttons.profile", "protection.infotainment/HU_Status.profile"]
        text = re.sub(r'profile: "TODO[^"]*"', "profile: E2E-P01, data_id: 0x1A3", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
        again, first = load_vehicle(tmp_path / "again"), load_vehicle(GS4)
        assert {r: again.roles[r].place for r in first.roles} == {r: role.place for r, role in first.roles.items()}
        assert set(again.events) == set(first.events)


class TestWithoutASeat:
    """Where no seat says who sits on it the key does, and the number of an event is no counter of frames."""

    @pytest.fixture
    def text(self) -> str:
        car = ROOT / "dbc" / "gkui"
        return vehicle_yaml(propose_vehicle([bus.path for bus in load_vehicle(car).buses.values()], "car", like=car))

    def test_leaving_and_returning_are_the_keys(self, text: str) -> None:
        found = yaml.safe_load(text)
        assert {"key": "out", "mark": "left"} in found["events"]["driver_leaves"]
        assert {"key": "in_car", "mark": "sits"} in found["events"]["driver_returns"]
        assert [s for s in found["events"]["driver_leaves_and_returns_in_time"] if "key" in s] == [
            {"key": "out", "mark": "left"}, {"key": "in_car"},
        ]  # fmt: skip
        assert {"key": "out", "engine": "running"} in found["presence"]["left"]

    def test_an_events_number_is_no_counter(self, text: str) -> None:
        found = yaml.safe_load(text)
        assert found["roles"]["wheel.messaging"]["sequence"] == "SwSeq"
        assert "counter" not in found["protection"]["body/SWS_Event"]
        assert found["protection"]["infotainment/IHU_State"]["counter"] == "StCnt"


class TestLog:
    """A recording of the bus says how often, and how the checksum is made."""

    def test_cycles_and_protections_are_measured(self, tmp_path: Path) -> None:
        car = load_vehicle(GS4)
        body = car.buses["body"]
        clock = VirtualClock()
        bus = MemoryBus(clock, body.bitrate)
        protections = {m: p for (b, m), p in car.protection.items() if b == "body"}
        rest = RestBus(clock, bus.node("rig"), body.database, nodes_excluded=set(), protections=protections,
                       random=random.Random(3))  # fmt: skip
        log: list[str] = []
        bus.node("log").listen(lambda heard: log.append(to_line(heard, "can0")))
        rest.start()
        for state in ("Pressed", "Released", "Pressed"):
            rest.set("SWC_Buttons", {"SWC_Msg": state})
            clock.run_until(clock.now() + S)
        (tmp_path / "trace.log").write_text("".join(log))
        found = propose_vehicle([body.path], "car", logs=[tmp_path / "trace.log"])
        wheel = body.database.by_name("SWC_Buttons")
        assert found.cycles["body/SWC_Buttons"] == wheel.cycle == 20 * MS
        guard = found.guarded["body/SWC_Buttons"]
        assert guard.profile == "E2E-P01"
        assert guard.data_id is not None
        assert "explains every frame" in guard.reason

    def test_a_log_of_another_car_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "other.log").write_text("(0.000000000) can0 7F7#00 R\n")
        with pytest.raises(BadInput, match="none of its messages"):
            propose_vehicle([GS4 / "body.dbc"], "car", logs=[tmp_path / "other.log"])

    def test_a_checksum_of_another_kind_is_not_explained(self, tmp_path: Path) -> None:
        lines = [f"({n / 100:.9f}) can0 1A0#{(n * 37 + 11) % 251:02X}{n % 15:02X}000000000000 R\n" for n in range(40)]
        (tmp_path / "noise.log").write_text("".join(lines))
        found = propose_vehicle([GS4 / "body.dbc"], "car", logs=[tmp_path / "noise.log"])
        assert found.guarded["body/SWC_Buttons"].profile is None


def test_every_event_of_the_cars_is_a_known_one() -> None:
    """A car without one of them is not applicable; a name that nobody knows is a mistake of the scenario."""
    for folder in (ROOT / "dbc").glob("*/vehicle.yaml"):
        assert set(load_vehicle(folder.parent).events) <= set(RECIPES)


def test_a_mark_is_the_word_alone_or_before_a_space() -> None:
    assert is_open("TODO")
    assert is_open("TODO the name")
    assert not is_open("TODOS")
    assert not is_open(3)
