"""Units at the edges of limits, as data: where they are to be put, what was judged on them, whether that was right.

Theory. What the right unit measures has a worst figure for each side of its limit. From there the amount follows that
puts the whole measured interval just inside, or just outside. The judgement of such a unit is right when, inside,
every check of that quantity passed, and, outside, one of them failed: that requirement, that quantity, no step on the
way and no other limit. A unit whose measured figure did not come near the limit proves nothing and is told as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.evidence.case import CaseRecord
from harness.foundation.values import Check, Verdict

INSIDE, OUTSIDE = "inside", "outside"
NEAR = 3.0
"""So many times the room may the measured figure be away from the limit's edge."""


class Outcome(StrEnum):
    """What became of one unit at an edge."""

    RIGHT = "right"
    WRONG_PASS = "wrong_pass"  # noqa: S105 - no password
    WRONG_FAIL = "wrong_fail"
    UNDECIDED = "undecided"
    NOT_MOVED = "not_moved"
    NO_JUDGEMENT = "no_judgement"


@dataclass(frozen=True)
class Judged:
    """One check of one case: ``interval`` is None when nothing was measured."""

    case: str
    quantity: str
    observation: str
    verdict: str
    value: float | None
    interval: tuple[float, float] | None
    unit: str
    limit: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        interval = None if self.interval is None else list(self.interval)
        return {**self.__dict__, "interval": interval, "limit": dict(self.limit)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Judged:
        interval = data["interval"]
        return cls(**{**data, "interval": None if interval is None else (interval[0], interval[1])})


def judged_in(case: CaseRecord, requirement: str) -> list[Judged]:
    """The checks of ``requirement`` in a case of the baseline, without steps on the way."""
    return [
        Judged(case.nodeid, str(c["quantity"]), str(c["observation"]), str(c["verdict"]), c["value"],
               None if c["interval"] is None else (float(c["interval"][0]), float(c["interval"][1])),
               str(c["unit"]), c["limit"])
        for c in case.checks
        if c["requirement"] == requirement and not c.get("prerequisite")
    ]  # fmt: skip


def judged_now(case: str, requirement: str, checks: Iterable[Check]) -> list[Judged]:
    """The same of a case that has just ended."""
    found = []
    for check in checks:
        if check.requirement != requirement or check.prerequisite:
            continue
        data = check.to_json()
        interval = data["interval"] and (float(data["interval"][0]), float(data["interval"][1]))
        found.append(Judged(case, data["quantity"], data["observation"], data["verdict"], data["value"], interval,
                            data["unit"], data["limit"]))  # fmt: skip
    return found


@dataclass(frozen=True)
class Place:
    """Where a unit is put: ``asked`` is the figure it should have, ``amount`` what it is moved by to have it."""

    side: str
    where: str
    asked: float
    amount: float


def places(
    low: float | None, high: float | None, room: float, *, least: tuple[float, float, float] | None = None,
    most: tuple[float, float, float] | None = None, whole: bool = False, start: float | None = None,
) -> list[Place]:  # fmt: skip
    """The units of one row: just inside and just outside each side of the limit.

    ``least`` and ``most`` are (value, low, high) of the right unit's worst measurement towards each side; ``start``
    is what the amount is added to where nothing was measured. A count (``whole``) stands on the limit, and one
    beyond it.
    """
    found = []
    for side, bound, worst in (("low", low, least), ("high", high, most)):
        if bound is None:
            continue
        value, below, above = (start, start, start) if worst is None else worst
        if value is None or below is None or above is None:
            raise ValueError("a row needs a measurement or a start")
        out = -1.0 if side == "low" else 1.0
        # the far bound must stay inside, the near one must be outside
        far, near = (value - below, above - value) if side == "low" else (above - value, value - below)
        inside = bound if whole else bound - out * (room + far)
        outside = bound + out if whole else bound + out * (room + near)
        found.append(Place(side, INSIDE, inside, inside - value))
        found.append(Place(side, OUTSIDE, outside, outside - value))
    return found


def worst_of(judged: Iterable[Judged], side: str) -> Judged | None:
    """The measurement that is furthest towards ``side``; None when nothing was measured."""
    measured = [j for j in judged if j.interval is not None]
    if not measured:
        return None
    if side == "low":
        return min(measured, key=lambda j: j.interval[0] if j.interval else 0.0)
    return max(measured, key=lambda j: j.interval[1] if j.interval else 0.0)


def outcome(row: Mapping[str, Any], shots: Sequence[Mapping[str, Any]]) -> tuple[Outcome, Judged | None, str]:
    """(what became of the unit, the measurement that shows it, why). A shot is a case: ``case``, ``verdict``,
    ``reason`` and ``judged``, the checks of the row's requirement."""
    judged = [Judged.from_json(j) for shot in shots for j in shot["judged"]]
    measures = row["start"] != "figure"
    asked = [j for j in judged if not measures or j.quantity == row["quantity"]]
    mine = [j for j in asked if not measures or not row["by"] or j.observation in row["by"]]
    failed = [j for j in (mine if row["where"] == OUTSIDE else asked) if j.verdict == Verdict.FAIL]
    shown = failed[0] if failed else worst_of(mine, row["side"])
    broken = next((s for s in shots if s["verdict"] in (Verdict.BLOCKED, Verdict.ERROR)), None)
    broken = broken or next((s for s in shots if s["verdict"] == Verdict.FAIL and _on_the_way(s)), None)
    if row["where"] == OUTSIDE:
        if failed:
            return Outcome.RIGHT, shown, _reason(shots, failed[0])
        if broken:
            return Outcome.NO_JUDGEMENT, shown, str(broken["reason"])
        doubt = next((j for j in mine if j.verdict == Verdict.INCONCLUSIVE), None)
        if doubt:
            return Outcome.UNDECIDED, doubt, _reason(shots, doubt)
        if measures and shown is not None and not _came_near(row, shown):
            return Outcome.NOT_MOVED, shown, "what was measured did not follow"
        return Outcome.WRONG_PASS, shown, "every case passed"
    if failed:
        return Outcome.WRONG_FAIL, failed[0], _reason(shots, failed[0])
    if broken or not asked:
        return Outcome.NO_JUDGEMENT, shown, str(broken["reason"]) if broken else "nothing was judged"
    doubt = next((j for j in asked if j.verdict == Verdict.INCONCLUSIVE), None)
    if doubt:
        return Outcome.UNDECIDED, doubt, _reason(shots, doubt)
    if measures and (shown is None or not _came_near(row, shown)):
        return Outcome.NOT_MOVED, shown, "what was measured did not follow"
    return Outcome.RIGHT, shown, ""


def _on_the_way(shot: Mapping[str, Any]) -> bool:
    """Whether a case failed without any judgement of the requirement: a step on the way, or another requirement's."""
    return not any(j["verdict"] == Verdict.FAIL for j in shot["judged"]) and not shot["failed"]


def _came_near(row: Mapping[str, Any], shown: Judged) -> bool:
    if shown.value is None or shown.interval is None:
        return False
    width = shown.interval[1] - shown.interval[0]
    return bool(abs(shown.value - row["asked"]) <= NEAR * (row["room"] + width))


def _reason(shots: Sequence[Mapping[str, Any]], judged: Judged) -> str:
    return next((str(s["reason"]) for s in shots if s["case"] == judged.case), "")


def summary(campaign: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    """``qualification.json``'s part on edges: one row per unit, each limit with its rows or why it has none. None for a
    campaign without."""
    if "edges" not in campaign:
        return None
    found = []
    for row in campaign["edges"]:
        result = done.get(row["id"])
        shots = [] if result is None else result["shots"]
        what, shown, why = (None, None, "not run") if result is None else outcome(row, shots)
        found.append({
            **{key: row[key] for key in ("id", "row", "what", "limit", "side", "where", "asked", "unit", "text")},
            "outcome": None if what is None else str(what),
            "measured": None if shown is None else shown.value,
            "interval": None if shown is None or shown.interval is None else list(shown.interval),
            "verdict": None if shown is None else shown.verdict,
            "case": None if shown is None else shown.case,
            "reason": why,
        })  # fmt: skip
    counts = Counter(row["outcome"] for row in found)
    limits = campaign["limits"]
    tried = {row["limit"] for row in found}
    both = {name for name in tried if all(r["outcome"] == Outcome.RIGHT for r in found if r["limit"] == name)}
    return {
        "units": len(found),
        **{str(o): counts[str(o)] for o in Outcome},
        "not_run": counts[None],
        "limits": len(limits),
        "limits_tried": len(tried),
        "limits_right": len(both),
        "rows": found,
        "left_out": [entry for entry in limits if entry["limit"] not in tried],
    }


def pairs(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The units of ``summary`` two by two: of each row and side the one inside and the one outside (None: not asked
    for)."""
    table: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(found["rows"], key=lambda r: (r["limit"], r["row"], r["side"])):
        shared = {key: row[key] for key in ("row", "limit", "what", "side", "unit", "text")}
        pair = table.setdefault((row["row"], row["side"]), {**shared, INSIDE: None, OUTSIDE: None})
        pair[row["where"]] = row
    return list(table.values())


def all_right(found: Mapping[str, Any] | None) -> bool:
    """Whether every unit at an edge was judged as it should be."""
    return found is None or found[str(Outcome.RIGHT)] == found["units"]
