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
from harness.evidence.strip import strip_plot
from harness.evidence.wording import plain, show_check, show_limit, show_margin, show_value
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
    catalogue = facts.get("requirements") or {}
    deviations = {a.case.name: a for a in applied}
    page = environment.get_template("summary.html").render(
        run=run,
        facts=facts,
        name=path.parent.resolve().name,
        verdict=_overall(run, cases),
        totals=[(v, run["totals"].get(str(v), 0)) for v in Verdict],
        requirements=requirement_rows(cases, catalogue),
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
    return str(worst(case.verdict for case in cases))


def requirement_rows(cases: Sequence[CaseRecord], catalogue: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per requirement: its cases' verdicts, and per limit the measured values with the smallest margin."""
    ids = dict.fromkeys(sorted({r for case in cases for r in case.requirements} | _checked(cases)))
    rows = []
    for requirement in ids:
        own = [case for case in cases if requirement in case.requirements]
        checks = [(case, c) for case in cases for c in case.checks if c["requirement"] == requirement]
        verdicts = [case.verdict_on(requirement) for case in own] or [Verdict(c["verdict"]) for _, c in checks]
        limits: dict[tuple[str, str, str], list[Any]] = {}
        for case, check in checks:
            key = (check["quantity"], check["unit"], show_limit(check["limit"]))
            limits.setdefault(key, []).append((case, check))
        entry = catalogue.get(requirement, {})
        rows.append(
            {
                "id": requirement,
                "title": entry.get("title", ""),
                "verdict": str(worst(verdicts)),
                "cases": len(own),
                "limits": [_limit_row(quantity, unit, text, found) for (quantity, unit, text), found in limits.items()],
            }
        )
    return rows


def _checked(cases: Sequence[CaseRecord]) -> set[str]:
    return {c["requirement"] for case in cases for c in case.checks if c["requirement"]}


def _limit_row(quantity: str, unit: str, text: str, found: Sequence[tuple[CaseRecord, Any]]) -> dict[str, Any]:
    checks = [check for _, check in found]
    limit = checks[0]["limit"]
    margins = [c["margin"] for c in checks if c["margin"] is not None]
    tightest = min(margins, default=None)
    at = next((case.id for case, c in found if c["margin"] == tightest), "") if margins else ""
    never = sum(c["value"] is None if not c.get("values") else c["values"].count(None) for c in checks)
    status = str(limit.get("status") or "")
    return {
        "quantity": quantity,
        "limit": text,
        "source": limit.get("source", ""),
        "status": "" if status in str(limit.get("source")) else status,
        "count": sum(int(c.get("samples", 1)) for c in checks),
        "never": never,
        "margin": show_margin(tightest, unit),
        "tight": tightest is not None and tightest < 0,
        "at": at,
        "plot": strip_plot(checks),
    }


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
                else f"on the way: {record['observation']} " + show_value(record["value"], record["unit"])
            )
            line |= {"text": name, "verdict": record["verdict"], "detail": record["reason"] if failed else ""}
        elif kind == "note":
            line |= {"text": record["text"]}
        elif kind == "restore":
            line |= {"text": f"restore: {record['reason']}", "verdict": record["verdict"], "depth": 0}
        else:
            continue
        lines.append(line)
    return lines
