"""The chapters that are tables: results, what did not pass, deviations, trace matrix, attempts, confidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.deviations import Standing
from harness.evidence.paper.figures import Row, figures
from harness.evidence.paper.material import Material
from harness.foundation.values import Verdict

_STANDING = {
    str(Standing.COVERS): "st_covers",
    str(Standing.EXPIRED): "st_expired",
    str(Standing.OUTSIDE): "st_outside",
    str(Standing.PASSES): "st_passes",
    str(Standing.IDLE): "st_idle",
}
_GREEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def results(material: Material, all_rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One entry per requirement with its rows; a requirement without a figure has its verdict all the same."""
    w = material.words
    by_requirement: dict[str, list[dict[str, Any]]] = {}
    for row in all_rows:
        by_requirement.setdefault(row.requirement, []).append(figures(row, w))
    found = []
    for requirement in material.run["requirements"]:
        cells = {car: cell for car, cell in requirement["cars"].items() if cell["cases"]}
        if not cells and requirement["id"] not in by_requirement:
            continue
        rows = by_requirement.get(requirement["id"], [])
        judged = {row["car"] for row in rows}
        bare = [{"car": car, **cell} for car, cell in cells.items() if car not in judged]
        found.append(
            {
                "id": requirement["id"],
                "title": title(material, requirement["id"]),
                "rows": rows,
                "bare": [{key: cell[key] for key in ("car", "verdict", "reason")} for cell in bare],
            }
        )
    return found


def title(material: Material, requirement: str) -> str:
    """The requirement's title in the report's language where the catalogue has it, else as it is."""
    entry = material.catalogue.get(requirement, {})
    return str(entry.get(f"title_{material.lang}") or entry.get("title") or "")


def not_passed(material: Material) -> list[dict[str, str]]:
    """Every attempt that was neither PASS nor NOT APPLICABLE."""
    tickets = {c["folder"]: c["deviation"]["ticket"] for c in material.run["cases"] if c.get("deviation")}
    return [
        {
            "id": short(case),
            "car": case.vehicle,
            "title": case.title,
            "verdict": str(case.verdict),
            "reason": case.reason,
            "attempt": str(case.attempt),
            "ticket": str(tickets.get(f"cases/{case.folder.name}" if case.folder else None, "")),
        }
        for case in material.cases
        if case.verdict not in _GREEN
    ]


def deviations(material: Material) -> dict[str, Any]:
    """Accepted deviations, additions (what was seeded or disturbed), exclusions (what was not executed)."""
    w, run = material.words, material.run
    accepted = [
        {
            "case": c["id"],
            "ticket": str(c["deviation"]["ticket"]),
            "approver": str(c["deviation"]["approver"]),
            "expires": str(c["deviation"]["expires"]),
            "standing": w[_STANDING[c["deviation"]["standing"]]] if c["deviation"]["standing"] in _STANDING else "",
            "verdict": c["verdict"],
        }
        for c in run["cases"]
        if c.get("deviation")
    ]
    crash = run.get("crash")
    broke = w["crashed"].format(what=crash.get("what", "")) if isinstance(crash, Mapping) else ""
    additions = [
        (w["seeded"], ", ".join(map(str, run.get("defect") or ()))),
        (w["variant"], "" if run.get("variant_seed") is None else str(run["variant_seed"])),
        (w["disturbances"], ", ".join(map(str, run.get("disturbances") or ()))),
        ("", w["interrupted"] if material.facts.get("interrupted") else ""),
        ("", broke),
    ]
    left = [
        {
            "id": r["id"],
            "title": title(material, r["id"]),
            "version": str(material.catalogue[r["id"]].get("version", "")),
        }
        for r in run["requirements"]
        if not any(cell["cases"] for cell in r["cars"].values())
    ]
    return {
        "accepted": accepted,
        "additions": [[label, value] for label, value in additions if value],
        "left_out": left,
        "not_applicable": _why_not(material),
        "cut_off": [{"id": short(c), "car": c.vehicle, "reason": c.reason}
                    for c in material.cases if c.verdict is Verdict.NOT_EXECUTED],
    }  # fmt: skip


def _why_not(material: Material) -> list[dict[str, str]]:
    """Each requirement and car with cases that did not apply, and why; one line for the same reason."""
    lines: dict[tuple[str, str, str], int] = {}
    for case in material.cases:
        if case.verdict is Verdict.NOT_APPLICABLE:
            key = (", ".join(case.requirements), case.vehicle, case.reason)
            lines[key] = lines.get(key, 0) + 1
    return [{"requirement": r, "car": c, "reason": why, "count": str(n)} for (r, c, why), n in lines.items()]


def matrix(material: Material) -> dict[str, Any]:
    """Requirement by car, then requirement by case and car; a cell has the verdicts of all attempts, in order."""
    by_car = [
        {
            "id": r["id"],
            "title": title(material, r["id"]),
            "cells": [{"verdict": cell["verdict"], "cases": str(cell["cases"])} for cell in r["cars"].values()],
        }
        for r in material.run["requirements"]
    ]
    cars = list(material.run["cars"])
    lines: dict[str, dict[str, dict[str, list[str]]]] = {r["id"]: {} for r in material.run["requirements"]}
    for case in material.cases:
        for requirement in case.requirements:
            cells = lines.setdefault(requirement, {}).setdefault(short(case), {})
            cells.setdefault(case.vehicle, []).append(str(case.verdict_on(requirement)))
    by_case = [
        {
            "id": name,
            "title": title(material, name),
            "cases": [{"case": case, "cells": [cells.get(car, []) for car in cars]} for case, cells in found.items()],
        }
        for name, found in lines.items()
    ]
    return {"by_car": by_car, "by_case": by_case}


def attempts(material: Material) -> dict[str, Any]:
    """How often each case was attempted; the lines are those of cases with more than one attempt."""
    several = _several(material.cases)
    begun = [case for case in material.cases if case.folder is not None]
    return {
        "note": material.words["attempts_note"].format(
            n=len(begun), cases=len({(c.runner, c.id) for c in material.cases})
        ),
        "lines": [
            {"id": short(c), "car": c.vehicle, "attempt": str(c.attempt), "verdict": str(c.verdict), "reason": c.reason}
            for c in material.cases
            if (c.runner, c.id) in several
        ],
    }


def confidence(material: Material) -> list[list[str]]:
    """The figures of a qualification as label and figure; empty where none was given."""
    w, found = material.words, material.qualification
    if found is None:
        return []
    seeded = sum(int(found.get(key, 0)) for key in ("killed_own", "killed_other", "survived", "infra_error"))
    variants = dict(found.get("variants") or {})
    edges = dict(found.get("edges") or {})
    lines = [
        [w["conf_when"], str(found.get("ended") or found.get("started") or "")[:10]],
        [w["command"], str(found.get("command", ""))],
        [w["cars"], str(found.get("vehicle", ""))],
        [w["conf_seeded"], str(seeded)],
        [w["conf_own"], str(found.get("killed_own", 0))],
        [w["conf_other"], str(found.get("killed_other", 0))],
        [w["conf_survived"], str(found.get("survived", 0))],
        [w["conf_infra"], str(found.get("infra_error", 0))],
        [w["conf_na"], str(found.get("not_applicable", 0))],
        [w["conf_not_run"], str(found.get("not_run", 0))],
    ]
    if variants:
        lines.append([w["conf_variants"], f"{variants.get('ran', 0)} / {len(variants.get('red') or ())}"])
    if edges:
        lines.append([w["conf_edges"], f"{edges.get('right', 0)} / {edges.get('units', 0)}"])
    return lines


def short(case: CaseRecord) -> str:
    """The case's id without what every id of the run begins with, and without its car, which has a column."""
    said = case.id.removeprefix("scenarios/")
    return said.replace(f"[{case.vehicle}]", "").replace(f"[{case.vehicle}-", "[") if case.vehicle else said


def _several(cases: Sequence[CaseRecord]) -> set[tuple[str, str]]:
    counts = Counter((case.runner, case.id) for case in cases)
    return {key for key, count in counts.items() if count > 1}
