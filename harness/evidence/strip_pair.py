"""The values of two runs as two lanes of dots over one scale, the limit drawn through both.

Inline SVG in the page's colours (classes ``lane-a``, ``lane-b``, ``out``). A bar behind a dot is what the truth lies
in; the tall tick is the median. Labels of two bounds that would run into each other become one.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from harness.evidence.distribution import is_inside
from harness.evidence.strip import _range
from harness.evidence.svg import num
from harness.evidence.wording import number, scale_of
from harness.foundation.stamps import Interval

WIDTH, HEIGHT = 380.0, 66.0
_LEFT, _RIGHT = 24.0, 10.0
_LANES = {"a": 15.0, "b": 37.0}
_FOOT = 50.0
_LETTER = 6.2
"""Width of a character of a label, CSS pixels; generous, so that labels never touch."""


def strip_pair(a: Sequence[Interval], b: Sequence[Interval], limit: Mapping[str, Any], unit: str) -> str:
    """The picture, or "" when neither run has a value or there is no bound to compare with."""
    low, high = limit.get("low"), limit.get("high")
    bounds = sorted({float(v) for v in (low, high) if v is not None})
    values = [edge for p in (*a, *b) for edge in (p.value, p.low, p.high)]
    if not values or not bounds:
        return ""
    shown, factor = scale_of(unit, *values, *bounds)
    start, end = _range(values, low, high)

    def x(value: float) -> float:
        return _LEFT + (value - start) / (end - start) * (WIDTH - _LEFT - _RIGHT)

    left, right = x(low) if low is not None else _LEFT, x(high) if high is not None else WIDTH
    parts = [
        f"<rect class='room' x='{num(left)}' y='3' width='{num(max(right - left, 0.5))}' height='{num(_FOOT - 6)}'/>"
    ]
    for name, points in (("a", a), ("b", b)):
        y = _LANES[name]
        parts.append(f"<line class='axis' x1='{num(_LEFT)}' y1='{num(y)}' x2='{num(WIDTH)}' y2='{num(y)}'/>")
        parts.append(f"<text class='lane-{name}' x='2' y='{num(y + 4.5)}'>{name.upper()}</text>")
        for point in points:
            wide = x(point.high) - x(point.low)
            if wide > 1:
                box = f"x='{num(x(point.low))}' y='{num(y - 2.5)}' width='{num(wide)}' height='5'"
                parts.append(f"<rect class='span lane-{name}' {box}/>")
        for point in points:
            kind = f"lane-{name}" if is_inside(point.value, limit) else f"lane-{name} out"
            title = escape(f"{name.upper()}: {number(point.value * factor)} {shown}".rstrip())
            dot = f"<circle class='{kind}' cx='{num(x(point.value))}' cy='{num(y)}' r='3.6'>"
            parts.append(f"{dot}<title>{title}</title></circle>")
        if len(points) > 1:
            at = num(x(statistics.median(p.value for p in points)))
            parts.append(f"<line class='median lane-{name}' x1='{at}' y1='{num(y - 9)}' x2='{at}' y2='{num(y + 9)}'/>")
    for bound in bounds:
        at = num(x(bound))
        parts.append(f"<line class='limit' x1='{at}' y1='1' x2='{at}' y2='{num(_FOOT)}'/>")
    parts += _labels([(x(b), number(b * factor)) for b in bounds], shown)
    size = f"viewBox='0 0 {num(WIDTH)} {num(HEIGHT)}' width='{num(WIDTH)}' height='{num(HEIGHT)}'"
    return f"<svg class='strip' {size} role='img'>{''.join(parts)}</svg>"


def _labels(bounds: Sequence[tuple[float, str]], unit: str) -> list[str]:
    """Below each bound its figure, kept inside the picture; one label for two that stand too close."""
    texts = [(at, f"{figure} {unit}".rstrip()) for at, figure in bounds]
    if len(texts) == 2:
        needed = (len(texts[0][1]) + len(texts[1][1])) / 2 * _LETTER + 8
        if texts[1][0] - texts[0][0] < needed:
            between = (texts[0][0] + texts[1][0]) / 2
            texts = [(between, f"{bounds[0][1]} .. {bounds[1][1]} {unit}".rstrip())]
    labels = []
    for at, words in texts:
        half = len(words) * _LETTER / 2
        middle = min(max(at, half), WIDTH - half)
        place = f"x='{num(middle)}' y='{num(HEIGHT - 4)}' text-anchor='middle'"
        labels.append(f"<text class='tick' {place}>{escape(words)}</text>")
    return labels
