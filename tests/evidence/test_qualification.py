"""A campaign's folder becomes a table, whatever state it was left in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.evidence.qualification import results, summarize, trusted


def campaign(folder: Path, *defects: str) -> None:
    rows = [{"id": d, "symptom": "It is wrong.", "kind": "logic", "requirements": ["OUT-01"]} for d in defects]
    document = {"baseline": {"cases": 2}, "requirements": {"OUT-01": "Leaving", "OUT-02": "Only"}, "defects": rows}
    (folder / "campaign.json").write_text(json.dumps(document), "utf-8")
    (folder / "defects").mkdir()


def done(folder: Path, defect: str, verdict: str, *failed: str) -> None:
    shots: list[dict[str, Any]] = [{"case": "c", "verdict": verdict, "reason": "because", "failed": list(failed)}]
    (folder / "defects" / f"{defect}.json").write_text(json.dumps({"shots": shots, "wall_s": 1.0}), "utf-8")


def test_every_defect_is_counted_once(tmp_path: Path) -> None:
    campaign(tmp_path, "a", "b", "c", "d", "e")
    done(tmp_path, "a", "FAIL", "OUT-01")
    done(tmp_path, "b", "FAIL", "OUT-02")
    done(tmp_path, "c", "PASS")
    done(tmp_path, "d", "BLOCKED")
    summary = summarize(tmp_path, {})
    counts = [summary[key] for key in ("killed_own", "killed_other", "survived", "infra_error", "not_run")]
    assert counts == [1, 1, 1, 1, 1]
    assert summary["defects"][0] | {"fate": "killed_own", "by": "c", "reason": "because"} == summary["defects"][0]
    assert summary["defects"][1]["also_failed"] == ["OUT-02"]
    assert summary["requirements"][0]["defects"] == 5
    assert summary["requirements"][1]["defects"] == 0


def test_a_suite_is_trusted_when_each_defect_fell_to_its_own_requirement(tmp_path: Path) -> None:
    campaign(tmp_path, "a", "b")
    done(tmp_path, "a", "FAIL", "OUT-01")
    assert not trusted(summarize(tmp_path, {}))  # b was not run
    done(tmp_path, "b", "NOT_APPLICABLE")
    assert trusted(summarize(tmp_path, {}))
    for verdict, failed in (("PASS", ()), ("FAIL", ("OUT-02",)), ("BLOCKED", ()), ("FAIL", ())):
        done(tmp_path, "b", verdict, *failed)
        assert not trusted(summarize(tmp_path, {}))


def test_a_result_that_a_kill_left_torn_is_not_there(tmp_path: Path) -> None:
    campaign(tmp_path, "a")
    (tmp_path / "defects" / "a.json").write_text('{"shots": [', "utf-8")
    assert results(tmp_path) == {}
    assert summarize(tmp_path, {})["not_run"] == 1
