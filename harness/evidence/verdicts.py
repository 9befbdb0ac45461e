"""Requirement by car: what each car's cases say of each requirement, side by side.

Every requirement of the catalogue has a row. One that no case of this run was about is NOT EXECUTED, and one whose
cases do not apply to a car says why: neither is left out, and neither passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.tightness import Worst, worst_measured
from harness.foundation.values import Verdict, worst

NO_CASE = "no case about it was run"


@dataclass(frozen=True)
class Cell:
    """One requirement on one car. ``reason`` is empty for a PASS; ``worst`` None where nothing was measured."""

    verdict: Verdict
    reason: str
    cases: int
    worst: Worst | None

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": str(self.verdict),
            "reason": self.reason,
            "cases": self.cases,
            "worst": self.worst.to_json() if self.worst else None,
        }


@dataclass(frozen=True)
class Row:
    """One requirement on every car of the run."""

    id: str
    title: str
    cells: Mapping[str, Cell]

    @property
    def verdict(self) -> Verdict:
        return worst(cell.verdict for cell in self.cells.values())

    @property
    def executed(self) -> bool:
        return any(cell.cases for cell in self.cells.values())


def cars_of(cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> dict[str, str]:
    """The cars of the run by id, each with its name, in the order they were asked for."""
    told: Mapping[str, Any] = facts.get("vehicles") or {}
    asked = [name.strip() for name in str(facts.get("vehicle") or "").split(",") if name.strip()]
    names = str(facts.get("vehicle_name") or "")
    found = dict.fromkeys([*told, *(() if told else asked), *(case.vehicle for case in cases)])
    single = names if len(found) == 1 else ""
    return {car: str(dict(told.get(car) or {}).get("name") or single or car) for car in found}


def notes_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """What each car's own file says of its origin ("modelled by this project ...")."""
    told: Mapping[str, Any] = facts.get("vehicles") or {}
    return {car: str(dict(data).get("note") or "") for car, data in told.items()}


def verdict_rows(cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> list[Row]:
    """A row per requirement: those of the catalogue, then what cases name besides."""
    catalogue: Mapping[str, Any] = facts.get("requirements") or {}
    cars = cars_of(cases, facts)
    judged = {c["requirement"] for case in cases for c in case.checks if c["requirement"]}
    named = {r for case in cases for r in case.requirements} | judged
    by_pair: dict[tuple[str, str], list[CaseRecord]] = {}
    for case in (case for case in cases if not case.superseded):
        for requirement in case.requirements:
            by_pair.setdefault((requirement, case.vehicle), []).append(case)
    rows = []
    for requirement in [*catalogue, *sorted(named - set(catalogue))]:
        title = str(dict(catalogue.get(requirement) or {}).get("title") or "")
        cells = {car: _cell(requirement, by_pair.get((requirement, car), ())) for car in cars}
        rows.append(Row(requirement, title, cells))
    return rows


def _cell(requirement: str, cases: Sequence[CaseRecord]) -> Cell:
    if not cases:
        return Cell(Verdict.NOT_EXECUTED, NO_CASE, 0, None)
    found = [(case.verdict_on(requirement), case) for case in cases]
    verdict = worst(v for v, _ in found)
    reason = "" if verdict is Verdict.PASS else next(_why(c, requirement) for v, c in found if v is verdict)
    return Cell(verdict, reason, len(cases), worst_measured(cases, requirement))


def _why(case: CaseRecord, requirement: str) -> str:
    """The reason of the requirement's own check, or of the case."""
    own = [c for c in case.checks if c["requirement"] == requirement and c["verdict"] not in (Verdict.PASS,)]
    said = str(own[0]["reason"]) if own else case.reason
    return said.removeprefix(f"{requirement}: ")
