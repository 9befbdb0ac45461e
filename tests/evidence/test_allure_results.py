"""Allure results: the same content for both runners, for cut-off cases, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons.logger import AllureMemoryLogger
from allure_commons.model2 import Label, Parameter
from allure_commons.model2 import TestResult as Result

from harness.evidence.allure_case import CASE_LABEL
from harness.evidence.allure_folder import complete
from harness.evidence.allure_hook import AllureHook
from harness.evidence.case import read_case
from harness.foundation.values import Verdict


def report(folder: Path, result: Result) -> AllureMemoryLogger:
    """What a runner's adapter does at the end of a case, with our hook registered."""
    hook, writer = AllureHook(), AllureMemoryLogger()
    hook.current = folder
    for plugin in (writer, hook):
        allure_commons.plugin_manager.register(plugin)
    try:
        allure_commons.plugin_manager.hook.report_result(result=result)
    finally:
        for plugin in (hook, writer):
            allure_commons.plugin_manager.unregister(plugin)
    return writer


def result(**fields: Any) -> Result:
    made = Result(uuid="u", name="guessed", fullName="scenarios.x#test", start=1_000_000, stop=1_000_050)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def labels(case: Any) -> dict[str, str]:
    return {label["name"]: label["value"] for label in case["labels"]}


def test_a_case_becomes_steps_labels_links_and_attachments(run_folder: Any) -> None:
    folder = run_folder.case("test_slow[gs4]", Verdict.FAIL, latency=0.31, reason="after 310 ms", recordings=True)
    writer = report(folder, result(labels=[Label("tag", "slow"), Label("suite", "test_press"), Label("host", "h")]))
    [case] = writer.test_cases
    assert case["name"] == "Slow [gs4]"
    assert case["status"] == "failed"
    assert case["statusDetails"]["message"] == "FAIL: after 310 ms"
    found = labels(case)
    assert (found["epic"], found["feature"], found["story"]) == ("Buttons", "Messaging button", "Slow")
    assert (found["tag"], found["host"], found[CASE_LABEL]) == ("BTN-01", "h", folder.name)
    assert [link["name"] for link in case["links"]] == ["BTN-01"]
    assert "NHTSA" in case["descriptionHtml"]
    assert [s["name"] for s in case["steps"]] == ["the unit is on and logged in", "driver presses messaging"]
    assert [s["name"] for s in case["steps"][0]["steps"]] == ["ignition on"]
    press = case["steps"][1]
    assert press["status"] == "failed"
    assert press["start"] == 1_000_000 + 2200
    stimulus, check = press["steps"]
    assert {p["name"]: p["value"] for p in stimulus["parameters"]}["began"].startswith("2.200 s")
    assert check["status"] == "failed"
    assert "310 ms" in check["name"]


def test_recordings_are_one_click_away_and_the_plot_comes_first(run_folder: Any) -> None:
    folder = run_folder.case("test_slow[gs4]", Verdict.FAIL, latency=0.31, recordings=True)
    writer = report(folder, result())
    attached = writer.test_cases[0]["attachments"]
    names = [a["name"] for a in attached]
    assert names == ["Signals", "Bus body", "Amplifier, driver", "Amplifier, driver: spectrogram", "Screen", "Console"]
    assert {a["source"] for a in attached} == set(writer.attachments)
    trace = writer.attachments[attached[1]["source"]].decode()
    assert "(0000000002.200000) body" in trace
    assert "(0000000000.010000)" not in trace
    assert "whole trace is in the case's folder" in trace


def test_of_a_case_that_passed_only_plot_and_last_picture_go_along_and_the_rest_is_named(run_folder: Any) -> None:
    folder = run_folder.case("test_quick[gs4]", recordings=True)
    writer = report(folder, result())
    attached = writer.test_cases[0]["attachments"]
    assert [a["name"] for a in attached] == ["Signals", "Screen", "more recordings"]
    note = writer.attachments[attached[2]["source"]].decode()
    assert f"cases/{folder.name}" in note
    assert "amplifier.wav" in note
    assert "body.log" in note


def test_a_recording_that_is_gone_is_said_and_costs_nothing(run_folder: Any) -> None:
    folder = run_folder.case("test_slow[gs4]", Verdict.FAIL, latency=0.31, recordings=True)
    (folder / "amplifier.wav").write_bytes(b"RIFF torn")
    (folder / "screen-0001.png").unlink()
    names = [a["name"] for a in report(folder, result()).test_cases[0]["attachments"]]
    assert "Amplifier, driver (missing)" in names
    assert "Screen (missing)" in names
    assert "Console" in names


@pytest.mark.parametrize(
    ("verdict", "status", "message"),
    [
        (Verdict.PASS, "passed", None),
        (Verdict.BLOCKED, "broken", "BLOCKED: why"),
        (Verdict.ERROR, "broken", "ERROR: why"),
        (Verdict.INCONCLUSIVE, "broken", "INCONCLUSIVE: why"),
        (Verdict.NOT_APPLICABLE, "skipped", "NOT APPLICABLE: why"),
        (Verdict.NOT_EXECUTED, "skipped", "NOT EXECUTED: why"),
    ],
)
def test_the_verdict_decides_the_status(run_folder: Any, verdict: Verdict, status: str, message: str | None) -> None:
    folder = run_folder.case("test_one", verdict, reason="why")
    [case] = report(folder, result(status="failed")).test_cases
    assert case["status"] == status
    assert case.get("statusDetails", {}).get("message") == message


def test_history_goes_on_when_volatile_parameters_change(run_folder: Any) -> None:
    folder = run_folder.case("test_one[gs4]")
    first = report(folder, result(parameters=[Parameter("seed", "7")])).test_cases[0]
    second = report(folder, result(parameters=[Parameter("seed", "8")], fullName="other")).test_cases[0]
    assert first["historyId"] == second["historyId"]
    assert all(p["excluded"] for p in first["parameters"])


def test_robot_results_find_their_folder_by_long_name(run_folder: Any) -> None:
    folder = run_folder.case("Press Wakes Messaging", runner="robot")
    hook, made = AllureHook(), result(fullName="Robot.Buttons.Press Wakes Messaging")
    hook.folders[made.fullName] = folder
    allure_commons.plugin_manager.register(writer := AllureMemoryLogger())
    try:
        hook.report_result(made)
    finally:
        allure_commons.plugin_manager.unregister(writer)
    assert made.name == "Press wakes messaging"


def test_a_result_of_somebody_else_stays_as_it_is() -> None:
    made = result(name="theirs")
    AllureHook().report_result(made)
    assert made.name == "theirs"


def test_what_never_reported_is_added_once(run_folder: Any) -> None:
    run_folder.case("test_killed[gs4]", None, recordings=False)
    run_folder.collect("test_later[gs4]")
    done = run_folder.case("test_done[gs4]")
    results = run_folder.out / "allure-results"
    results.mkdir()
    (results / "x-result.json").write_text(json.dumps({"labels": [{"name": CASE_LABEL, "value": done.name}]}))
    (results / "torn-result.json").write_text('{"na')
    (results / "unfilled-result.json").write_text('{"name": "Given Out As It Began", "status": "failed"}')
    from harness.evidence.run_folder import read_cases

    cases = read_cases(run_folder.out)
    complete(run_folder.out, cases, {"rig": "virtual", "versions": {"Python": "3.11"}})
    complete(run_folder.out, cases, {"rig": "virtual", "versions": {"Python": "3.11"}})
    made = [json.loads(p.read_text()) for p in results.glob("*-result.json") if p.name != "x-result.json"]
    assert sorted(c["statusDetails"]["message"] for c in made) == [
        "NOT EXECUTED: cut off during: driver presses messaging (reached 2.200 s)",
        "NOT EXECUTED: never started: the run ended before its turn",
    ]
    killed = next(c for c in made if "cut off" in c["statusDetails"]["message"])
    assert killed["steps"][-1]["status"] == "broken"
    assert "Rig=virtual" in (results / "environment.properties").read_text()
    assert json.loads((results / "executor.json").read_text())["buildName"] == run_folder.out.name


def test_reading_a_case_gives_what_was_written(run_folder: Any) -> None:
    case = read_case(run_folder.case("test_one[gs4]", latency=0.16))
    assert (case.verdict, case.vehicle, case.simulated_s, case.wall_s) == (Verdict.PASS, "gs4", 3.0, 0.05)
    assert [c["requirement"] for c in case.checks] == ["BTN-01"]
