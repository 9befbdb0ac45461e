"""A Robot test is a case like any other: same verdicts, same journal, same report."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "robot" / "data"
CASES = ("Scan And Confirm Log In", "Driving Off Takes The Code Away")
LOGS_IN = "Scan_And_Confirm"


@pytest.fixture(scope="module")
def passed(robot: Any, scenarios: Path) -> Any:
    return robot(scenarios / "login.robot", only=CASES, hash_seed=1)


def test_a_right_unit_passes(passed: Any) -> None:
    assert passed.code == 0, passed.stdout + passed.stderr
    assert passed.verdict(LOGS_IN)[0] == "PASS"
    checks = [r for r in passed.records(LOGS_IN) if r["kind"] == "check"]
    assert [(c["requirement"], c["verdict"]) for c in checks if c["requirement"]] == [("QR-02", "PASS")] * 3


def test_a_second_run_writes_the_same_bytes(passed: Any, robot: Any, scenarios: Path) -> None:
    again = robot(scenarios / "login.robot", out="again", only=CASES, hash_seed=2)
    assert again.journals() == passed.journals()
    assert len(again.journals()) == 2


def test_the_case_says_what_a_report_needs(passed: Any) -> None:
    opening = passed.records(LOGS_IN)[0]
    assert opening["id"] == "scenarios/robot/login.robot::Scan And Confirm Log In[gs4]"
    assert (opening["runner"], opening["vehicle"], opening["requirements"]) == ("robot", "gs4", ["QR-02"])
    assert opening["title"] == "Scan and confirm log in; CAN, screen and account agree"
    assert opening["behaviour"][:2] == ["login", "Logging in by phone, in words"]
    listed = json.loads((passed.out / "collected-robot.json").read_text(encoding="utf-8"))["cases"]
    assert [case["id"].rpartition("::")[2] for case in listed] == [f"{name}[gs4]" for name in CASES]


def test_a_run_of_somebody_elses_is_not_reported_here(passed: Any) -> None:
    assert {p.name for p in passed.out.iterdir()} == {"cases", "collected-robot.json"}


def test_a_defect_turns_its_scenario_red_and_no_other(robot: Any, scenarios: Path) -> None:
    red = robot(scenarios / "login.robot", out="red", only=CASES, HIL_DEFECT="qr-02-slow-login")
    assert red.code == 1, red.stdout
    verdict, reason = red.verdict(LOGS_IN)
    assert verdict == "FAIL"
    assert f"FAIL: {reason}" in red.stdout
    assert red.verdict("Driving_Off")[0] == "PASS"


def test_samples_are_judged_together(robot: Any) -> None:
    rig = robot.scratch / "few.yaml"
    text = (ROOT / "rigs" / "virtual.yaml").read_text(encoding="utf-8")
    rig.write_text(text.replace("level: virtual", "level: vcan"), encoding="utf-8")
    ended = robot(DATA / "samples.robot", out="samples", HIL_RIG=str(rig))
    assert ended.code == 0, ended.stdout
    (check,) = (r for r in ended.records("Presses") if r["kind"] == "check" and r["requirement"])
    assert check["samples"] == len(check["values"]) == 5


def test_what_the_car_does_not_offer_is_skipped_and_says_why(robot: Any, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dbc" / "gs4", tmp_path / "dbc" / "plain")
    data = tmp_path / "dbc" / "plain" / "vehicle.yaml"
    text = re.sub(r"(?m)^  phone\.call_hfp:.*\n", "", data.read_text(encoding="utf-8"))
    text = re.sub(r"phone\.call_hfp: \w+", "key: in_car", text)
    data.write_text(text, encoding="utf-8")
    ended = robot(DATA / "absent.robot", out="absent", HIL_PROJECT=str(tmp_path), HIL_VEHICLE="plain")
    assert ended.code == 0
    assert "| SKIP |" in ended.stdout, ended.stdout
    verdict, reason = ended.verdict("A_Call")
    assert verdict == "NOT_APPLICABLE"
    assert "needs phone.call_hfp" in reason


@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_an_interrupted_run_says_where_it_was(robot: Any) -> None:
    pipe = robot.scratch / "told"
    os.mkfifo(pipe)
    told = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    process = robot.start(DATA / "long.robot", out="cut", TOLD=str(pipe))
    waiting, _, _ = select.select([told], [], [], 60)
    os.close(told)
    assert waiting
    process.send_signal(signal.SIGINT)
    ended = robot.ended(process, "cut")
    from harness.evidence.run_folder import read_cases

    long, following = read_cases(ended.out)
    assert (long.verdict, following.verdict) == ("NOT_EXECUTED", "NOT_EXECUTED")
    assert long.reason.startswith("cut off during: nothing happens for 60000")
    assert long.attachments, "what was recorded until then"
    assert following.folder is None


def test_a_dry_run_opens_nothing(robot: Any, scenarios: Path) -> None:
    ended = robot(scenarios, out="dry", options=("--dryrun",))
    assert ended.code == 0, ended.stdout
    assert not ended.out.exists()


def test_alone_robot_makes_the_report_and_runs_every_car(robot: Any, scenarios: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dbc" / "gs4", tmp_path / "dbc" / "twin")
    ended = robot(
        scenarios / "login.robot",
        only=("A Cold Start Shows A Code",),
        HIL_OUT="",
        HIL_PROJECT=str(tmp_path),
        HIL_VEHICLE="gs4, twin",
    )
    assert ended.code == 0, ended.stdout + ended.stderr
    (folder,) = (tmp_path / "reports").iterdir()
    assert f"report: {folder / 'summary.html'}" in ended.stdout
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (run["rig"], run["command"]) == ("virtual.yaml", "robot")
    cases = run["cases"]
    assert [(case["vehicle"], case["verdict"]) for case in cases] == [("gs4", "PASS"), ("twin", "PASS")]
    assert len(list((folder / "allure-results").glob("*-result.json"))) == 2
