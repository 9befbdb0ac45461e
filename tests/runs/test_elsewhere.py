"""Another repository: its own car, rig and scenarios, the harness only installed beside it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEEL_ID, OWN_WHEEL_ID = 416, 421

SCENARIOS = '''
"""A press on our own car"""

from harness.scenario import MS, repeats, verifies


@verifies("BTN-01")
def test_press(logged_in, driver, head_unit, judge):
    """A press wakes messaging."""
    press = driver.press("messaging", hold=150 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))
    judge("BTN-01", head_unit.screen.shows("listening", after=press))


@verifies("BTN-02")
def test_long_press(logged_in, driver, car, head_unit, judge):
    """The long press is our car's, not the default."""
    press = driver.long_press("messaging", hold=car.just_outside("BTN-02.long_press", of="wheel.messaging"))

    judge("BTN-02", head_unit.app.reaches("idle", after=press).measuring("long_press"))


@verifies("OUT-01")
def test_leaving(logged_in, car, head_unit, judge):
    """Who leaves is logged out."""
    left = car.happens("driver_leaves")

    judge("OUT-01", head_unit.session.reaches("logged_out", after=left))
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its car: another wheel message, another idle, another long press."""
    root = tmp_path_factory.mktemp("elsewhere") / "hatchback-tests"
    car = root / "dbc" / "hatch"
    shutil.copytree(ROOT / "dbc" / "gs4", car)
    body = (car / "body.dbc").read_text(encoding="utf-8")
    assert re.search(rf"BO_ {WHEEL_ID}\b", body)
    assert not re.search(rf"BO_ {OWN_WHEEL_ID}\b", body)
    (car / "body.dbc").write_text(re.sub(rf"\b{WHEEL_ID}\b", str(OWN_WHEEL_ID), body), encoding="utf-8")
    text = (car / "vehicle.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^name: .*$", "name: Our own hatchback", text)
    text = text.replace("  long_press: 800 ms", "  long_press: 1200 ms")
    text = text.replace("BTN-02.long_press: {value: 800 ms, ", "BTN-02.long_press: {value: 1200 ms, ")
    assert text.count("1200 ms") == 2
    (car / "vehicle.yaml").write_text(text, encoding="utf-8")
    (root / "rigs").mkdir()
    rig = (ROOT / "rigs" / "virtual.yaml").read_text(encoding="utf-8").replace("vehicle: gs4", "vehicle: hatch")
    (root / "rigs" / "own.yaml").write_text(rig, encoding="utf-8")
    (root / "scenarios").mkdir()
    (root / "scenarios" / "test_hatch.py").write_text(SCENARIOS, encoding="utf-8")
    (root / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\nhil_rig = own\n")
    return root


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_it_runs_on_its_own_car(project: Path, scenarios, tmp_path: Path, workers: tuple[str, ...]) -> None:
    from harness.evidence.finish import finish

    run = type(scenarios)(project)(tmp_path / "out", "scenarios", *workers)

    assert run.code == 0, run.output
    assert {c.id: c.verdict for c in run.cases} == {
        f"scenarios/test_hatch.py::{name}[hatch]": "PASS" for name in ("test_press", "test_long_press", "test_leaving")
    }
    finish(tmp_path / "out", allure=False)
    data = json.loads((tmp_path / "out" / "run.json").read_text())
    assert {case["vehicle"] for case in data["cases"]} == {"hatch"}
    (hold,) = (
        m for c in data["cases"] for m in c["measurements"] if c["id"].startswith("scenarios/test_hatch.py::test_long")
    )
    assert hold["value"] == pytest.approx(1.2, abs=0.05)
    trace = next((tmp_path / "out" / "cases").glob("*test_press*")) / "body.log"
    assert f"{OWN_WHEEL_ID:03X}#" in trace.read_text()
    assert f" {WHEEL_ID:03X}#" not in trace.read_text()


def test_the_cars_that_came_along_can_be_used_too(project: Path, scenarios, tmp_path: Path) -> None:
    run = type(scenarios)(project)(tmp_path / "out", "scenarios", "-k", "test_press", "--vehicle", "hatch,gs4")

    assert run.code == 0, run.output
    assert [c.id for c in run.cases] == [f"scenarios/test_hatch.py::test_press[{car}]" for car in ("gs4", "hatch")]
