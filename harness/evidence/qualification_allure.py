"""A campaign in Allure's words: one result for each defect, by the requirement it is seeded for.

Theory. What is tested in a campaign is the suite: a defect that its own requirement found is *passed*, one that nothing
found, or only another requirement, is *failed*; without a judgement it is *broken*, and *skipped* when the car cannot
have it. Right variants and units at the edges of limits are results beside them. Names and contents follow from the
campaign's folder alone, so writing them again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.evidence.allure_folder import RESULTS
from harness.evidence.kills import Fate
from harness.foundation.values import Verdict

Result = dict[str, Any]

STATUS: dict[str | None, str] = {
    str(Fate.OWN): "passed",
    str(Fate.OTHER): "failed",
    str(Fate.SURVIVED): "failed",
    str(Fate.INFRA): "broken",
    str(Fate.NOT_APPLICABLE): "skipped",
    None: "skipped",
}
SAID: dict[str | None, str] = {
    str(Fate.OWN): "KILLED by its own requirement",
    str(Fate.OTHER): "KILLED ONLY BY ANOTHER requirement",
    str(Fate.SURVIVED): "SURVIVED",
    str(Fate.INFRA): "NO JUDGEMENT",
    str(Fate.NOT_APPLICABLE): "NOT APPLICABLE",
    None: "NOT RUN",
}
CATEGORIES = (
    ("Survived: nothing turned red", "failed", "^SURVIVED"),
    ("Found only by another requirement", "failed", "^KILLED ONLY"),
    ("A right unit that did not pass", "failed", "^RIGHT UNIT"),
    ("A unit at the edge of a limit was judged wrongly", "failed", "^EDGE"),
    ("No judgement", "broken", "^NO JUDGEMENT"),
    ("Not applicable to this car", "skipped", "^NOT APPLICABLE"),
    ("Not run", "skipped", "^NOT RUN"),
)
AS_IT_SHOULD = ("right", None)


def write(out: Path, summary: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Write ``allure-results`` anew from ``qualification.json``'s content and what ``defects/`` holds; returns the
    facts that ``allure_html.write_html`` wants."""
    folder = out / RESULTS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    begun = int(summary["started_ms"])
    titles = {row["id"]: row["title"] for row in summary["requirements"]}
    for result in (*_defects(summary, done, titles), *_variants(summary, done), *_edges(summary, titles)):
        uuid = hashlib.sha256(result["fullName"].encode()).hexdigest()[:32]
        wall = result.pop("wall_s")
        result |= {"uuid": uuid, "historyId": uuid, "testCaseId": uuid, "stage": "finished", "start": begun}
        result |= {"stop": begun + round(wall * 1000)}
        (folder / f"{uuid}-result.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    lines = {"Vehicle": summary["vehicle"], "Seed": summary["seed"], "Level": summary["level"], **summary["versions"]}
    text = "".join(f"{name}={value}\n" for name, value in lines.items())
    (folder / "environment.properties").write_text(text, encoding="utf-8")
    return {
        "vehicle": summary["vehicle"],
        "report": f"Qualification {out.resolve().name}",
        "categories": CATEGORIES,
    }


def _defects(
    summary: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]
) -> Iterator[Result]:
    for row in summary["defects"]:
        fate, own = row["fate"], row["requirements"][0]
        by = f" ({row['by']})" if row["by"] else ""
        yield {
            "name": f"{row['id']}: {row['symptom']}",
            "fullName": f"defect {row['id']}",
            "status": STATUS[fate],
            "statusDetails": {"message": f"{SAID[fate]}{by}: {row['reason']}"},
            "labels": _labels(
                ("epic", f"Defects {own.partition('-')[0]}"),
                ("feature", f"{own} {titles.get(own, '')}".strip()),
                ("story", row["kind"]),
                ("tag", row["kind"]),
                *(("tag", requirement) for requirement in row["requirements"]),
                ("kind", row["kind"]),
            ),
            "parameters": [{"name": "kind", "value": row["kind"]}],
            "steps": [_step(shot, own) for shot in done.get(row["id"], {}).get("shots", ())],
            "wall_s": row["wall_s"] or 0.0,
        }


def _step(shot: Mapping[str, Any], own: str) -> Result:
    """A case that was run against the defect. That it fails on the defect's requirement is what is wanted of it."""
    wanted = shot["verdict"] == Verdict.FAIL and own in shot["failed"]
    broken = shot["verdict"] in (Verdict.BLOCKED, Verdict.ERROR)
    status = "passed" if wanted or shot["verdict"] == Verdict.PASS else "broken" if broken else "failed"
    name = f"{shot['verdict']}{' as it should' if wanted else ''}: {shot['case']}"
    return {"name": name, "status": status, "statusDetails": {"message": shot["reason"]}, "stage": "finished"}


def _variants(summary: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]]) -> Iterator[Result]:
    variants = summary["variants"]
    red: dict[int, list[Mapping[str, Any]]] = {}
    for shot in variants["red"]:
        red.setdefault(shot["seed"], []).append(shot)
    for seed in range(1, variants["asked"] + 1):
        found = done.get(f"variant-{seed:05}")
        bad = red.get(seed, [])
        said = f"RIGHT UNIT not green: {bad[0]['case']}: {bad[0]['reason']}" if bad else ""
        yield {
            "name": f"right unit {seed}",
            "fullName": f"variant {seed}",
            "status": "failed" if bad else "passed" if found else "skipped",
            "statusDetails": {"message": said or (f"{found['cases']} cases, all green" if found else "NOT RUN")},
            "labels": _labels(("epic", "Right units"), ("feature", "variants"), ("tag", "variant")),
            "steps": [
                {"name": f"{s['verdict']}: {s['case']}", "status": "failed", "statusDetails": {"message": s["reason"]}}
                for s in bad
            ],
            "wall_s": found["wall_s"] if found else 0.0,
        }


def _edges(summary: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[Result]:
    for row in (summary["edges"] or {}).get("rows", ()):
        own, became = str(row["limit"]).partition(".")[0], row["outcome"]
        text = f"{row['asked']:.6g} {row['unit']} asked, {row['measured']} measured; {row['text']} {row['reason']}"
        head = "" if became == "right" else "NOT RUN: " if became is None else f"EDGE {became}: "
        yield {
            "name": f"{row['id']} {row['where']}",
            "fullName": f"edge {row['id']} {row['where']}",
            "status": "passed" if became == "right" else "skipped" if became is None else "failed",
            "statusDetails": {"message": (head + text).strip()},
            "labels": _labels(
                ("epic", "Units at the edges of limits"),
                ("feature", f"{own} {titles.get(own, '')}".strip()),
                ("tag", own),
                ("tag", "edge"),
            ),
            "wall_s": 0.0,
        }


def _labels(*pairs: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
