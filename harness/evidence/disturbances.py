"""A campaign of disturbances as data: what was wrong between unit and bench, and whether the bench said so.

Theory. A disturbance leaves the unit as it is, so what it asks for is not a kill: where it looks like a fault of the
unit, a case has to FAIL on the requirement that it looks like; where the rig itself has to notice, a case has to be
BLOCKED. Another answer is an answer too (somebody would look), but a worse one: it sends people to the wrong place.
A PASS is none. These counts are never added to those of seeded defects.

The folder: ``campaign.json`` (what was to be tried), ``defects/ID.json`` (one per disturbance that is done).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.evidence.kills import Shot
from harness.evidence.qualification import results
from harness.foundation.values import Verdict

CLAIM = (
    "This is about the bench and its scenarios. With a simulated unit the figure supports no claim about a real unit: "
    "it says what this bench notices of what lies between itself and whatever unit stands on it, on this rig."
)


class Caught(StrEnum):
    """What became of one disturbance."""

    EXPECTED = "caught_as_expected"
    OTHERWISE = "caught_otherwise"
    NOT = "not_caught"
    NOT_APPLICABLE = "not_applicable"


def caught(requirement: str, answer: str, shots: Sequence[Shot]) -> tuple[Caught, Shot | None]:
    """(what became of it, the case that shows it). ``answer``: FAIL of ``requirement`` itself (and not of a step on
    the way), or BLOCKED."""
    ran = [shot for shot in shots if shot.verdict != Verdict.NOT_APPLICABLE]
    if not ran:
        return Caught.NOT_APPLICABLE, None
    for shot in ran:
        if shot.verdict == answer and (answer != Verdict.FAIL or requirement in shot.failed):
            return Caught.EXPECTED, shot
    red = next((shot for shot in ran if shot.verdict != Verdict.PASS), None)
    return (Caught.NOT, ran[0]) if red is None else (Caught.OTHERWISE, red)


def summarize(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Counts by outcome and a row per disturbance; ``not_run`` for those whose turn never came."""
    campaign = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    done = results(folder)
    rows = []
    for asked in campaign["disturbances"]:
        found = done.get(asked["id"])
        shots = [] if found is None else [Shot.from_json(shot) for shot in found["shots"]]
        what, by = (None, None) if found is None else caught(asked["requirement"], asked["answer"], shots)
        if found is not None and asked.get("why_not"):
            what = Caught.NOT_APPLICABLE
        rows.append(
            {
                **{key: asked[key] for key in ("id", "stands_for", "room", "requirement", "scenario", "answer")},
                "outcome": "not_run" if what is None else str(what),
                "by": None if by is None else by.case,
                "verdict": None if by is None else by.verdict,
                "reason": asked.get("why_not") or ("" if by is None else by.reason),
                "wall_s": round(found["wall_s"], 2) if found else None,
            }
        )
    counts = Counter(row["outcome"] for row in rows)
    return {
        "schema": 1,
        **facts,
        "claim": CLAIM,
        **{str(one): counts[str(one)] for one in Caught},
        "not_run": counts["not_run"],
        "baseline": campaign["baseline"],
        "disturbances": rows,
    }


def qualified(summary: Mapping[str, Any]) -> bool:
    """Every disturbance that can be put there was answered as it should be."""
    return not any(summary[key] for key in (str(Caught.OTHERWISE), str(Caught.NOT), "not_run"))
