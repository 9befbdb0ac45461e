"""``hil qualify --edges``: the units just inside and just outside each limit, worked out from the baseline."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.evidence.case import CaseRecord
from harness.evidence.edges import INSIDE, Judged, judged_in, places, worst_of
from harness.foundation.errors import BadInput
from harness.foundation.units import S
from harness.foundation.values import Limit, Verdict

if TYPE_CHECKING:
    from harness.headunit.edges import Row
    from harness.vehicle.vehicle import Vehicle

ALL = "all"
LONG = 25.0
"""Seconds from which a case is run only where it measures the limit itself."""


def chosen(selection: str) -> list[Row]:
    """The rows that are meant, by limit, pattern, row or requirement id. BadInput for a word that means none."""
    from harness.headunit.edges import rows

    known = list(rows().values())
    words = [word.strip() for word in selection.split(",") if word.strip()]
    if words == [ALL]:
        return known
    for word in words:
        if not any(_means(word, row) for row in known):
            remedy = "Write limits such as BTN-01.latency, patterns such as QR-*, requirement ids, or nothing."
            raise BadInput("command line", None, f"--edges {word}", "means no limit that can be moved", remedy)
    return [row for row in known if any(_means(word, row) for word in words)]


def _means(word: str, row: Row) -> bool:
    return word in (row.requirement, row.limit) or fnmatch.fnmatch(row.name, word)


def plan_edges(
    selected: Sequence[Row], cases: Sequence[CaseRecord], vehicle: Vehicle, scenarios: Path
) -> dict[str, Any]:
    """``edges`` and ``limits`` of ``campaign.json``: the units to try with their cases, and every limit of the car."""
    from harness.headunit.edge_rows import UNMOVED
    from harness.headunit.edges import rows
    from harness.judging.requirements import load_requirements

    catalogue = load_requirements(scenarios).for_vehicle(vehicle)
    found: list[dict[str, Any]] = []
    idle: dict[str, str] = {}
    for row in selected:
        limit = catalogue[row.requirement].limits.get(row.quantity)
        units = [] if limit is None else _units(row, limit, cases, vehicle)
        found += units
        if not units:
            why = catalogue[row.requirement].applicable(vehicle) or "no scenario measures it on this car"
            idle.setdefault(row.limit, why)
    tried = {unit["limit"] for unit in found}
    moved = {row.limit for row in rows().values()}
    limits = []
    for id_ in catalogue:
        for quantity, limit in catalogue[id_].limits.items():
            name = f"{id_}.{quantity}"
            why = "" if name in tried else idle.get(name) or UNMOVED.get(name) or (
                "not asked for" if name in moved else "no row"
            )  # fmt: skip
            limits.append({"limit": name, "text": limit.text, "reason": why})
    return {"edges": sorted(found, key=lambda unit: -unit.pop("cost")), "limits": limits}


def _units(row: Row, limit: Limit, cases: Sequence[CaseRecord], vehicle: Vehicle) -> list[dict[str, Any]]:
    from harness.headunit.edges import FIGURE, NOTHING, name_of

    own = [case for case in cases if row.requirement in case.requirements and case.verdict is Verdict.PASS]
    judged = [j for case in own for j in judged_in(case, row.requirement) if _moves(row, j)]
    if not own or (row.start != FIGURE and not any(j.interval for j in judged)):
        return []
    room = row.room + sum(vehicle.period(role) for role in row.roles if role in vehicle.roles) / S
    start = _figure(row, vehicle) if row.start == FIGURE else 0.0 if row.start == NOTHING else None
    least, most = worst_of(judged, "low"), worst_of(judged, "high")
    put = places(
        limit.low if "low" in row.sides else None,
        limit.high if "high" in row.sides else None,
        room,
        least=None if row.start == FIGURE else _bounds(row, least),
        most=None if row.start == FIGURE else _bounds(row, most),
        whole=row.whole,
        start=start,
    )
    units = []
    for place in put:
        worst = least if place.side == "low" else most
        order = _cases(row, place.where, own, judged, worst)
        units.append({
            "id": name_of(row, place.amount),
            "row": row.name,
            "what": row.what,
            "limit": row.limit,
            "requirement": row.requirement,
            "quantity": row.quantity,
            "by": list(row.by),
            "start": row.start,
            "side": place.side,
            "where": place.where,
            "asked": place.asked,
            "room": room,
            "unit": limit.unit,
            "text": limit.text,
            "cases": [case.nodeid for case in order],
            "cost": sum(case.wall_s for case in order),
        })  # fmt: skip
    return units


def _moves(row: Row, judged: Judged) -> bool:
    return judged.quantity == row.quantity and (not row.by or judged.observation in row.by)


def _bounds(row: Row, worst: Judged | None) -> tuple[float, float, float] | None:
    """(value, low, high) to count from; where the amount is the figure itself only the bounds' width is kept."""
    from harness.headunit.edges import NOTHING

    if worst is None or worst.value is None or worst.interval is None:
        return None
    low, high = worst.interval
    return (0.0, low - worst.value, high - worst.value) if row.start == NOTHING else (worst.value, low, high)


def _figure(row: Row, vehicle: Vehicle) -> float:
    from harness.headunit.edges import COUNTS
    from harness.headunit.nominal import base_blueprint

    value = base_blueprint(vehicle).figures[row.figure]
    return float(value) if row.figure in COUNTS or not isinstance(value, int) else value / S


def _cases(
    row: Row, where: str, own: Sequence[CaseRecord], judged: Sequence[Judged], worst: Judged | None
) -> list[CaseRecord]:
    """Those that measure it first, the one with the worst figure before all. Inside, all of the requirement; outside,
    where one that fails is enough, only those that measure."""
    from harness.headunit.edges import FIGURE

    measuring = {j.case for j in judged}
    if row.start == FIGURE:
        measuring = {case.nodeid for case in own}
    if where == INSIDE:
        kept = [c for c in own if c.nodeid in measuring or (c.wall_s < LONG and not row.only)]
    else:
        kept = [c for c in own if c.nodeid in measuring]
    first = worst.case if worst else ""
    return sorted(kept, key=lambda c: (c.nodeid != first, c.nodeid not in measuring, c.wall_s))
