"""A stranger adds a car that nobody here described, as docs/add-a-vehicle.md says it: new, fill in, check, run."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.can.protection import Protector
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ROOT / "tests" / "vehicle" / "data" / "opendbc"
DATABASES = [str(FOREIGN / f"tesla_model3_{bus}.dbc") for bus in ("vehicle", "party")]

BUTTON = (
    "wheel.messaging: {kind: button.level, signal: vehicle/VCLEFT_switchStatus.VCLEFT_swcRightPressed, "
    "values: {pressed: SWITCH_ON, released: SWITCH_OFF, invalid: SWITCH_SNA}}"
)
FILLED_IN = [
    # (what stands there, what the stranger writes); the figures are this test's, not the maker's
    (r'head_unit_nodes: \["TODO [^\n]*', "head_unit_nodes: []"),
    (r'wheel\.messaging: "TODO [^\n]*', BUTTON),
    (r'(vehicle/VCLEFT_switchStatus: )"TODO [^"]*"', r"\g<1>20 ms"),
    (r'(  \w+/\w+: )"TODO its cycle time[^"]*"', r"\g<1>100 ms"),
    (r'(party/DI_systemStatus: \{profile: )"TODO [^"]*"', r"\g<1>SUM, data_id: 0x118"),
    (r'(party/DAS_control: \{profile: )"TODO [^"]*"', r"\g<1>SUM, data_id: 0x2B9"),
    (r'(party/ESP_B: \{profile: )"TODO [^"]*"', r"\g<1>SUM, data_id: 0x155"),
    (r'(party/VCFRONT_LVPowerState: \{profile: )"TODO [^"]*"', r"\g<1>SUM, data_id: 0x221"),
]


def fill_in(folder: Path) -> None:
    path = folder / "vehicle.yaml"
    text = path.read_text(encoding="utf-8")
    for pattern, written in FILLED_IN:
        text, changed = re.subn(pattern, written, text)
        assert changed, pattern
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def car(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as the stranger leaves it."""
    from harness.vehicle.propose_folder import propose_vehicle, write

    folder = tmp_path_factory.mktemp("dbc") / "foreign"
    like = ROOT / "dbc" / "gs4"
    write(propose_vehicle([Path(p) for p in DATABASES], "foreign", like=like), folder, like=like)
    fill_in(folder)
    return folder


def test_new_tells_what_it_proposes_and_check_what_is_left(project: Any) -> None:
    project.scenario()
    made = project.hil("vehicle", "new", *DATABASES, "--out", "dbc/foreign", "--like", "gs4")
    assert made.returncode == 0, made.stderr
    assert re.search(r"^seat\.driver +0\.9\d  vehicle/VCLEFT_switchStatus\.\w+: occupied, empty", made.stdout, re.M)
    assert re.search(r"its name has 'occupancy'", made.stdout)
    assert "13 places of it are to be filled in" in made.stdout

    unfinished = project.hil("vehicle", "check", "foreign")
    assert unfinished.returncode == 1
    assert "to fill in: 13" in unfinished.stdout
    assert re.search(r"vehicle\.yaml:\d+: roles\.wheel\.messaging: not filled in yet\. The button", unfinished.stdout)
    assert re.search(r"^  OUT-04: it needs lock$", unfinished.stdout, re.M)
    assert unfinished.stdout.endswith("foreign: not yet\n")

    refused = project.hil("run", "--vehicle", "foreign")
    assert refused.returncode == 2
    assert "not filled in yet" in refused.stderr
    assert "Traceback" not in refused.stderr

    again = project.hil("vehicle", "new", *DATABASES, "--out", "dbc/foreign")
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_both_speak_json(project: Any) -> None:
    made = project.hil("vehicle", "new", *DATABASES, "--out", "dbc/foreign", "--like", "gs4", "--json")
    found = json.loads(made.stdout)
    best = found["roles"]["gear"]["candidates"][0]
    assert best["place"] in ("party/DI_systemStatus.DI_gear", "vehicle/DI_systemStatus.DI_gear")
    assert 0.9 < best["confidence"] < 1
    assert best["states"]["P"] == "DI_GEAR_P"
    assert not found["roles"]["wheel.messaging"]["written"]
    check = project.hil("vehicle", "check", "foreign", "--json")
    assert check.returncode == 1
    told = json.loads(check.stdout)
    assert [e["line"] for e in told["to_fill_in"]] == [e["line"] for e in found["left"]]
    assert told["not_applicable"]["OUT-04"] == "lock"
    assert not told["good"]


def test_a_broken_database_is_told_with_its_line_and_nothing_is_written(project: Any) -> None:
    made = project.hil("vehicle", "new", str(FOREIGN / "gm_global_a_lowspeed.dbc"), "--out", "dbc/foreign")
    assert made.returncode == 2
    assert re.search(
        r"gm_global_a_lowspeed\.dbc:\d+: BO_ \d+ DriverDoorStatus: the id has more than 11 bits", made.stderr
    )
    assert "Traceback" not in made.stderr
    assert not (project.root / "dbc").exists()


def test_the_filled_in_car_is_good_and_told_what_it_costs(project: Any, car: Path) -> None:
    shutil.copytree(car, project.root / "dbc" / "foreign")
    done = project.hil("vehicle", "check", "foreign")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("foreign: good\n")
    assert "state invalid of ignition" in done.stdout
    assert re.search(r'^assumed: \d+ lines are marked "# \?"', done.stdout, re.M)
    assert re.search(r"^NOT APPLICABLE: \d+ of \d+ requirements$", done.stdout, re.M)


class TestGoldenFrames:
    """Worked out by hand from the databases, so that codec and protection cannot be wrong in the same way."""

    def test_a_pressed_button_on_its_page(self, car: Path) -> None:
        # index 0|2 = 1 -> 01; swcRightPressed 12|2, page 1, SWITCH_ON = 2 -> bits 4..5 of byte 1 -> 20
        role = load_vehicle(car).role("wheel.messaging")
        data = role.message.encode({"VCLEFT_switchStatusIndex": 1, "VCLEFT_swcRightPressed": "SWITCH_ON"})
        assert data.hex() == "0120000000000000"
        assert role.read(data) == "pressed"

    def test_sixty_kilometres_an_hour_with_counter_and_checksum(self, car: Path) -> None:
        # 42|10, factor 0.5: 120 = 0001 111000 -> byte 5 E0, low nibble of byte 6 1; counter 3 above it -> 31
        # sum: 55 + 01 (the id) + E0 + 31 = 167 -> 67
        vehicle = load_vehicle(car)
        role = vehicle.role("speed")
        protector = Protector(role.message, vehicle.protection[("party", "ESP_B")])
        data = protector.apply(role.message.encode({"ESP_vehicleSpeed": 60}), 3)
        assert data.hex() == "0000000000e03167"
        assert role.read(data) == 60.0


def test_a_press_a_login_and_leaving_pass_on_it_and_a_slow_unit_is_red(project: Any, car: Path) -> None:
    shutil.copytree(car, project.root / "dbc" / "foreign")
    for path in ("buttons/test_press.py", "login/test_login.py", "logout/test_leaving.py"):
        (project.root / "scenarios" / Path(path).parent).mkdir()
        (project.root / "scenarios" / path).symlink_to(ROOT / "scenarios" / path)
    core = "test_press_wakes or scan_and_confirm or test_leaving_logs_out or passenger_leaves"
    done = project.hil("run", "--vehicle", "foreign", "-k", core, "-n", "1", "--out", "right")
    assert done.returncode == 0, done.stdout + done.stderr
    cases = {c["id"].partition("::")[2].partition("[")[0]: c for c in project.run_json(project.root / "right")["cases"]}
    verdicts = {name: case["verdict"] for name, case in cases.items()}
    assert verdicts == {
        "test_press_wakes_messaging": "PASS",
        "test_scan_and_confirm_log_in": "PASS",
        "test_leaving_logs_out": "PASS",
        "test_only_leaving_logs_out": "NOT_APPLICABLE",
    }
    assert "has no event passenger_leaves" in cases["test_only_leaving_logs_out"]["reason"]

    seeded = ["--defect", "out-01-slow", "-k", "test_leaving_logs_out", "-n", "1", "--out", "wrong"]
    red = project.hil("run", "--vehicle", "foreign", *seeded)
    assert red.returncode == 1, red.stdout + red.stderr
    (case,) = project.run_json(project.root / "wrong")["cases"]
    assert case["verdict"] == "FAIL"
