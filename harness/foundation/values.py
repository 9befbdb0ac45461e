"""Limits, measurements, verdicts.

Theory. A check is a measurement, not a boolean: a value with bounds, a unit, a limit with its source, and enough
about the observation to compute it again (decision 6). The decision rule (judging/decision.py) turns bounds and limit
into a verdict whose name says who is to blame (decision 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.foundation.stamps import Interval
from harness.foundation.units import Ns


class Verdict(StrEnum):
    """The outcome of a check or a case. Only PASS passes."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    BLOCKED = "BLOCKED"
    ERROR = "ERROR"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_EXECUTED = "NOT_EXECUTED"


_WORST_FIRST = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.BLOCKED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_EXECUTED,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)
EXIT_CODES = {Verdict.ERROR: 4, Verdict.FAIL: 1, Verdict.BLOCKED: 3, Verdict.INCONCLUSIVE: 5, Verdict.NOT_EXECUTED: 3}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides: ERROR, FAIL, BLOCKED, INCONCLUSIVE, NOT EXECUTED, PASS; NOT APPLICABLE for none."""
    present = set(verdicts)
    return next((v for v in _WORST_FIRST if v in present), Verdict.NOT_APPLICABLE)


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """0 passed, 4 our error, 1 a FAIL, 3 BLOCKED, 5 INCONCLUSIVE; the worst of 4, 1, 3, 5 wins."""
    codes = {EXIT_CODES.get(verdict, 0) for verdict in verdicts}
    return next((code for code in (4, 1, 3, 5) if code in codes), 0)


@dataclass(frozen=True)
class Limit:
    """What a value may be, base units of ``unit``. ``source`` and ``status`` say who set it (law, standard, maker's
    value)."""

    unit: str
    low: float | None = None
    high: float | None = None
    source: str = "maker's value"
    status: str = "maker's value"
    text: str = ""
    """The limit as a person wrote it, for reports: "<= 250 ms"."""


@dataclass(frozen=True)
class Measurement:
    """What an observation found. ``value`` None: it did not happen, up to the end of what was watched.

    ``quantity`` names the limit it is judged against ("latency"). ``detail`` is the sentence for people; ``refs``
    point into recordings ({"track": "can/body", "t": ns, ...}) so that the figure can be looked up.
    """

    quantity: str
    unit: str
    value: Interval | None
    detail: str = ""
    refs: tuple[Mapping[str, Any], ...] = ()
    window: tuple[Ns, Ns] = (0, 0)
    samples: int = 1
    uncertainty: Mapping[str, Any] | None = None
    """What the bounds consist of, as harness/judging/uncertainty.py writes it; None where there is no value."""


@dataclass(frozen=True)
class Check:
    """A measurement judged against one requirement; what the journal, every report and re-judging hold."""

    requirement: str
    observation: str
    arguments: Mapping[str, Any]
    measurement: Measurement
    limit: Limit
    verdict: Verdict
    margin: float | None
    """How far the worst bound is inside the limit (negative: outside), in the limit's unit; None if there is none."""
    reason: str
    prerequisite: bool = False
    """A step on the way that failed: red, but never counted as this requirement's own finding."""
    also: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        m, limit = self.measurement, self.limit
        return {
            "requirement": self.requirement,
            "observation": self.observation,
            "arguments": dict(self.arguments),
            "quantity": m.quantity,
            "value": None if m.value is None else m.value.value,
            "interval": None if m.value is None else [m.value.low, m.value.high],
            "unit": m.unit,
            "uncertainty": None if m.uncertainty is None else dict(m.uncertainty),
            "limit": {
                "low": limit.low,
                "high": limit.high,
                "unit": limit.unit,
                "text": limit.text,
                "source": limit.source,
                "status": limit.status,
            },
            "margin": self.margin,
            "samples": m.samples,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "detail": m.detail,
            "window": list(m.window),
            "refs": [dict(r) for r in m.refs],
            "prerequisite": self.prerequisite,
            **self.also,
        }
