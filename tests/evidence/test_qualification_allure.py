"""A campaign as Allure results: one for each defect, right unit and unit at an edge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.kills import Fate
from harness.evidence.qualification import results, summarize
from harness.evidence.qualification_allure import STATUS, write

FACTS = {"vehicle": "gs4", "seed": 7, "level": "simulated unit", "versions": {"headunit-hil": "1"}, "started_ms": 1_000}


def written(folder: Path, *shots: tuple[str, tuple[str, ...]], variants: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    row = {"id": "out-01-slow", "symptom": "It is slow.", "kind": "wrong time", "requirements": ["OUT-01", "OUT-06"]}
    document = {
        "baseline": {"cases": 2}, "requirements": {"OUT-01": "Leaving"}, "defects": [row], "variants": list(variants),
    }  # fmt: skip
    (folder / "campaign.json").write_text(json.dumps(document), "utf-8")
    (folder / "defects").mkdir(exist_ok=True)
    if shots:
        told = [{"case": f"c{n}", "verdict": v, "reason": "why", "failed": f} for n, (v, f) in enumerate(shots)]
        (folder / "defects/out-01-slow.json").write_text(json.dumps({"shots": told, "wall_s": 2.5}), "utf-8")
    write(folder, summarize(folder, FACTS), results(folder))
    found = [json.loads(p.read_text("utf-8")) for p in sorted((folder / "allure-results").glob("*-result.json"))]
    return sorted(found, key=lambda r: r["fullName"])


@pytest.mark.parametrize(
    ("shots", "status", "message"),
    [
        ((("FAIL", ("OUT-01",)),), "passed", "KILLED by its own requirement (c0): why"),
        ((("PASS", ()), ("FAIL", ("OUT-02",))), "failed", "KILLED ONLY BY ANOTHER requirement (c1): why"),
        ((("PASS", ()),), "failed", "SURVIVED: no scenario judges OUT-01"),
        ((("BLOCKED", ()),), "broken", "NO JUDGEMENT (c0): why"),
        ((("NOT_APPLICABLE", ()),), "skipped", "NOT APPLICABLE: no case of OUT-01 applies to this car"),
        ((), "skipped", "NOT RUN: not run"),
    ],
)
def test_what_became_of_a_defect_is_its_status(tmp_path, shots, status, message):
    (result,) = written(tmp_path, *shots)
    assert (result["status"], result["statusDetails"]["message"]) == (status, message)
    assert result["name"] == "out-01-slow: It is slow."
    assert len(result["steps"]) == len(shots)


def test_every_fate_has_a_status():
    assert set(STATUS) == {*map(str, Fate), None}


def test_a_defect_lies_under_its_requirement_with_its_kind(tmp_path):
    (result,) = written(tmp_path, ("FAIL", ("OUT-01",)))
    labels = {(label["name"], label["value"]) for label in result["labels"]}
    assert labels >= {("epic", "Defects OUT"), ("feature", "OUT-01 Leaving"), ("kind", "wrong time"), ("tag", "OUT-06")}
    assert (result["start"], result["stop"]) == (1_000, 3_500)


def test_writing_again_leaves_nothing_of_before(tmp_path):
    written(tmp_path, ("PASS", ()), variants=(1, 2))
    before = written(tmp_path, ("FAIL", ("OUT-01",)))
    assert [r["status"] for r in before] == ["passed"]
    assert written(tmp_path, ("FAIL", ("OUT-01",))) == before


def test_a_right_unit_that_is_red_has_failed(tmp_path):
    (tmp_path / "defects").mkdir()
    red = {"case": "c", "verdict": "FAIL", "reason": "late", "failed": ["OUT-01"]}
    for seed, shots in ((1, []), (2, [red])):
        place = tmp_path / f"defects/variant-{seed:05}.json"
        place.write_text(json.dumps({"cases": 5, "shots": shots, "wall_s": 1.0}), "utf-8")
    _, *units = written(tmp_path, ("FAIL", ("OUT-01",)), variants=(1, 2, 3))
    assert [u["status"] for u in units] == ["passed", "failed", "skipped"]
    assert units[1]["statusDetails"]["message"] == "RIGHT UNIT not green: c: late"
