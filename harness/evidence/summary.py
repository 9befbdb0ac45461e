"""``summary.html``: the run on one self-contained page, for people, mail and paper. Needs nothing but the run folder.

The page is the template ``summary.html`` of ``reports/templates``; a project's own copy of that folder wins over ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.deviations import Applied
from harness.evidence.exhibits import SIGNALS, exhibits
from harness.evidence.shrinking import told
from harness.evidence.strip import span_of, strip_plot
from harness.evidence.verdicts import cars_of, notes_of, verdict_rows
from harness.evidence.wording import plain, show_check, show_limit, show_margin, show_measured
from harness.foundation.units import show_time
from harness.foundation.values import Verdict, worst

MOST_PLOTS = 20


def write(
    path: Path,
    cases: Sequence[CaseRecord],
    run: Mapping[str, Any],
    facts: Mapping[str, Any],
    applied: Sequence[Applied],
) -> None:
    """Render the page."""
    import jinja2

    loader = jinja2.FileSystemLoader([str(p) for p in template_folders()])
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = plain
    cars, notes = cars_of(cases, facts), notes_of(facts)
    deviations = {a.case.name: a for a in applied}
    page = environment.get_template("summary.html").render(
        run=run,
        facts=facts,
        name=path.parent.resolve().name,
        verdict=_overall(run, cases),
        totals=[(v, run["totals"].get(str(v), 0)) for v in Verdict],
        cars=[{"id": car, "name": name, "note": notes.get(car, "")} for car, name in cars.items()],
        compared=_compared(cases, facts),
        requirements=requirement_rows(cases, facts),
        left_out=[row for row in verdict_rows(cases, facts) if not row.executed],
        shrinking=[{**s, "told": told(s)} for s in facts.get("shrinking") or ()],
        cases=_case_rows(cases, deviations),
        applied=applied,
        order=[str(v) for v in Verdict],
    )
    path.write_text(page, encoding="utf-8")


def template_folders() -> list[Path]:
    """The project's, then the checkout's, then the installed ones."""
    package = Path(__file__).resolve().parents[1]
    return [
        Path("reports/templates"),
        package.parent / "reports" / "templates",
        package / "data" / "reports" / "templates",
    ]


def _overall(run: Mapping[str, Any], cases: Sequence[CaseRecord]) -> str:
    if run["crash"]:
        return str(Verdict.ERROR)
    return str(worst(case.verdict for case in cases if not case.superseded))


def requirement_rows(cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per requirement that cases were about: verdict, and per quantity and limit what each car measured against it."""
    names = cars_of(cases, facts)
    several = len(names) > 1
    shrinking = {(s["requirement"], s["quantity"], s["vehicle"]): s for s in facts.get("shrinking") or ()}
    rows = []
    for row in verdict_rows(cases, facts):
        checks = [(case, c) for case in cases for c in case.checks if c["requirement"] == row.id]
        if not row.executed and not checks:
            continue
        verdict = row.verdict if row.executed else worst(Verdict(c["verdict"]) for _, c in checks)
        quantities: dict[tuple[str, str], list[Any]] = {}
        for case, check in checks:
            quantities.setdefault((check["quantity"], check["unit"]), []).append((case, check))
        limits = [
            limit
            for (quantity, unit), found in quantities.items()
            for limit in _limit_rows(row.id, quantity, unit, found, shrinking, several)
        ]
        rows.append(
            {
                "id": row.id,
                "title": row.title,
                "verdict": str(verdict),
                "cases": sum(cell.cases for cell in row.cells.values()),
                "lanes": sum(len(limit["lanes"]) for limit in limits),
                "limits": limits,
            }
        )
    return rows


def _limit_rows(
    requirement: str,
    quantity: str,
    unit: str,
    found: Sequence[tuple[CaseRecord, Any]],
    shrinking: Mapping[tuple[str, str, str], Mapping[str, Any]],
    several: bool,
) -> list[dict[str, Any]]:
    """One entry per limit that was set for a quantity, in it one lane per car, all on one scale."""
    span = span_of([check for _, check in found]) if several else None
    limits: dict[str, list[Any]] = {}
    for case, check in found:
        limits.setdefault(show_limit(check["limit"]), []).append((case, check))
    rows = []
    for text, here in limits.items():
        cars: dict[str, list[Any]] = {}
        for case, check in here:
            cars.setdefault(case.vehicle, []).append((case, check))
        limit = here[0][1]["limit"]
        status = str(limit.get("status") or "")
        lanes = []
        for car, own in cars.items():
            lane = _lane(unit, own, span)
            shrinks = shrinking.get((requirement, quantity, car))
            lane |= {"car": car if several else "", "shrinks": told(shrinks) if shrinks else ""}
            lanes.append(lane)
        source = limit.get("source", "")
        status = "" if status in str(source) else status
        rows.append({"quantity": quantity, "limit": text, "source": source, "status": status, "lanes": lanes})
    return rows


def _lane(unit: str, found: Sequence[tuple[CaseRecord, Any]], span: tuple[float, float] | None) -> dict[str, Any]:
    """What one car measured against one limit."""
    checks = [check for _, check in found]
    judged = [c for c in checks if c["verdict"] != Verdict.NOT_APPLICABLE]
    margins = [c["margin"] for c in checks if c["margin"] is not None]
    tightest = min(margins, default=None)
    at = next((case.id for case, c in found if c["margin"] == tightest), "") if margins else ""
    never = sum(c["value"] is None if not c.get("values") else c["values"].count(None) for c in judged)
    return {
        "count": sum(int(c.get("samples", 1)) for c in judged),
        "never": never,
        "margin": show_margin(tightest, unit),
        "tight": tightest is not None and tightest < 0,
        "at": at,
        "covers": next((c["covers"] for c in checks if c.get("covers")), ""),
        "plot": strip_plot(checks, span),
    }


def _compared(cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table of cars side by side; empty for one car."""
    if len(cars_of(cases, facts)) < 2:
        return []
    return [
        {
            "id": row.id,
            "title": row.title,
            "cells": [
                {
                    "verdict": str(cell.verdict),
                    "reason": cell.reason,
                    "quantity": cell.worst.quantity if cell.worst else "",
                    "figures": cell.worst.shown if cell.worst else None,
                    "tight": bool(cell.worst and cell.worst.margin is not None and cell.worst.margin < 0),
                }
                for cell in row.cells.values()
            ],
        }
        for row in verdict_rows(cases, facts)
    ]


def _case_rows(cases: Sequence[CaseRecord], deviations: Mapping[str, Applied]) -> list[dict[str, Any]]:
    rows = []
    plots = 0
    for case in cases:
        plot = ""
        shows = case.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE) and case.folder is not None
        if shows and plots < MOST_PLOTS and any(a["file"] == SIGNALS for a in case.attachments):
            first = next(exhibits(case), None)
            if first and isinstance(first.body, bytes) and first.type == "image/svg+xml":
                plot, plots = first.body.decode(), plots + 1
        applied = deviations.get(case.name)
        rows.append(
            {"case": case, "verdict": str(case.verdict), "steps": _steps(case), "plot": plot, "deviation": applied}
        )
    return rows


def _steps(case: CaseRecord) -> list[dict[str, Any]]:
    """The story of the case, one line per record, with its instant."""
    lines = []
    depth = 0
    for record in case.records:
        kind = record["kind"]
        t = show_time(record["t"]) if isinstance(record.get("t"), int) else ""
        line = {"t": t, "kind": kind, "depth": depth, "verdict": "", "detail": ""}
        if kind == "step":
            depth = int(record.get("depth", 0)) + 1
            line |= {"text": record["name"], "depth": depth - 1}
        elif kind == "stimulus":
            arguments = " ".join(str(v) for v in dict(record.get("arguments", {})).values() if v is not None)
            line |= {"text": f"{record['what']} {arguments}".rstrip()}
        elif kind == "check":
            failed = record["verdict"] != Verdict.PASS
            name = (
                show_check(record)
                if record["requirement"]
                else f"on the way: {record['observation']} " + show_measured(record)
            )
            line |= {"text": name, "verdict": record["verdict"], "detail": record["reason"] if failed else ""}
        elif kind == "note":
            line |= {"text": record["text"]}
        elif kind == "intent" and record is case.records[-1]:
            line |= {"text": f"{record['what']}: begun, and cut off"}
        elif kind == "restore":
            line |= {"text": f"restore: {record['reason']}", "verdict": record["verdict"], "depth": 0}
        else:
            continue
        lines.append(line)
    return lines
