"""pytest's and Robot's scenarios at the same time, on a virtual rig with several workers."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow

PRESS = '''
"""BTN: the steering-wheel button."""
from harness.scenario import MS, verifies


@verifies("BTN-01")
def test_press(driver, head_unit, logged_in, judge):
    """A press wakes messaging."""
    press = driver.press("messaging", hold=120 * MS)
    judge("BTN-01", head_unit.app.reaches("listening", after=press))
'''
ROBOT = """\
*** Settings ***
Library    harness.robot_library

*** Test Cases ***
Press Wakes Messaging
    [Tags]    BTN-01
    Driver Logs In
    ${press} =    Driver Presses    messaging    hold=120 ms
    Head Unit Should Reach    listening    after=${press}    requirement=BTN-01
"""


def test_both_are_in_the_report_in_the_order_of_collection(project: Any) -> None:
    project.scenario(PRESS)
    project.scenario(ROBOT, "press.robot")
    out = project.root / "out"
    done = project.hil("run", "-n", "2", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert [(c["runner"], c["verdict"]) for c in project.run_json(out)["cases"]] == [
        ("pytest", "PASS"),
        ("robot", "PASS"),
    ]


def test_a_scenario_that_cannot_be_read_ends_both_and_leaves_nothing(project: Any) -> None:
    project.scenario("def test_(:\n")
    project.scenario(ROBOT, "press.robot")
    (project.root / "reports").mkdir()
    done = project.hil("run", "-n", "2")
    assert done.returncode == 2
    assert "SyntaxError" in done.stderr
    assert list((project.root / "reports").glob("[0-9]*")) == []


def test_files_of_one_name_in_two_folders_run_wherever_the_run_folder_is(project: Any) -> None:
    for folder in ("one", "two"):
        (project.root / "scenarios" / folder).mkdir()
        project.scenario(PRESS, f"{folder}/test_press.py")
    out = project.root.parent / "elsewhere" / "out"
    done = project.hil("run", "-n", "2", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert [c["verdict"] for c in project.run_json(out)["cases"]] == ["PASS", "PASS"]
