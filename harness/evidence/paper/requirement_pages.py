"""A page per requirement: what it asks, what was measured, and the exhibits that show it.

Of the many cases of a run on several cars these are shown: the one with the least margin, and those that did not pass,
up to MOST_RED; the others are named in the chapter of what did not pass. All are in the run folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.paper import naming
from harness.evidence.paper.chapters import short, title
from harness.evidence.paper.figures import Found, Row, figures
from harness.evidence.paper.material import Material
from harness.evidence.paper.pictures import distribution, screen, signals
from harness.evidence.tightness import tightness
from harness.evidence.wording import show_limit
from harness.foundation.values import Verdict

MOST_RED = 3
_GREEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)

Keep = Callable[[str | Path], str]
"""Takes an SVG text or a picture's file into the report, and returns the name by which the template finds it."""


def pages(material: Material, all_rows: Sequence[Row], font: str, keep: Keep) -> list[dict[str, Any]]:
    """One entry per requirement that a case was about, in the order of the catalogue."""
    by_requirement: dict[str, list[Row]] = {}
    for row in all_rows:
        by_requirement.setdefault(row.requirement, []).append(row)
    about: dict[str, list[CaseRecord]] = {}
    for case in material.cases:
        for requirement in case.requirements:
            about.setdefault(requirement, []).append(case)
    found = []
    for requirement in material.run["requirements"]:
        name = requirement["id"]
        rows, cases = by_requirement.get(name, []), about.get(name, [])
        if rows or cases:
            found.append(_page(material, requirement, rows, cases, font, keep))
    return found


def _page(
    material: Material, requirement: Mapping[str, Any], rows: Sequence[Row], cases: Sequence[CaseRecord], font: str,
    keep: Keep,
) -> dict[str, Any]:  # fmt: skip
    w, name = material.words, str(requirement["id"])
    entry = material.catalogue.get(name, {})
    red = [case for case in cases if case.verdict_on(name) not in _GREEN]
    lang = material.lang
    return {
        "id": name,
        "title": title(material, name),
        "version": str(entry.get("version", "")),
        "text": str(entry.get(f"text_{lang}") or entry.get("text") or w["text_missing"]),
        "later": w["text_later"] if entry.get("later") else "",
        "rationale": str(entry.get(f"rationale_{lang}") or entry.get("rationale") or ""),
        "cells": [
            {"car": car, "verdict": cell["verdict"], "cases": str(cell["cases"]), "reason": cell["reason"]}
            for car, cell in requirement["cars"].items()
        ],
        "limits": list(dict.fromkeys(_limit(row, w) for row in rows)),
        "rows": [figures(row, w) for row in rows],
        "strips": [s for s in (_strip(quantity, w, font, keep) for quantity in _quantities(rows)) if s],
        "exhibits": _exhibits(name, rows, cases, red, w, font, keep),
        "more": max(len(red) - MOST_RED, 0),
    }


def _quantities(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one quantity and limit together, whatever the car."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.quantity, show_limit(row.limit)), []).append(row)
    return list(groups.values())


def _strip(rows: Sequence[Row], w: Mapping[str, str], font: str, keep: Keep) -> dict[str, str] | None:
    checks = [c for row in rows for c in row.checks if c["verdict"] != Verdict.NOT_APPLICABLE]
    values = {v for c in checks for v in (c.get("values") or [c["value"]]) if v is not None}
    drawn = distribution(checks, font) if len(values) > 1 else ""  # dots on one spot show nothing
    if not drawn:
        return None
    samples = sum(row.samples for row in rows)
    limit = naming.bounds(rows[0].limit, w)
    label = w["l_strip"].format(quantity=naming.quantity(rows[0].quantity, w), limit=limit)
    return {"label": label, "samples": str(samples), "file": keep(drawn)}


def _limit(row: Row, w: Mapping[str, str]) -> str:
    """ "latency <= 250 ms: maker's value"."""
    called, bounds = naming.quantity(row.quantity, w), naming.bounds(row.limit, w)
    return w["l_line"].format(quantity=called, limit=bounds, source=naming.source(row.limit, w))


def _exhibits(
    name: str, rows: Sequence[Row], cases: Sequence[CaseRecord], red: Sequence[CaseRecord], w: Mapping[str, str],
    font: str, keep: Keep,
) -> list[dict[str, Any]]:  # fmt: skip
    judged: list[Found] = [pair for row in rows for pair in row.found if pair[1]["verdict"] != Verdict.NOT_APPLICABLE]
    chosen: list[tuple[CaseRecord, Mapping[str, Any] | None, str]] = []
    shown = _of_each_car(red)[:MOST_RED]
    for case in shown:
        own = [c for c in case.checks if c["requirement"] == name and c["verdict"] not in _GREEN]
        chosen.append((case, min(own, key=tightness) if own else None, w["exhibit_red"]))
    if judged:
        case, check = min(judged, key=lambda pair: tightness(pair[1]))
        if not any(case is one for one in shown):
            chosen.append((case, check, w["exhibit_tightest"]))
    return [e for e in (_exhibit(case, check, why, w, font, keep) for case, check, why in chosen) if e]


def _of_each_car(cases: Sequence[CaseRecord]) -> list[CaseRecord]:
    """The first of each car, then the second of each, and so on."""
    turns: dict[str, int] = {}
    turn: dict[int, int] = {}
    for case in cases:
        turn[id(case)] = turns[case.vehicle] = turns.get(case.vehicle, -1) + 1
    return sorted(cases, key=lambda case: turn[id(case)])


def _exhibit(
    case: CaseRecord, check: Mapping[str, Any] | None, why: str, w: Mapping[str, str], font: str, keep: Keep
) -> dict[str, Any]:
    drawn = signals(case, font)
    picture = screen(case, check)
    return {
        "why": why,
        "case": short(case),
        "car": case.vehicle,
        "title": case.title,
        "verdict": str(case.verdict),
        "reason": str(check["reason"]) if check is not None else case.reason,
        "plot": keep(drawn) if drawn else "",
        "picture": keep(picture[0]) if picture else "",
        "picture_at": w["picture_at"].format(t=picture[1]) if picture else "",
    }
