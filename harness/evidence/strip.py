"""All values measured against one limit as dots on one line, the limit drawn in: how much room is left, at a glance.

From FEW values on a box lies behind the dots: from the first to the third quartile, with the median as a line. Lines of
several cars share one scale when they are given the same ``span``.

Inline SVG that takes its colours from the page (classes ``v-PASS`` and so on), so it follows a light or a dark page.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from harness.evidence.svg import num
from harness.evidence.wording import number, scale_of

WIDTH, HEIGHT, EDGE = 300.0, 40.0, 12.0
_LINE = 15.0
FEW = 8
"""Fewer values say more by themselves than a box would."""


def span_of(checks: Sequence[Mapping[str, Any]]) -> tuple[float, float] | None:
    """The scale on which all values of ``checks`` and all their limits have room; None when there is no value."""
    values = [v for check in checks for v, _ in _values(check)]
    lows = [b for c in checks if (b := c["limit"].get("low")) is not None]
    highs = [b for c in checks if (b := c["limit"].get("high")) is not None]
    if not values:
        return None
    return _range([*values, *lows, *highs], min(lows, default=None), max(highs, default=None))


def strip_plot(checks: Sequence[Mapping[str, Any]], span: tuple[float, float] | None = None) -> str:
    """The picture, or "" when nothing was measured or there is no numeric limit to compare with."""
    limit = checks[0]["limit"] if checks else {}
    low, high = limit.get("low"), limit.get("high")
    values = [pair for check in checks for pair in _values(check)]
    bounds = [b for b in (low, high) if b is not None]
    if not values or not bounds:
        return ""
    unit, factor = scale_of(str(checks[0]["unit"]), *(v for v, _ in values), *bounds)
    start, end = span or _range([v for v, _ in values], low, high)

    def x(value: float) -> float:
        return EDGE + (value - start) / (end - start) * (WIDTH - 2 * EDGE)

    left = x(low) if low is not None else 0.0
    right = x(high) if high is not None else WIDTH
    parts = [
        f"<rect class='room' x='{num(left)}' y='{num(_LINE - 9)}' width='{num(max(right - left, 0.5))}' height='18'/>",
        f"<line class='axis' x1='0' y1='{num(_LINE)}' x2='{num(WIDTH)}' y2='{num(_LINE)}'/>",
    ]
    for bound in bounds:
        at = x(bound)
        anchor = "end" if at > WIDTH * 0.8 else "start" if at < WIDTH * 0.2 else "middle"
        parts.append(f"<line class='limit' x1='{num(at)}' y1='3' x2='{num(at)}' y2='27'/>")
        label = escape(f"{number(bound * factor)} {unit}".rstrip())
        parts.append(f"<text class='tick' x='{num(at)}' y='38' text-anchor='{anchor}'>{label}</text>")
    parts += _box([v for v, _ in values], x)
    for value, verdict in values:
        title = escape(f"{number(value * factor)} {unit}".rstrip())
        dot = f"<circle class='v-{verdict}' cx='{num(x(value))}' cy='{num(_LINE)}' r='4'>"
        parts.append(f"{dot}<title>{title}</title></circle>")
    size = f"viewBox='0 0 {num(WIDTH)} {num(HEIGHT)}' width='{num(WIDTH)}' height='{num(HEIGHT)}'"
    return f"<svg class='strip' {size} role='img'>{''.join(parts)}</svg>"


def _box(values: Sequence[float], x: Callable[[float], float]) -> list[str]:
    if len(values) < FEW:
        return []
    first, median, third = (x(v) for v in statistics.quantiles(values, n=4, method="inclusive"))
    size = f"x='{num(first)}' y='{num(_LINE - 7)}' width='{num(max(third - first, 1))}' height='14'"
    ends = f"x1='{num(median)}' y1='{num(_LINE - 7)}' x2='{num(median)}' y2='{num(_LINE + 7)}'"
    return [f"<rect class='box' {size}/>", f"<line class='median' {ends}/>"]


def _values(check: Mapping[str, Any]) -> list[tuple[float, str]]:
    """Every sample of a repeated check, or its one value; samples inside the limit are not red for one that is not."""
    if check.get("values"):
        low, high = check["limit"].get("low"), check["limit"].get("high")
        seen = [float(v) for v in check["values"] if v is not None]
        return [(v, "PASS" if (low is None or v >= low) and (high is None or v <= high) else "FAIL") for v in seen]
    return [] if check["value"] is None else [(float(check["value"]), str(check["verdict"]))]


def _range(values: Sequence[float], low: float | None, high: float | None) -> tuple[float, float]:
    """From the smallest to the largest of values and bounds; one-sided limits on a natural zero start there."""
    all_ = [*values, *(b for b in (low, high) if b is not None)]
    start, end = min(all_), max(all_)
    if low is None and start >= 0:
        start = 0.0
    room = (end - start) * 0.06 or abs(end) * 0.5 or 1.0
    return start - (0 if low is None and start == 0 else room), end + room
