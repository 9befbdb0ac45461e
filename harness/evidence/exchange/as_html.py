"""The trace matrix as one self-contained page: the template ``trace.html`` of ``reports/templates``."""

from __future__ import annotations

from typing import Any

from harness.evidence.exchange.trace import Trace
from harness.evidence.summary import template_folders
from harness.evidence.wording import plain, show_margin, show_value
from harness.judging.requirements import limit_text


def write_html(trace: Trace) -> str:
    """The page's text."""
    import jinja2

    loader = jinja2.FileSystemLoader([str(p) for p in template_folders()])
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = plain
    rows = [_row(trace, name) for name in trace.entries]
    known = set(trace.entries)
    return environment.get_template("trace.html").render(
        rows=rows,
        run=trace.run,
        scenarios=len(trace.scenarios),
        defects=len(trace.defects),
        open=[row["id"] for row in rows if not row["scenarios"]],
        unseeded=[row["id"] for row in rows if not row["defects"]],
        strays=[s.id for s in trace.scenarios if not s.requirements or set(s.requirements) - known],
    )


def _row(trace: Trace, name: str) -> dict[str, Any]:
    entry = trace.entries[name]
    measured = [
        {
            "quantity": quantity,
            "text": limit_text(limit),
            **{key: limit.get(key, "") for key in ("source", "edition", "clause", "verified_by")},
            "status": limit.get("status") or "maker's value",
            "by": sorted({s.name for s in trace.measuring(name, quantity)}),
        }
        for quantity, limit in entry.get("limits", {}).items()
    ]
    cars = []
    for car, cell in trace.verdicts_of(name):
        worst = cell.get("worst")
        figure = ""
        if worst:
            value, margin = show_value(worst["value"], worst["unit"]), show_margin(worst["margin"], worst["unit"])
            figure = f"{worst['quantity']} {value}, margin {margin}"
        cars.append({"car": car, "verdict": cell["verdict"], "reason": cell["reason"], "figure": figure})
    return {
        "id": name,
        "entry": entry,
        "limits": measured,
        "scenarios": list(dict.fromkeys(s.name for s in trace.scenarios_of(name))),
        "defects": trace.defects_of(name),
        "cars": cars,
    }
