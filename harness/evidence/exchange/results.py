"""What a run found, as records of texts: a result per attempt of a case, and a figure per measurement in it.

``run.json`` is read, nothing else; figures are in base units, with as many digits as it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NUMBERS = ("value", "low", "high", "minus", "plus", "margin")
FIGURE_FIELDS = ("title", "requirement", "quantity", "unit", *NUMBERS, "limit", "coverage", "verdict", "reason")
RESULT_FIELDS = ("title", "verdict", "vehicle", "attempt", "reason", "started", "software")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Figure:
    """A measurement. ``id``: the result's id and its number there, counted from 1. ``texts``: FIGURE_FIELDS, "" where
    there is none."""

    id: str
    requirement: str
    quantity: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Result:
    """An attempt of a case. ``id``: the case's id and the attempt's number; ``texts``: RESULT_FIELDS."""

    id: str
    scenario: str
    requirements: tuple[str, ...]
    texts: Mapping[str, str]
    figures: tuple[Figure, ...] = ()


def results_of(run: Mapping[str, Any]) -> tuple[Result, ...]:
    """Of the content of a ``run.json``, in its order."""
    facts = {"started": _text(run.get("started")), "software": _text(run.get("software"))}
    return tuple(_result(case, facts) for case in run.get("cases", ()))


def _result(case: Mapping[str, Any], facts: Mapping[str, str]) -> Result:
    id_ = f"{case['id']}#{case.get('attempt', 1)}"
    texts = {**{field: _text(case.get(field)) for field in RESULT_FIELDS}, **facts}
    figures = tuple(_figure(f"{id_}.{n}", m) for n, m in enumerate(case["measurements"], 1))
    return Result(_text(id_), _text(case["id"]), tuple(map(str, case["requirements"])), texts, figures)


def _figure(id_: str, m: Mapping[str, Any]) -> Figure:
    interval, made_of, limit = m.get("interval") or (None, None), m.get("uncertainty") or {}, m.get("limit") or {}
    about: dict[str, Any] = {
        **m,
        "title": f"{m['quantity']} ({m.get('observation', '')})",
        "low": interval[0],
        "high": interval[1],
        "minus": made_of.get("minus"),
        "plus": made_of.get("plus"),
        "coverage": made_of.get("coverage"),
        "limit": limit.get("text") or "",
    }
    texts = {field: _text(about.get(field)) for field in FIGURE_FIELDS}
    return Figure(_text(id_), str(m.get("requirement") or ""), str(m["quantity"]), texts)


def _text(value: object) -> str:
    """Also what neither XML nor a spreadsheet can hold becomes a sign for it: a console may have said anything."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return repr(value)
    return "" if value is None else _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))
