"""What counts as an answer to a disturbance, and what the page says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.qualify_disturbances import chosen_by, meant
from harness.evidence import disturbances_html
from harness.evidence.disturbances import CLAIM, Caught, caught, qualified, summarize
from harness.evidence.kills import Shot
from harness.evidence.run_json import run_json
from harness.foundation.errors import BadInput

FAILS = Shot("a", "FAIL", "too late", ("BTN-01",))
ELSEWHERE = Shot("a", "FAIL", "no session", ("QR-02",))
ON_THE_WAY = Shot("a", "FAIL", "it never booted", ())
BLOCKED = Shot("a", "BLOCKED", "no echo", ())
PASSES = Shot("a", "PASS", "fine", ())
LEFT_OUT = Shot("a", "NOT_APPLICABLE", "no button", ())


@pytest.mark.parametrize(
    ("answer", "shots", "outcome"),
    [
        ("FAIL", [FAILS], Caught.EXPECTED),
        ("FAIL", [PASSES, FAILS], Caught.EXPECTED),
        ("FAIL", [ELSEWHERE], Caught.OTHERWISE),
        ("FAIL", [ON_THE_WAY], Caught.OTHERWISE),
        ("FAIL", [BLOCKED], Caught.OTHERWISE),
        ("BLOCKED", [BLOCKED], Caught.EXPECTED),
        ("BLOCKED", [FAILS], Caught.OTHERWISE),
        ("BLOCKED", [PASSES], Caught.NOT),
        ("FAIL", [PASSES], Caught.NOT),
        ("FAIL", [LEFT_OUT], Caught.NOT_APPLICABLE),
        ("FAIL", [], Caught.NOT_APPLICABLE),
    ],
)
def test_what_counts_as_an_answer(answer: str, shots: list[Shot], outcome: Caught) -> None:
    assert caught("BTN-01", answer, shots)[0] is outcome


def row(name: str, answer: str, why_not: str = "") -> dict[str, Any]:
    return {"id": name, "stands_for": "A <wire> is off.", "room": "can", "requirement": "BTN-01", "scenario": "s.py::t",
            "answer": answer, "cases": [] if why_not else ["a"], "why_not": why_not}  # fmt: skip


def campaign(folder: Path, rows: list[dict[str, Any]], done: dict[str, list[Shot]]) -> dict[str, Any]:
    document = {"schema": 1, "baseline": {"cases": 1, "wall_s": 1.0}, "disturbances": rows}
    (folder / "campaign.json").write_text(json.dumps(document), "utf-8")
    (folder / "defects").mkdir()
    for name, shots in done.items():
        told = {"id": name, "shots": [shot.to_json() for shot in shots], "wall_s": 0.5}
        (folder / "defects" / f"{name}.json").write_text(json.dumps(told), "utf-8")
    facts = {"vehicle": "gs4", "rig": "r.yaml", "clock": "virtual", "seed": 7, "started": "now", "wall_s": 1.0,
             "command": "./hil qualify --disturbances", "versions": {"headunit-hil": "0"}}  # fmt: skip
    return summarize(folder, facts)


def test_a_campaign_is_counted_apart_and_says_what_it_supports(tmp_path: Path) -> None:
    rows = [row("one", "FAIL"), row("two", "BLOCKED"), row("three", "FAIL", "no button"), row("four", "FAIL")]
    summary = campaign(tmp_path, rows, {"one": [FAILS], "two": [PASSES], "three": []})
    assert [r["outcome"] for r in summary["disturbances"]] == [
        "caught_as_expected", "not_caught", "not_applicable", "not_run",
    ]  # fmt: skip
    assert (summary["caught_as_expected"], summary["not_caught"], summary["not_run"]) == (1, 1, 1)
    assert not qualified(summary)
    assert "no claim about a real unit" in CLAIM
    disturbances_html.write(tmp_path / "d.html", summary)
    page = (tmp_path / "d.html").read_text("utf-8")
    assert "no claim about a real unit" in page
    assert "A &lt;wire&gt; is off." in page
    assert "PASS fine" in page


def test_a_bench_that_noticed_everything_is_qualified(tmp_path: Path) -> None:
    rows = [row("one", "FAIL"), row("three", "FAIL", "no button")]
    assert qualified(campaign(tmp_path, rows, {"one": [FAILS], "three": []}))


def test_which_are_meant() -> None:
    assert all(one.room == "can" for one in chosen_by("can-*"))
    assert {one.id for one in chosen_by("io-kl15-dead, sound-late")} == {"io-kl15-dead", "sound-late"}
    assert all(one.requirement == "NET-01" for one in chosen_by("NET-01"))
    with pytest.raises(BadInput, match="means no disturbance"):
        chosen_by("lin-*")


@pytest.mark.parametrize(
    ("scenario", "nodeid", "is_it"),
    [
        ("scenarios/a.py::t", "scenarios/a.py::t[gs4]", True),
        ("scenarios/a.py::t", "scenarios/a.py::t[gs4-crawl]", True),
        ("scenarios/a.py::t[crawl]", "scenarios/a.py::t[gs4-crawl]", True),
        ("scenarios/a.py::t[crawl]", "scenarios/a.py::t[crawl-gs4]", True),
        ("scenarios/a.py::t[crawl]", "scenarios/a.py::t[gs4-drive_off]", False),
        ("scenarios/a.py::t", "scenarios/a.py::t_other[gs4]", False),
    ],
)
def test_which_case_a_scenario_means(scenario: str, nodeid: str, is_it: bool) -> None:
    assert meant(scenario, nodeid) is is_it


def test_a_run_with_something_wrong_between_says_so_and_is_replayed_so() -> None:
    facts = {"rig": "r.yaml", "vehicle": "gs4", "seed": 7, "disturbances": ["can-state-lost"]}
    assert run_json((), facts, (), 0)["disturbances"] == ["can-state-lost"]
    assert "disturbances" not in run_json((), {**facts, "disturbances": []}, (), 0)
