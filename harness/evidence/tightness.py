"""Which of many checks leaves the least room: the one figure to show for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.wording import show_bounds, show_limit, show_margin, show_value
from harness.foundation.values import Verdict


@dataclass(frozen=True)
class Worst:
    """The tightest measurement of a requirement: base units of ``unit``; ``margin`` negative outside the limit;
    ``bounds`` as people read them."""

    quantity: str
    value: float | None
    unit: str
    limit: Mapping[str, Any]
    margin: float | None
    case: str
    bounds: str = ""

    @property
    def shown(self) -> tuple[str, str, str]:
        """Margin, value and limit as people read them."""
        value = show_value(self.value, self.unit) + self.bounds
        return show_margin(self.margin, self.unit), value, show_limit(self.limit)

    def to_json(self) -> dict[str, Any]:
        return {
            "quantity": self.quantity,
            "value": self.value,
            "unit": self.unit,
            "limit": dict(self.limit),
            "margin": self.margin,
            "case": self.case,
        }


def tightness(check: Mapping[str, Any]) -> tuple[int, float]:
    """What missed without a figure comes first, then by margin relative to the limit. A margin of exactly nothing on
    a PASS ("watched for 60 s") tells least and comes last.
    """
    margin = check["margin"]
    if check["verdict"] == Verdict.FAIL and (margin is None or check["value"] is None):
        return 0, 0.0
    if margin is None or (margin == 0 and check["verdict"] == Verdict.PASS):
        return 2, 0.0
    bounds = [abs(b) for b in (check["limit"].get("low"), check["limit"].get("high")) if b]
    return 1, margin / max(bounds, default=1.0)


def worst_measured(cases: Sequence[CaseRecord], requirement: str) -> Worst | None:
    """The tightest check of ``requirement`` in ``cases``; None when nothing was measured. A witness the rig lacks is no
    measurement."""
    judged = [
        (case, c)
        for case in cases
        for c in case.checks
        if c["requirement"] == requirement and c["verdict"] != Verdict.NOT_APPLICABLE
    ]
    if not judged:
        return None
    case, check = min(judged, key=lambda pair: tightness(pair[1]))
    return Worst(check["quantity"], check["value"], check["unit"], check["limit"], check["margin"], case.id,
                 show_bounds(check))  # fmt: skip
