"""Measurements as rows: one per requirement, car, quantity and limit, the tightest of them shown.

A check's uncertainty is its interval about the value. Where a check carries an ``uncertainty`` of its own (a budget of
components, a guard band), that is shown besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.paper import naming
from harness.evidence.tightness import tightness
from harness.evidence.wording import number, scale_of, show_limit
from harness.foundation.values import Verdict, worst

Check = Mapping[str, Any]
Found = tuple[CaseRecord, Check]


@dataclass(frozen=True)
class Row:
    """All measurements of one requirement, car and quantity against one limit, in the order of the run."""

    requirement: str
    car: str
    quantity: str
    unit: str
    limit: Mapping[str, Any]
    found: tuple[Found, ...]

    @property
    def verdict(self) -> Verdict:
        return worst(Verdict(check["verdict"]) for _, check in self.found)

    @property
    def checks(self) -> list[Check]:
        return [check for _, check in self.found]

    @property
    def tightest(self) -> Found:
        """The measurement with the least room; one that was not applicable only where all were."""
        judged = [pair for pair in self.found if pair[1]["verdict"] != Verdict.NOT_APPLICABLE]
        return min(judged or self.found, key=lambda pair: tightness(pair[1]))

    @property
    def samples(self) -> int:
        return sum(int(c.get("samples") or 1) for c in self.checks if c["verdict"] != Verdict.NOT_APPLICABLE)


def rows(cases: Sequence[CaseRecord], order: Sequence[str], cars: Sequence[str]) -> list[Row]:
    """Every row of the run: requirements in ``order``, then what is not in it; of each the quantities as they came up,
    and of each quantity the ``cars`` below each other. Steps on the way have no requirement and are no results."""
    found: dict[tuple[str, str, str, str, str], list[Found]] = {}
    for case in cases:
        for check in case.checks:
            if check["requirement"] and not check.get("prerequisite"):
                limit = show_limit(check["limit"])
                key = (check["requirement"], case.vehicle, check["quantity"], check["unit"], limit)
                found.setdefault(key, []).append((case, check))
    place = {name: n for n, name in enumerate(order)}
    lane = {name: n for n, name in enumerate(cars)}
    seen: dict[tuple[str, str], int] = {}
    for requirement, _, quantity, _, _ in found:
        seen.setdefault((requirement, quantity), len(seen))
    made = [Row(key[0], key[1], key[2], key[3], pairs[0][1]["limit"], tuple(pairs)) for key, pairs in found.items()]
    return sorted(
        made,
        key=lambda row: (
            place.get(row.requirement, len(place)),
            row.requirement,
            seen[row.requirement, row.quantity],
            lane.get(row.car, len(lane)),
        ),
    )


def figures(row: Row, words: Mapping[str, str]) -> dict[str, Any]:
    """The row as texts: value, uncertainty and margin in one unit, with the limit as its author wrote it."""
    case, check = row.tightest
    value, margin = check["value"], check["margin"]
    bounds = check.get("interval")
    unit, factor = scale_of(row.unit, value, margin, row.limit.get("high"), row.limit.get("low"))
    return {
        "requirement": row.requirement,
        "car": row.car,
        "quantity": naming.quantity(row.quantity, words),
        "limit": naming.bounds(row.limit, words),
        "value": words["never"] if value is None else number(value * factor),
        "uncertainty": "–" if value is None or not bounds else about(value, bounds, factor),
        "margin": "–" if margin is None else signed(number(margin * factor)),
        "tight": margin is not None and margin < 0,
        "unit": unit,
        "samples": str(row.samples),
        "verdict": str(row.verdict),
        "case": case.id,
    }


def about(value: float, bounds: Sequence[float], factor: float = 1.0) -> str:
    """The interval about the value: "±0.5", or "−0.1/+0.5" where it is lopsided, or "0"."""
    below, above = (value - bounds[0]) * factor, (bounds[1] - value) * factor
    low, high = number(below), number(above)
    if low == high:
        return low if low == "0" else f"±{low}"
    return f"−{low}/+{high}"


def signed(text: str) -> str:
    """With the sign in front that a reader of tables expects: "+4.1", "−0.3", "0"."""
    return text if text == "0" else f"−{text[1:]}" if text.startswith("-") else f"+{text}"


def budgets(all_rows: Sequence[Row], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Per quantity and unit the budget of the measurement with the largest uncertainty: its components and their sum.
    Nothing for what is exact, and where no check carries a budget."""
    widest: dict[tuple[str, str], tuple[CaseRecord, Check]] = {}
    for row in all_rows:
        for case, check in row.found:
            key = (row.quantity, row.unit)
            if _width(check) > (_width(widest[key][1]) if key in widest else 0.0):
                widest[key] = (case, check)
    return [_budget(*key, case, check, words) for key, (case, check) in widest.items()]


def _budget(
    quantity: str, unit: str, case: CaseRecord, check: Check, words: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    found = check["uncertainty"]
    band = dict(found.get("guard_band") or {})
    coverage = str(found.get("coverage", ""))
    return {
        "quantity": naming.quantity(quantity, words),
        "case": f"{check['requirement']}, {case.vehicle}",
        "components": [
            {"name": ", ".join(_said(part, words)), **_sides(part, str(part.get("unit") or unit))}
            for part in found.get("components") or ()
        ],
        "sum": _sides(found, unit),
        "guard_band": " / ".join(
            "–" if band.get(side) is None else _figure(band[side], unit) for side in ("low", "high")
        ),
        "coverage": words.get(f"u_{coverage}", coverage),
    }


def _said(part: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """What it is, of which recording, and who says so; in the report's language where we know the word."""
    told = [str(part.get(key) or "") for key in ("what", "source", "from")]
    return [words.get(f"u_{one}", one) for one in told if one]


def _sides(found: Mapping[str, Any], unit: str) -> dict[str, str]:
    return {side: _figure(float(found.get(key) or 0.0), unit) for side, key in (("below", "minus"), ("above", "plus"))}


def _width(check: Check) -> float:
    found = check.get("uncertainty")
    return float(found.get("minus") or 0.0) + float(found.get("plus") or 0.0) if isinstance(found, Mapping) else 0.0


def _figure(value: float, unit: str) -> str:
    name, factor = scale_of(unit, value)
    return f"{value * factor:.4g} {name}".rstrip()
