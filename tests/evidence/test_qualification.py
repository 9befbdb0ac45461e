"""A campaign's folder becomes a table, whatever state it was left in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.evidence.qualification import results, summarize, trusted


def campaign(folder: Path, *defects: str) -> None:
    rows = [{"id": d, "symptom": "It is wrong.", "kind": "race", "requirements": ["OUT-01"]} for d in defects]
    titles = {"OUT-01": "Leaving", "OUT-02": "Only"}
    document = {"baseline": {"cases": 2}, "requirements": titles, "defects": rows, "variants": []}
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
    kind = {"kind": "race", "defects": 5, "killed_own": 1, "survived": 1, "not_run": 1}
    assert summary["kinds"] == [summary["kinds"][0] | kind]


def test_a_suite_is_trusted_when_each_defect_fell_to_its_own_requirement(tmp_path: Path) -> None:
    campaign(tmp_path, "a", "b")
    done(tmp_path, "a", "FAIL", "OUT-01")
    assert not trusted(summarize(tmp_path, {}))  # b was not run
    done(tmp_path, "b", "NOT_APPLICABLE")
    assert trusted(summarize(tmp_path, {}))
    for verdict, failed in (("PASS", ()), ("FAIL", ("OUT-02",)), ("BLOCKED", ()), ("FAIL", ())):
        done(tmp_path, "b", verdict, *failed)
        assert not trusted(summarize(tmp_path, {}))


def test_a_right_unit_that_turns_red_is_as_bad_as_a_wrong_one_that_does_not(tmp_path: Path) -> None:
    campaign(tmp_path, "a")
    done(tmp_path, "a", "FAIL", "OUT-01")
    document = json.loads((tmp_path / "campaign.json").read_text("utf-8")) | {"variants": [3]}
    (tmp_path / "campaign.json").write_text(json.dumps(document), "utf-8")
    assert not trusted(summarize(tmp_path, {}))  # not tried yet
    place = tmp_path / "defects" / "variant-00003.json"
    place.write_text(json.dumps({"cases": 5, "shots": [], "wall_s": 1.0}), "utf-8")
    assert trusted(summarize(tmp_path, {}))
    red = {"case": "c", "verdict": "FAIL", "reason": "late", "failed": ["OUT-01"]}
    place.write_text(json.dumps({"cases": 5, "shots": [red], "wall_s": 1.0}), "utf-8")
    summary = summarize(tmp_path, {})
    assert summary["variants"] == {"asked": 1, "ran": 1, "cases": 5, "red": [{"seed": 3, **red}]}
    assert not trusted(summary)


def test_a_result_that_a_kill_left_torn_is_not_there(tmp_path: Path) -> None:
    campaign(tmp_path, "a")
    (tmp_path / "defects" / "a.json").write_text('{"shots": [', "utf-8")
    assert results(tmp_path) == {}
    assert summarize(tmp_path, {})["not_run"] == 1
