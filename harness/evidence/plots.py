"""The signal plot of a case: what changed around the stimulus, and when, on one time axis.

States are drawn as bands with their names, numbers as traces, stimuli and observed instants as marks; the time a limit
allows is shaded from the instant it counts from. The input is ``signals.json``::

    {"window": [a, b], "marks": [{"t": ns, "label": str}],
     "tracks": [{"name": str, "unit": str, "points": [[ns, number or state], ...]}]}

Written as SVG by hand: no plotting library can be imported and used within the budget of a case (80 ms on a worker).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harness.evidence import svg
from harness.evidence.wording import number

WIDTH, LEFT, RIGHT = 980.0, 210.0, 24.0
STATE_HEIGHT, TRACE_HEIGHT, GAP = 24.0, 64.0, 10.0
MOST_POINTS = 1200
MOST_ROWS = 6
"""Rows of labels above the plot; where marks crowd more than that, a mark keeps its line and loses its label."""
_BANDS = ("#d9e2ec", "#9fd3c7", "#f6c28b", "#b8c0ff", "#f4a6b0", "#c3e6a1", "#e3c4f2", "#fbe38e")
_TRACE = "#0b69a3"
_MARKS = ("#c1121f", "#0b69a3", "#6a4c93", "#2a7f4f", "#b5651d", "#4a5568")
_ALLOWED = "#2a9d5c"

Point = tuple[int, Any]


class Allowed(NamedTuple):
    """The time a limit allows, from the instant it counts from; ns."""

    start: int
    end: int
    label: str


class _Axis(NamedTuple):
    start: int
    end: int

    def x(self, t: float) -> float:
        inside = min(max(t, self.start), self.end)
        return LEFT + (inside - self.start) / max(self.end - self.start, 1) * (WIDTH - LEFT - RIGHT)


def signal_plot(signals: Mapping[str, Any], allowed: Sequence[Allowed] = ()) -> str:
    """The SVG text of the plot. What did not change is told in one line, never left out."""
    axis = _Axis(*(int(t) for t in signals["window"]))
    marks = sorted((int(m["t"]), str(m["label"])) for m in signals.get("marks", ()) if axis.start <= m["t"] <= axis.end)
    rows = _mark_rows(marks, axis)
    top = 14.0 + 15.0 * (min(max(rows, default=-1), MOST_ROWS - 1) + 1)
    y = top + 6
    body: list[str] = []
    words: list[str] = []
    still: list[str] = []
    for track in signals["tracks"]:
        points = _clip([(int(t), v) for t, v in track["points"]], axis)
        if len({str(v) for _, v in points}) <= 1:
            still.append(_constant(track, points))
            continue
        body.append(svg.text(LEFT - 12, y + 16, str(track["name"]), anchor="end"))
        if all(isinstance(v, int | float) and not isinstance(v, bool) for _, v in points):
            body.extend(_trace(points, str(track.get("unit", "")), axis, y))
            y += TRACE_HEIGHT + GAP
        else:
            bands, names = _states(points, axis, y)
            body.extend(bands)
            words.extend(names)
            y += STATE_HEIGHT + GAP
    if allowed:
        y += 14
    under = [*_grid(axis, top, y), *_shades(allowed, axis, top, y)]
    lines: list[str] = []
    for number_of, ((t, label), row) in enumerate(zip(marks, rows, strict=True)):
        lines.extend(_mark(t, label, row, number_of, axis, y))
    notes = [f"unchanged: {', '.join(still)}"] if still else []
    rows_of_text = textwrap.wrap(notes[0], 150) if notes else []
    body.extend(svg.text(16, y + 40 + 15 * n, row, size=11, fill=svg.FAINT) for n, row in enumerate(rows_of_text))
    height = y + 26 + 15 * len(rows_of_text) + (6 if rows_of_text else 0)
    return svg.document(WIDTH, height, [*under, *body, *lines, *words], "Signals around the stimulus")


def _constant(track: Mapping[str, Any], points: Sequence[Point]) -> str:
    """What did not change needs no row of its own."""
    if not points:
        return f"{track['name']} (not seen)"
    value = points[-1][1]
    shown = number(float(value), 2) if isinstance(value, float) else str(value)
    return f"{track['name']} {shown} {track.get('unit', '')}".rstrip()


def _clip(points: Sequence[Point], axis: _Axis) -> list[Point]:
    """The points of the window, opened by the value that held before it."""
    before = [p for p in points if p[0] < axis.start]
    inside = [p for p in points if axis.start <= p[0] <= axis.end]
    return [(axis.start, before[-1][1]), *inside] if before else inside


def _held(points: Sequence[Point], end: int) -> Iterator[tuple[Point, int]]:
    """Each point with the instant up to which its value holds."""
    return zip(points, [t for t, _ in points[1:]] + [end] * bool(points), strict=True)


def _states(points: Sequence[Point], axis: _Axis, y: float) -> tuple[list[str], list[str]]:
    """The bands, and the names to be written over everything else."""
    words: list[str] = []
    parts = [svg.rect(LEFT, y, WIDTH - LEFT - RIGHT, STATE_HEIGHT, "#ffffff", stroke=svg.GRID)]
    colours: dict[str, str] = {}
    runs: list[tuple[int, int, str]] = []
    for (t, value), end in _held(points, axis.end):
        if runs and runs[-1][2] == str(value):
            runs[-1] = (runs[-1][0], end, str(value))
        else:
            runs.append((t, end, str(value)))
    for start, end, name in runs:
        colour = colours.setdefault(name, _BANDS[len(colours) % len(_BANDS)])
        x, width = axis.x(start), axis.x(end) - axis.x(start)
        parts.append(svg.rect(x, y, max(width, 1.2), STATE_HEIGHT, colour))
        if width > 7.0 * len(name) + 6:
            words.append(svg.text(x + 5, y + 16, name, size=11))
    return parts, words


def _trace(points: Sequence[Point], unit: str, axis: _Axis, y: float) -> list[str]:
    thin = _thin(points)
    low, high = min(v for _, v in thin), max(v for _, v in thin)
    span = (high - low) or 1.0
    flat = high == low
    parts = [svg.rect(LEFT, y, WIDTH - LEFT - RIGHT, TRACE_HEIGHT, "#ffffff", opacity=0, stroke=svg.GRID)]

    def at(value: float) -> float:
        return y + TRACE_HEIGHT - 6 - (0.5 if flat else (value - low) / span) * (TRACE_HEIGHT - 12)

    line: list[tuple[float, float]] = []
    for (t, value), following in _held(thin, axis.end):
        line += [(axis.x(t), at(value)), (axis.x(following), at(value))]
    parts.append(svg.polyline(line, _TRACE))
    shown = [number(v, 2) for v in ((high,) if flat else (low, high))]
    span_text = f"{' .. '.join(shown)} {unit}".strip()
    parts.append(svg.text(LEFT - 12, y + 32, span_text, size=10, fill=svg.FAINT, anchor="end"))
    return parts


def _thin(points: Sequence[Point]) -> list[tuple[int, float]]:
    """At most about MOST_POINTS points; each group keeps its lowest and highest, so that no peak is lost."""
    if len(points) <= MOST_POINTS:
        return [(t, float(v)) for t, v in points]
    size = -(-len(points) // (MOST_POINTS // 2))
    kept: list[tuple[int, float]] = []
    for n in range(0, len(points), size):
        group = points[n : n + size]
        ends = {min(group, key=lambda p: p[1]), max(group, key=lambda p: p[1])}
        kept.extend((t, float(v)) for t, v in sorted(ends))
    return kept


def _grid(axis: _Axis, top: float, bottom: float) -> list[str]:
    span = (axis.end - axis.start) / 1e9
    factor, unit = (1e3, "ms") if span < 2 else (1.0, "s")
    parts = []
    for tick in svg.ticks(axis.start / 1e9 * factor, axis.end / 1e9 * factor, 8):
        x = axis.x(tick / factor * 1e9)
        parts.append(svg.line(x, top, x, bottom, svg.GRID))
        if x < WIDTH - RIGHT - 20:
            parts.append(svg.text(x, bottom + 15, number(tick), size=11, fill=svg.FAINT, anchor="middle"))
    parts.append(svg.text(WIDTH - RIGHT, bottom + 15, unit, size=11, fill=svg.FAINT, anchor="end"))
    return parts


def _shades(allowed: Sequence[Allowed], axis: _Axis, top: float, bottom: float) -> list[str]:
    parts = []
    for start, end, label in dict.fromkeys(allowed):
        if end <= axis.start or start >= axis.end:
            continue
        x = axis.x(start)
        parts.append(svg.rect(x, top, axis.x(end) - x, bottom - top, _ALLOWED, opacity=0.09))
        parts.append(svg.line(axis.x(end), top, axis.x(end), bottom, _ALLOWED, dash="5 3"))
        beside = _span(axis.x(end) + 1, label)[0]
        parts.append(svg.text(beside, bottom - 3, label, size=10, fill=_ALLOWED))
    return parts


def _mark_rows(marks: Sequence[tuple[int, str]], axis: _Axis) -> list[int]:
    """The row of each label above the plot: the first in which it does not run into its neighbour."""
    ends: list[float] = []
    rows = []
    for t, label in marks:
        start, end = _span(axis.x(t), label)
        row = next((n for n, taken in enumerate(ends) if start > taken + 8), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def _span(x: float, label: str) -> tuple[float, float]:
    width = 7.1 * len(label)
    start = min(x + 3, WIDTH - width - 4)
    return start, start + width


def _mark(t: int, label: str, row: int, number_of: int, axis: _Axis, bottom: float) -> list[str]:
    colour = _MARKS[number_of % len(_MARKS)]
    x, y = axis.x(t), 14.0 + 15.0 * min(row, MOST_ROWS)
    line = svg.line(x, y - 10, x, bottom, colour, width=1.2, dash="3 2")
    return (
        [line, svg.text(_span(x, label)[0], y, label, size=11, fill=colour, bold=True)] if row < MOST_ROWS else [line]
    )
