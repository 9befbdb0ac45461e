"""hil run: what it leaves, what it prints, and how it ends, whatever happens to its children."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

pytestmark = pytest.mark.slow

HANGS = '''
import pathlib
import threading
from harness.scenario import verifies


@verifies("BTN-01")
def test_first(head_unit):
    """Hangs in the computer's time."""
    pathlib.Path("told").write_text("hanging")
    threading.Event().wait(300)


@verifies("BTN-01")
def test_second(head_unit):
    """Never has its turn."""
'''

DIES = '''
import os
from harness.scenario import verifies


@verifies("BTN-01")
def test_dies(head_unit):
    """Takes its process with it."""
    os.kill(os.getpid(), 9)
'''


def test_a_run_leaves_everything_and_ends_by_its_worst_verdict(project: Any) -> None:
    project.scenario()
    out = project.root / "out"
    done = project.hil("run", "-n", "0", "--out", str(out))
    assert done.returncode == 4, done.stderr
    left = {p.name for p in out.iterdir()}
    assert {"cases", "meta.json", "journal.jsonl", "allure-results", "summary.html", "junit.xml", "run.json"} <= left
    data = project.run_json(out)
    assert data["totals"] == {"PASS": 1, "ERROR": 1}
    assert "KeyError: 'chime'" in done.stdout
    assert "again: ./hil run scenarios/test_press.py -k 'test_broken and gs4'" in done.stdout
    assert "BTN-01" in done.stdout
    assert "summary.html" in done.stdout or "allure-report" in done.stdout
    again = project.hil("report", str(out))
    assert again.returncode == 4
    assert project.run_json(out) == data


def test_json_is_alone_on_standard_output(project: Any) -> None:
    project.scenario()
    done = project.hil("run", "-n", "0", "-k", "test_press and not broken", "--json")
    assert json.loads(done.stdout)["exit_code"] == done.returncode == 0
    assert [p.name[:5] for p in (project.root / "reports").glob("0*")] == ["0001-"]


def test_a_crash_of_the_runner_is_told_and_reported(project: Any) -> None:
    project.scenario(DIES, "test_dies.py")
    out = project.root / "out"
    done = project.hil("run", "-n", "0", "--out", str(out))
    assert done.returncode == 4
    data = project.run_json(out)
    assert data["totals"] == {"NOT_EXECUTED": 1}
    assert "SIGKILL" in data["crash"]["what"]
    assert data["cases"][0]["reason"].startswith("cut off during:")


def test_a_crash_of_a_worker_is_our_error_too(project: Any) -> None:
    project.scenario(DIES, "test_dies.py")
    out = project.root / "out"
    assert project.hil("run", "-n", "2", "--out", str(out)).returncode == 4
    assert "a worker died during" in project.run_json(out)["crash"]["what"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_still_makes_its_report(project: Any, number: signal.Signals) -> None:
    project.scenario(HANGS, "test_hangs.py")
    out = project.root / "out"
    done = project.interrupted(number, "run", "-n", "0", "--out", str(out))
    data = project.run_json(out)
    assert done.returncode == data["exit_code"]
    assert done.returncode != 0
    assert len(data["cases"]) == 2
    assert data["cases"][1]["verdict"] == "NOT_EXECUTED"
    assert (out / "summary.html").is_file()


def test_after_a_kill_the_report_names_the_case_it_died_in(project: Any) -> None:
    project.scenario(HANGS, "test_hangs.py")
    out = project.root / "out"
    done = project.interrupted(signal.SIGKILL, "run", "-n", "0", "--out", str(out))
    assert done.returncode == -signal.SIGKILL
    assert not (out / "run.json").exists()
    told = project.hil("report", str(out))
    assert told.returncode == 3
    reasons = [c["reason"] for c in project.run_json(out)["cases"]]
    assert reasons[0].startswith("cut off during:")
    assert reasons[1].startswith("never started")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere: no such folder or file"),
        (["--rig", "virtal"], "Did you mean 'virtual'?"),
        (["--vehicle", "gs5"], "Did you mean 'gs4'?"),
        (["-k", "no_such_scenario"], "matches no scenario"),
        (["-k", "and and"], "expression"),
        (["--defect", "no-such-defect"], "no-such-defect"),
        (["-n", "-1"], "is negative"),
        (["--hold-on-fail"], "a virtual rig has no power to hold"),
        (["--out", "scenarios"], "is not an empty folder"),
        (["--deviations", "nowhere.yaml"], "no such file"),
        (["--seed", "x"], "invalid int value"),
    ],
)
def test_wrong_use_is_one_message_and_leaves_nothing(project: Any, arguments: list[str], says: str) -> None:
    project.scenario()
    done = project.hil("run", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((project.root / "reports").glob("0*"))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_scenario_that_does_not_load_is_told_with_its_file(project: Any, workers: str) -> None:
    project.scenario("import no_such_module\n", "test_odd.py")
    done = project.hil("run", "-n", workers)
    assert done.returncode == 2
    assert "test_odd.py" in done.stderr
    assert "no_such_module" in done.stderr


def test_a_scenario_that_does_not_load_is_never_lost_beside_ones_that_do(project: Any) -> None:
    project.scenario(PASSING)
    project.scenario("import no_such_module\n", "test_odd.py")
    out = project.root / "out"
    done = project.hil("run", "-n", "2", "--out", str(out))
    assert done.returncode in (2, 4)
    assert "test_odd.py" in done.stdout + done.stderr


def test_deviations_keep_a_known_failure_from_turning_the_run_red(project: Any) -> None:
    failing = PASSING.replace('"listening", after=press', '"sending", after=press')
    project.scenario(failing)
    (project.root / "deviations.yaml").write_text(
        'schema: 1\ndeviations:\n  - {case: "scenarios/test_press.py::test_press[gs4]", ticket: HU-1, approver: A. M.,'
        " expires: 2999-01-01}\n"
    )
    done = project.hil("run", "-n", "0", "--json")
    data = json.loads(done.stdout)
    assert (data["totals"], done.returncode) == ({"FAIL": 1}, 0)
    assert data["cases"][0]["deviation"]["standing"] == "covers a known failure"


PASSING = '''
from harness.scenario import MS, verifies


@verifies("BTN-01")
def test_press(driver, head_unit, logged_in, judge):
    """A press wakes messaging."""
    press = driver.press("messaging", hold=120 * MS)
    judge("BTN-01", head_unit.app.reaches("listening", after=press))
'''
