"""The page of a comparison: divergences first, then each requirement's figures of both runs, then every case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from harness.evidence.compare import CasePair, Comparison, FigurePair, RequirementPair
from harness.evidence.compared_run import ComparedRun, Figure
from harness.evidence.distribution import Distribution, distribution
from harness.evidence.strip_pair import strip_pair
from harness.evidence.summary import template_folders
from harness.evidence.wording import NEVER, number, plain, scale_of, show_limit, show_margin
from harness.foundation.values import Verdict


def write(path: Path, comparison: Comparison) -> None:
    """Render the page into ``path``; it needs nothing beside itself. OSError where that cannot be written."""
    import jinja2

    loader = jinja2.FileSystemLoader([str(p) for p in template_folders()])
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = plain
    totals = Counter(pair.verdicts for pair in comparison.cases)
    cases = [_case(pair, comparison) for pair in comparison.cases]
    page = environment.get_template("compare.html").render(
        counted=[d for d in comparison.divergences if d.counts],
        told=[d for d in comparison.divergences if not d.counts],
        runs=[_run("A", comparison.a), _run("B", comparison.b)],
        threshold=number(comparison.threshold * 100, 1),
        same=sum(n for (a, b), n in totals.items() if a is b),
        changed=[(str(a), str(b), n) for (a, b), n in sorted(totals.items()) if a is not b],
        requirements=[_requirement(row) for row in comparison.requirements],
        cases=cases,
        pictures=[p for case in cases for p in case["pictures"]],
    )
    path.write_text(page, encoding="utf-8")


def _run(letter: str, run: ComparedRun) -> dict[str, Any]:
    facts = run.facts
    totals = [(v, n) for v, n in (facts.get("totals") or {}).items()]
    return {"letter": letter, "path": str(run.path), "facts": facts, "totals": totals, "run": run}


def _requirement(row: RequirementPair) -> dict[str, Any]:
    ends = [v for d in (row.a, row.b) for v in (d.low, d.high)]
    unit, factor = scale_of(row.unit, *ends, row.limit.get("low"), row.limit.get("high"))
    return {
        "id": row.requirement,
        "quantity": row.quantity,
        "observation": row.observation,
        "limit": show_limit(row.limit),
        "source": row.limit.get("source", ""),
        "plot": strip_pair(*row.points, row.limit, row.unit),
        "runs": [_figures("A", row.a, unit, factor), _figures("B", row.b, unit, factor)],
    }


def _figures(letter: str, found: Distribution, unit: str, factor: float) -> dict[str, Any]:
    shown = [
        "-" if v is None else f"{number(v * factor, 2)} {unit}".rstrip() for v in (found.low, found.median, found.high)
    ]
    within = None if found.within is None else number(found.within * 100, 1)
    return {"letter": letter, "n": found.n, "never": found.never, "figures": shown, "within": within}


def _case(pair: CasePair, comparison: Comparison) -> dict[str, Any]:
    told = pair.a or pair.b
    assert told is not None
    own = [d for d in comparison.divergences if d.case == pair.key[1] and d.counts]
    a, b = pair.verdicts
    return {
        "id": told.id,
        "title": told.title,
        "requirements": told.requirements,
        "a": str(a),
        "b": str(b),
        "reasons": [
            (letter, case.reason)
            for letter, case in (("A", pair.a), ("B", pair.b))
            if case is not None and case.verdict is not Verdict.PASS and case.reason
        ],
        "diverges": bool(own),
        "figures": [_pair(figures) for figures in pair.figures],
        "pictures": [_picture(told.id, figures) for figures in pair.figures if figures.diverges],
    }


def _pair(pair: FigurePair) -> dict[str, Any]:
    told = pair.either
    ends = [v for f in (pair.a, pair.b) if f for p in f.points() for v in (p.low, p.high)]
    unit, factor = scale_of(told.unit, *ends, told.limit.get("low"), told.limit.get("high"))
    difference = ""
    if pair.difference is not None and pair.difference_bounds is not None:
        low, high = pair.difference_bounds
        small, times = scale_of(told.unit, low, high)
        difference = f"{pair.difference * times:+.4g} {small}".rstrip()
        difference += "" if low == high else f" ({low * times:+.4g} .. {high * times:+.4g})"
    return {
        "requirement": told.requirement,
        "what": told.sentence,
        "limit": show_limit(told.limit),
        "a": _value(pair.a, unit, factor),
        "b": _value(pair.b, unit, factor),
        "margins": [show_margin(f.margin, f.unit) if f and f.judged else "-" for f in (pair.a, pair.b)],
        "difference": difference,
        "diverges": pair.diverges,
    }


def _value(figure: Figure | None, unit: str, factor: float) -> dict[str, str]:
    """The value as people read it, and its bounds; of several the median, lowest and highest."""
    if figure is None:
        return {"value": "-", "bounds": "not reached", "verdict": ""}
    if not figure.judged:
        return {"value": "-", "bounds": "no witness", "verdict": str(figure.verdict)}
    points = figure.points()
    if not points:
        return {"value": NEVER, "bounds": "", "verdict": str(figure.verdict)}
    many = len(figure.samples) > 1
    middle = distribution(figure.samples, figure.limit).median
    assert middle is not None
    low, high = (min(p.low for p in points), max(p.high for p in points))
    bounds = "" if low == high else f"{number(low * factor)} .. {number(high * factor)} {unit}".rstrip()
    words = f"{number(middle * factor)} {unit}".rstrip()
    if many:
        words = f"median {words}"
        bounds = f"{len(figure.samples)} samples{', ' + bounds if bounds else ''}"
    return {"value": words, "bounds": bounds, "verdict": str(figure.verdict)}


def _picture(id_: str, pair: FigurePair) -> dict[str, str]:
    assert pair.a is not None
    assert pair.b is not None
    plot = strip_pair(pair.a.points(), pair.b.points(), pair.a.limit, pair.a.unit)
    return {"case": id_, "requirement": pair.key[0], "what": pair.a.sentence, "plot": plot}
