"""A campaign of seeded defects as data: what was to be tried, what became of it, and whether the suite may be trusted.

The folder: ``campaign.json`` (baseline and defects, in order), ``defects/ID.json`` (one per defect that is done),
``qualification.json`` (made from both, by ``summarize``). The figure is about the simulated unit; what it says about a
real one is argued in the report, not computed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.evidence import edges
from harness.evidence.kills import Fate, Shot, fate

COUNTED = (Fate.OWN, Fate.OTHER, Fate.SURVIVED, Fate.INFRA)


def results(folder: Path) -> dict[str, dict[str, Any]]:
    """What became of the defects so far, by id; a file that a kill left torn counts as not there."""
    found = {}
    for path in sorted((folder / "defects").glob("*.json")):
        try:
            found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
    return found


def summarize(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """``qualification.json``'s content: counts by fate, one row per defect, one per requirement."""
    campaign = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    done = results(folder)
    rows = []
    for defect in campaign["defects"]:
        found = done.get(defect["id"])
        shots = [] if found is None else [Shot.from_json(shot) for shot in found["shots"]]
        what, by = (None, None) if found is None else fate(defect["requirements"], shots)
        rows.append(
            {
                "id": defect["id"],
                "symptom": defect["symptom"],
                "kind": defect["kind"],
                "requirements": defect["requirements"],
                "fate": None if what is None else str(what),
                "by": None if by is None else by.case,
                "reason": _reason(defect, what, by),
                "cases": len(shots),
                "wall_s": round(found["wall_s"], 2) if found else None,
                "also_failed": sorted({r for shot in shots for r in shot.failed} - set(defect["requirements"])),
            }
        )
    counts = Counter(row["fate"] for row in rows)
    variants = [done.get(f"variant-{seed:05}") for seed in campaign["variants"]]
    return {
        "schema": 1,
        **facts,
        **{str(f): counts[str(f)] for f in COUNTED},
        "not_applicable": counts[str(Fate.NOT_APPLICABLE)],
        "not_run": counts[None],
        "baseline": campaign["baseline"],
        "variants": _variants(campaign["variants"], variants),
        "edges": edges.summary(campaign, done),
        "defects": rows,
        "requirements": _by_requirement(rows, campaign["requirements"]),
        "kinds": _by_kind(rows),
        "slice": bool(campaign.get("slice")),
    }


def _variants(seeds: list[int], found: list[dict[str, Any] | None]) -> dict[str, Any]:
    """Right units that are not alike: how many were tried, on how many cases, and every case that was not green."""
    ran = [one for one in found if one is not None]
    red = [
        {"seed": seed, **shot} for seed, one in zip(seeds, found, strict=True) for shot in (one["shots"] if one else ())
    ]
    return {"asked": len(seeds), "ran": len(ran), "cases": sum(one["cases"] for one in ran), "red": red}


def trusted(summary: Mapping[str, Any]) -> bool:
    """Every defect that applies was killed by its own requirement, every right unit passed, and every unit at an edge
    was judged as it should be."""
    bad = any(summary[key] for key in (str(Fate.OTHER), str(Fate.SURVIVED), str(Fate.INFRA), "not_run"))
    variants = summary["variants"]
    alike = not variants["red"] and variants["ran"] == variants["asked"]
    return not bad and alike and edges.all_right(summary["edges"])


def _reason(defect: Mapping[str, Any], what: Fate | None, by: Shot | None) -> str:
    if what is None:
        return "not run"
    if by is not None:
        return by.reason
    if what is Fate.NOT_APPLICABLE:
        return f"no case of {defect['requirements'][0]} applies to this car"
    return "every case passed" if defect.get("own") else f"no scenario judges {defect['requirements'][0]}"


def _by_kind(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for kind in sorted({row["kind"] for row in rows}):
        own = Counter(row["fate"] for row in rows if row["kind"] == kind)
        counts = {str(f): own[str(f)] for f in (*COUNTED, Fate.NOT_APPLICABLE)}
        found.append({"kind": kind, "defects": sum(own.values()), **counts, "not_run": own[None]})
    return found


def _by_requirement(rows: list[dict[str, Any]], requirements: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, title in requirements.items():
        own = Counter(row["fate"] for row in rows if row["requirements"][0] == name)
        counts = {str(f): own[str(f)] for f in (*COUNTED, Fate.NOT_APPLICABLE)}
        found.append({"id": name, "title": title, "defects": sum(own.values()), **counts})
    return found
