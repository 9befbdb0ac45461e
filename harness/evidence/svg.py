"""The few SVG pieces our pictures are made of. Text is escaped here and nowhere else; lengths are CSS pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

FONT = "font-family='system-ui, -apple-system, Segoe UI, Noto Sans, Noto Sans SC, sans-serif'"
INK, FAINT, GRID = "#1f2933", "#616e7c", "#e4e7eb"


def num(value: float) -> str:
    """A coordinate with one decimal, which is finer than anyone sees and keeps files small."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, *, size: int = 12, fill: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    weight = " font-weight='600'" if bold else ""
    at = f"x='{num(x)}' y='{num(y)}'"
    return f"<text {at} font-size='{size}' fill='{fill}' text-anchor='{anchor}'{weight}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dash: str = "") -> str:
    dashes = f" stroke-dasharray='{dash}'" if dash else ""
    ends = f"x1='{num(x1)}' y1='{num(y1)}' x2='{num(x2)}' y2='{num(y2)}'"
    return f"<line {ends} stroke='{stroke}' stroke-width='{width}'{dashes}/>"


def rect(x: float, y: float, w: float, h: float, fill: str, *, opacity: float = 1, stroke: str = "none") -> str:
    box = f"x='{num(x)}' y='{num(y)}' width='{num(max(w, 0))}' height='{num(h)}'"
    return f"<rect {box} fill='{fill}' fill-opacity='{opacity}' stroke='{stroke}'/>"


def polyline(points: Iterable[tuple[float, float]], stroke: str, width: float = 1.5) -> str:
    path = " ".join(f"{num(x)},{num(y)}" for x, y in points)
    return f"<polyline points='{path}' fill='none' stroke='{stroke}' stroke-width='{width}' stroke-linejoin='round'/>"


def document(width: float, height: float, parts: Iterable[str], label: str) -> str:
    """A standalone picture on white, so that it reads the same on a dark page and on paper."""
    size = f"width='{num(width)}' height='{num(height)}' viewBox='0 0 {num(width)} {num(height)}'"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' aria-label='{escape(label, quote=True)}' {FONT}>"
    return "".join((head, rect(0, 0, width, height, "#ffffff"), *parts, "</svg>"))


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round values within [low, high], some ``about`` of them, at steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0:
        return [low]
    raw = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]
