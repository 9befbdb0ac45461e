"""The decision rule: bounds and limit to verdict and margin.

Wholly inside the limit PASS, wholly outside FAIL, straddling INCONCLUSIVE (guarded acceptance and rejection with the
guard band equal to the measurement's own bounds; JCGM 106:2012, 8.3). A value exactly on the limit is inside. What
never happened is FAIL where a limit was to be kept.
"""

from __future__ import annotations

from dataclasses import replace

from harness.foundation.values import Limit, Measurement, Verdict


def decide(measurement: Measurement, limit: Limit) -> tuple[Verdict, float | None]:
    """Verdict and margin (in the limit's unit; negative is outside; None when there is no value)."""
    value = measurement.value
    if value is None:
        return Verdict.FAIL, None
    sides = []
    if limit.high is not None:
        sides.append(
            (_side(value.high <= limit.high, value.low > limit.high), limit.high - value.high, limit.high - value.low)
        )
    if limit.low is not None:
        sides.append(
            (_side(value.low >= limit.low, value.high < limit.low), value.low - limit.low, value.high - limit.low)
        )
    if not sides:
        raise ValueError(f"the limit of {measurement.quantity} has neither side")
    verdicts = [v for v, _, _ in sides]
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL, min(best for v, _, best in sides if v is Verdict.FAIL)
    margin = min(tight for _, tight, _ in sides)
    return (Verdict.INCONCLUSIVE if Verdict.INCONCLUSIVE in verdicts else Verdict.PASS), margin


def _side(inside: bool, outside: bool) -> Verdict:
    return Verdict.PASS if inside else Verdict.FAIL if outside else Verdict.INCONCLUSIVE


CONFIDENCE = 0.95
ENOUGH = 59
"""So many samples without a miss say, with 95 % confidence, that 95 % of all are without: 0.95 ** 59 < 0.05."""


def coverage(samples: int) -> str:
    """What ``samples`` within the limit, none outside, say of those that were not taken (ISO 16269-6, one-sided, of any
    distribution: share ** samples <= 1 - confidence)."""
    if samples < ENOUGH:
        return f"the worst of {samples}; with {ENOUGH} it would speak for 95 % of all (95 % confidence)"
    share = (1 - CONFIDENCE) ** (1 / samples)
    return f"none of {samples} outside: at least {100 * share:.1f} % of all are within (95 % confidence)"


def decide_all(samples: list[Measurement], limit: Limit) -> tuple[Measurement, Verdict, float | None]:
    """Many samples of one quantity: each is judged, the worst decides and is shown, with how many there were."""
    judged = [(m, *decide(m, limit)) for m in samples]
    order = {Verdict.FAIL: 0, Verdict.INCONCLUSIVE: 1, Verdict.PASS: 2}
    shown, verdict, margin = min(judged, key=lambda j: (order[j[1]], j[0].value is not None, j[2] or 0.0))
    if len(samples) == 1:
        return shown, verdict, margin
    values = [m.value.value for m in samples if m.value is not None]
    missing = len(samples) - len(values)
    spread = f"{min(values):.6g} to {max(values):.6g} {shown.unit}" if values else "none seen"
    detail = f"{len(samples)} samples, {spread}" + (f"; {missing} never happened" if missing else "")
    window = (min(m.window[0] for m in samples), max(m.window[1] for m in samples))
    return (
        replace(shown, detail=f"{detail}; worst: {shown.detail}", window=window, samples=len(samples)),
        verdict,
        margin,
    )
