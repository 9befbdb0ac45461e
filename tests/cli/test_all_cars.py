"""``hil run --vehicle all``: every car of the project, each with its own verdicts, side by side."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.foundation.places import vehicles

ROOT = Path(__file__).resolve().parents[2]

SCENARIO = '''
"""BTN: the steering-wheel button."""
from harness.scenario import MS, verifies


@verifies("BTN-01")
def test_press(driver, head_unit, logged_in, judge):
    """A press wakes messaging."""
    press = driver.press("messaging", hold=120 * MS)
    judge("BTN-01", head_unit.app.reaches("listening", after=press))

'''


def test_all_means_every_car_folder_of_the_project_sorted(tmp_path: Path) -> None:
    for name in ("beta", "alpha"):
        (tmp_path / "dbc" / name).mkdir(parents=True)
        (tmp_path / "dbc" / name / "vehicle.yaml").touch()
    (tmp_path / "dbc" / "half-made").mkdir()
    assert vehicles("all", tmp_path) == ("alpha", "beta")
    assert vehicles("beta, alpha,beta", tmp_path) == ("beta", "alpha")


def test_a_project_without_cars_has_those_of_the_harness(tmp_path: Path) -> None:
    assert "gs4" in vehicles("all", tmp_path)


def test_all_among_others_is_taken_for_a_name(tmp_path: Path) -> None:
    assert vehicles("gs4,all", tmp_path) == ("gs4", "all")


@pytest.mark.slow
def test_a_run_over_all_cars_reports_each(project: Any) -> None:
    for name, title in (("alpha", "Car Alpha"), ("beta", "Car Beta")):
        folder = project.root / "dbc" / name
        shutil.copytree(ROOT / "dbc" / "gs4", folder)
        text = (folder / "vehicle.yaml").read_text(encoding="utf-8")
        text = text.replace("name: GAC Trumpchi GS4, second generation", f"name: {title}")
        (folder / "vehicle.yaml").write_text(text, encoding="utf-8")
    project.scenario(SCENARIO)
    out = project.root / "out"
    done = project.hil("run", "--vehicle", "all", "-n", "2", "--out", str(out))
    assert done.returncode == 0, done.stderr
    data = project.run_json(out)
    assert data["vehicle"] == "alpha,beta"
    assert sorted(case["vehicle"] for case in data["cases"]) == ["alpha", "beta"]
    row = next(r for r in data["requirements"] if r["id"] == "BTN-01")
    assert {car: cell["verdict"] for car, cell in row["cars"].items()} == {"alpha": "PASS", "beta": "PASS"}
    assert [line.split()[:3] for line in done.stdout.splitlines()[:1]] == [["requirement", "alpha", "beta"]]
    assert "alpha: Car Alpha (modelled by this project, not the maker's data)" in done.stdout
    page = (out / "summary.html").read_text(encoding="utf-8")
    assert "Cars side by side" in page


def test_an_unknown_car_among_several_is_told(project: Any) -> None:
    done = project.hil("run", "--vehicle", "gs4,gs5")
    assert done.returncode == 2
    assert "gs5: no such car. Did you mean 'gs4'?" in done.stderr
