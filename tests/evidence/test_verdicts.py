"""Requirement by car: verdict, tightest figure, and what was not run or does not apply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.cli.verdict_table import left_out, one_car, side_by_side
from harness.evidence.finish import finish
from harness.evidence.verdicts import verdict_rows
from harness.foundation.values import Verdict

CARS = {
    "one": {"name": "Car One", "note": "modelled by this project, not the maker's data"},
    "two": {"name": "Car Two", "note": "modelled by this project"},
}


def two_cars(folder: Any) -> Any:
    folder.meta(vehicle="one,two", vehicles=CARS)
    folder.case("test_press[one]", latency=0.10, vehicle="one")
    folder.case("test_again[one]", latency=0.20, vehicle="one")
    folder.case("test_press[two]", Verdict.FAIL, latency=0.31, vehicle="two")
    folder.case("test_leave[one]", latency=1.9, requirement="OUT-01", vehicle="one")
    reason = "OUT-01: OUT-01 needs seat.driver, which Car Two does not offer"
    folder.case("test_leave[two]", Verdict.NOT_APPLICABLE, reason=reason, requirement="OUT-01", vehicle="two")
    return folder


def test_each_car_has_its_own_verdict_and_tightest_figure(run_folder: Any) -> None:
    summary = finish(two_cars(run_folder).out, allure=False)
    rows = {row["id"]: row["cars"] for row in summary.data["requirements"]}
    assert (rows["BTN-01"]["one"]["verdict"], rows["BTN-01"]["two"]["verdict"]) == ("PASS", "FAIL")
    assert rows["BTN-01"]["one"]["worst"]["value"] == 0.20
    assert rows["BTN-01"]["one"]["worst"]["case"] == "test_again[one]"
    assert rows["BTN-01"]["two"]["worst"]["margin"] < 0
    assert rows["OUT-01"]["two"]["verdict"] == "NOT_APPLICABLE"
    assert rows["OUT-01"]["two"]["reason"] == "OUT-01 needs seat.driver, which Car Two does not offer"
    assert rows["OUT-01"]["two"]["worst"] is None
    assert summary.data["cars"] == {car: {**told, "software": None} for car, told in CARS.items()}


def test_a_requirement_no_case_was_about_is_not_executed(run_folder: Any) -> None:
    run_folder.case("test_press[gs4]")
    summary = finish(run_folder.out, allure=False)
    rows = {row["id"]: row["cars"]["gs4"] for row in summary.data["requirements"]}
    assert rows["OUT-01"] == {
        "verdict": "NOT_EXECUTED", "reason": "no case about it was run", "cases": 0, "worst": None,
    }  # fmt: skip
    assert summary.exit_code == 0
    page = (run_folder.out / "summary.html").read_text()
    section = page.partition("Requirements that were not executed")[2].partition("</section>")[0]
    assert "OUT-01" in section
    assert "BTN-01" not in section
    assert left_out(verdict_rows(summary.cases, summary.facts), ["gs4"]) == [
        "NOT EXECUTED, no case about it was run: OUT-01"
    ]


def test_a_requirement_without_a_case_on_one_car_is_told_for_that_car(run_folder: Any) -> None:
    run_folder.meta(vehicle="one,two", vehicles=CARS)
    run_folder.case("test_press[one]", vehicle="one")
    summary = finish(run_folder.out, allure=False)
    rows = {row["id"]: row["cars"] for row in summary.data["requirements"]}
    assert rows["BTN-01"]["two"]["verdict"] == "NOT_EXECUTED"
    told = left_out(verdict_rows(summary.cases, summary.facts), ["one", "two"])
    assert "NOT EXECUTED on two, no case about it was run: BTN-01" in told


def test_the_page_compares_the_cars_and_says_who_modelled_them(run_folder: Any) -> None:
    finish(two_cars(run_folder).out, allure=False)
    page = (run_folder.out / "summary.html").read_text()
    table = page.partition("Cars side by side")[2].partition("</section>")[0]
    assert "Car One; modelled by this project, not the maker&#39;s data" in table
    assert "Car Two; modelled by this project" in table
    assert "latency 310 ms, limit &lt;= 250 ms" in table
    assert "needs seat.driver, which Car Two does not offer" in table
    lanes = page.partition("<h2>Requirements</h2>")[2].partition("</section>")[0]
    assert lanes.count("<svg class='strip'") == 3  # BTN-01 of both cars, OUT-01 of one


def test_lanes_of_two_cars_share_one_scale(run_folder: Any) -> None:
    finish(two_cars(run_folder).out, allure=False)
    page = (run_folder.out / "summary.html").read_text()
    row = page.partition('id="BTN-01"')[2].partition('id="OUT-01"')[0]
    places = [part.split("'")[1] for part in row.split("class='limit' x1=")[1:]]
    assert len(places) == 2
    assert places[0] == places[1]


def test_one_car_needs_no_comparison(run_folder: Any) -> None:
    run_folder.case("test_press[gs4]")
    finish(run_folder.out, allure=False)
    assert "side by side" not in (run_folder.out / "summary.html").read_text()


def test_the_terminal_shows_a_column_per_car(run_folder: Any) -> None:
    from rich.console import Console

    summary = finish(two_cars(run_folder).out, allure=False)
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115 - rich closes nothing
    console.print(side_by_side(verdict_rows(summary.cases, summary.facts), ["one", "two"]))
    lines = console.export_text().splitlines()
    assert lines[0].split() == ["requirement", "one", "two"]
    assert lines[1].split() == ["BTN-01", "PASS", "+49", "ms", "FAIL", "-61", "ms"]
    assert json.loads((run_folder.out / "run.json").read_text())["totals"]["FAIL"] == 1


def on_a_terminal(summary: Any, width: int) -> list[str]:
    from rich.console import Console

    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115 - rich closes nothing
    console.print(one_car(verdict_rows(summary.cases, summary.facts), width))
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_the_terminal_names_cases_of_one_car_without_the_car(run_folder: Any) -> None:
    run_folder.case("test_press[gs4-wrong-frame]", latency=0.2)
    run_folder.case("test_leave[gs4]", latency=1.9, requirement="OUT-01")
    lines = on_a_terminal(finish(run_folder.out, allure=False), 120)
    assert [line.split()[-1] for line in lines[1:]] == ["test_press[wrong-frame]", "test_leave"]


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_long_name_is_cut_and_folds_no_row(run_folder: Any, width: int) -> None:
    run_folder.case(f"test_a_press_{'that_goes_on_' * 10}[gs4-camera.reverse]", latency=0.2)
    run_folder.case("test_leave[gs4]", latency=1.9, requirement="OUT-01")
    header, press, leave = on_a_terminal(finish(run_folder.out, allure=False), width)
    assert header.endswith("tightest in")
    assert press.endswith("…")
    assert "+49 ms" in press, "figures are never cut"
    assert leave.endswith("test_leave")
    assert len(press) == width
