"""hil run --resume: finished cases stay, the cut one is named and runs again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]

HANGS_ONCE = '''
import pathlib
import threading
from harness.scenario import MS, verifies


@verifies("BTN-01")
def test_a_first(driver, head_unit, logged_in, judge):
    """Passes."""
    judge("BTN-01", head_unit.app.reaches("listening", after=driver.press("messaging", hold=120 * MS)))


@verifies("BTN-01")
def test_b_second(driver, head_unit, logged_in, judge):
    """Hangs in the computer's time, the first time."""
    press = driver.press("messaging", hold=120 * MS)
    if not pathlib.Path("hanging").exists():
        pathlib.Path("hanging").touch()
        pathlib.Path("told").write_text("hanging")
        threading.Event().wait(300)
    judge("BTN-01", head_unit.app.reaches("listening", after=press))
'''


@pytest.fixture
def cut(project: Any) -> Path:
    """A run that was killed in its second case."""
    project.scenario(HANGS_ONCE, "test_hangs.py")
    out: Path = project.root / "out"
    project.interrupted(signal.SIGKILL, "run", "-n", "0", "--out", str(out))
    return out


def test_the_cut_case_is_named_and_runs_again_and_the_finished_one_stays(project: Any, cut: Path) -> None:
    first = next((cut / "cases").glob("*first*"))
    before = {p: p.read_bytes() for p in first.rglob("*") if p.is_file()}
    done = project.hil("run", "--resume", str(cut))
    assert done.returncode == 0, done.stdout + done.stderr
    data = project.run_json(cut)
    assert [(c["id"].split("::")[1], c["attempt"], c["verdict"]) for c in data["cases"]] == [
        ("test_a_first[gs4]", 1, "PASS"),
        ("test_b_second[gs4]", 1, "NOT_EXECUTED"),
        ("test_b_second[gs4]", 2, "PASS"),
    ]
    assert data["cases"][1]["reason"].startswith("cut off during: ")
    assert data["cases"][1]["reason"].endswith("; run again as attempt 2")
    assert data["totals"] == {"PASS": 2}
    assert data["interrupted"] == [Path(data["cases"][1]["folder"]).name]
    assert {p: p.read_bytes() for p in first.rglob("*") if p.is_file()} == before
    assert "run again as attempt 2" in (cut / "summary.html").read_text()
    assert "run again as attempt 2" in (cut / "junit.xml").read_text()
    labels = [json.loads(p.read_text())["labels"] for p in (cut / "allure-results").glob("*-result.json")]
    named = sorted(label["value"] for found in labels for label in found if label["name"] == "hil_case")
    assert named == sorted(Path(c["folder"]).name for c in data["cases"])


def test_a_run_that_has_ended_is_only_reported_again(project: Any) -> None:
    project.scenario(HANGS_ONCE, "test_hangs.py")
    (project.root / "hanging").touch()
    out = project.root / "out"
    assert project.hil("run", "-n", "0", "--out", str(out)).returncode == 0
    assert project.hil("run", "--resume", str(out)).returncode == 0
    assert [c["attempt"] for c in project.run_json(out)["cases"]] == [1, 1]


def test_another_thing_is_not_run_under_the_name_of_the_first(project: Any, cut: Path) -> None:
    done = project.hil("run", "--resume", str(cut), "--variant-seed", "3")
    assert done.returncode == 2
    assert "goes with no variant_seed" in done.stderr
    project.scenario(HANGS_ONCE + "\n", "test_hangs.py")
    done = project.hil("run", "--resume", str(cut))
    assert done.returncode == 2
    assert "test_hangs.py" in done.stderr
    assert "has changed since the run in out began" in done.stderr


def test_what_is_no_run_is_refused(project: Any, tmp_path: Path) -> None:
    project.scenario()
    done = project.hil("run", "--resume", str(tmp_path))
    assert done.returncode == 2
    assert "holds no run" in done.stderr


def test_a_run_that_goes_on_cannot_be_resumed_beside_it(project: Any) -> None:
    project.scenario(HANGS_ONCE, "test_hangs.py")
    out = project.root / "out"
    process = project.hanging("run", "-n", "0", "--out", str(out))
    try:
        done = project.hil("run", "--resume", str(out))
    finally:
        process.kill()
        process.communicate()
    assert done.returncode == 2
    assert "still going on" in done.stderr


@pytest.mark.skipif(shutil.which("true") is None or sys.platform != "linux", reason="reads /proc")
def test_nothing_that_had_ended_is_lost_to_ten_kills() -> None:
    """The whole: ``python tools/kill_campaign.py --kills 200``."""
    command = [sys.executable, "-P", str(ROOT / "tools" / "kill_campaign.py"), "--kills", "10", "--seed", "5", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == 10
    assert told["finished_cases_checked"] > 20
