"""Margins that shrink from run to run are flagged, by a rule one can check by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.finish import finish
from harness.evidence.shrinking import falls


@pytest.mark.parametrize(
    ("margins", "flagged"),
    [
        ([0.100, 0.095, 0.092, 0.085], True),
        ([0.100, 0.099, 0.098, 0.097], False),  # 3 % in all
        ([0.100, 0.080, 0.081, 0.060], False),  # rose in between
        ([0.100, 0.080, 0.080, 0.060], False),  # stood still in between
        ([0.100, 0.080, 0.060], False),  # too few runs
        ([0.020, 0.100, 0.090, 0.080, 0.070], True),  # only the last runs count
        ([0.100, 0.050, 0.010, -0.010], False),  # that is a FAIL by itself
    ],
)
def test_the_rule(margins: list[float], flagged: bool) -> None:
    assert falls(margins) is flagged


def course(reports: Path, new: Any, latencies: list[float], **facts: Any) -> Any:
    """Runs one after another, each with one case of one latency; the last one's finish."""
    (reports / "history.jsonl").touch()
    for number, latency in enumerate(latencies, 1):
        folder = new(reports / f"{number:04d}-2026-03-0{number}")
        own = facts.get(f"run{number}", {})
        folder.meta(started=f"2026-03-0{number}T10:00:00+00:00", history=str(reports / "history.jsonl"), **own)
        folder.case("test_press[gs4]", latency=latency)
        summary = finish(folder.out, allure=False)
    return summary


def test_a_margin_that_fell_in_three_runs_is_flagged(tmp_path: Path, new_run_folder: Any) -> None:
    summary = course(tmp_path, new_run_folder, [0.10, 0.12, 0.13, 0.15])
    [flagged] = summary.data["shrinking"]
    assert (flagged["requirement"], flagged["quantity"], flagged["vehicle"]) == ("BTN-01", "latency", "gs4")
    assert [margin for _, margin in flagged["course"]] == pytest.approx([0.149, 0.129, 0.119, 0.099])
    assert flagged["course"][0][0] == "0001-2026-03-01"
    page = (summary.out / "summary.html").read_text()
    assert "Margins that shrink" in page
    assert "+149 ms -&gt; +129 ms -&gt; +119 ms -&gt; +99 ms: 34 % less than in run 0001-2026-03-01" in page
    assert summary.exit_code == 0


def test_a_margin_that_came_back_is_not(tmp_path: Path, new_run_folder: Any) -> None:
    summary = course(tmp_path, new_run_folder, [0.10, 0.15, 0.13, 0.16])
    assert summary.data["shrinking"] == []
    assert "Margins that shrink" not in (summary.out / "summary.html").read_text()


@pytest.mark.parametrize(
    "other",
    [{"rig": "rigs/bench.yaml"}, {"software": "2.0"}, {"defect": ["some"]}, {"crash": {"what": "", "tail": ""}}],
)
def test_a_run_of_something_else_does_not_count(tmp_path: Path, new_run_folder: Any, other: dict[str, Any]) -> None:
    summary = course(tmp_path, new_run_folder, [0.10, 0.12, 0.13, 0.15], run2=other)
    assert summary.data["shrinking"] == []


def test_other_cases_or_another_limit_do_not_count(tmp_path: Path, new_run_folder: Any) -> None:
    course(tmp_path, new_run_folder, [0.10, 0.12, 0.13])
    folder = new_run_folder(tmp_path / "0004-2026-03-04")
    folder.meta(started="2026-03-04T10:00:00+00:00", history=str(tmp_path / "history.jsonl"))
    folder.case("test_press[gs4]", latency=0.14)
    folder.case("test_other[gs4]", latency=0.15)
    assert finish(folder.out, allure=False).data["shrinking"] == []


def test_the_report_made_again_later_looks_only_at_runs_before_its_own(tmp_path: Path, new_run_folder: Any) -> None:
    summary = course(tmp_path, new_run_folder, [0.10, 0.12, 0.13, 0.15, 0.12])
    assert summary.data["shrinking"] == []
    again = finish(tmp_path / "0004-2026-03-04", allure=False)
    assert len(again.data["shrinking"]) == 1


def test_a_broken_run_beside_costs_nothing(tmp_path: Path, new_run_folder: Any) -> None:
    for name, text in (("0000-a", "{"), ("0000-b", json.dumps({"schema": 1, "started": "2026", "cases": [{}]}))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
    assert len(course(tmp_path, new_run_folder, [0.10, 0.12, 0.13, 0.15]).data["shrinking"]) == 1
