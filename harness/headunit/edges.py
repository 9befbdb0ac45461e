"""Units at the edge of a limit: which figure of the unit moves what a requirement measures, and how.

Theory. A limit is qualified when a unit just inside it passes and one just outside fails. Such units need no list: each
is the right unit with one thing moved by an ``amount``, in the limit's own unit. A ``Row`` says what is moved and what
the amount is added to:

- MEASURED: to what the scenarios measure on the right unit (a latency becomes longer by so much);
- FIGURE: to the unit's own figure, which the limit is about while the scenario only tries both sides of it (a gap of
  two presses, a number of frames): nothing is measured, the answer is the judgement;
- NOTHING: the amount is what is to be measured (so many ms of speech lost).

The amount stands in the unit's name, ``edge-BTN-01.latency.chime=+0.109``, so that one case can be replayed with
``--defect``. Which amounts are asked follows from a baseline and is none of the unit's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite

from harness.foundation.units import S
from harness.headunit.blueprint import Blueprint, Change

PREFIX = "edge-"
MEASURED, FIGURE, NOTHING = "measured", "figure", "nothing"

Moved = Callable[[float], Change]
"""An amount in the limit's unit -> the change of the unit."""


@dataclass(frozen=True)
class Row:
    """One way to move one limit's figure.

    ``limit`` is "BTN-01.latency"; ``by`` names the observations whose figure is moved (none: all of that quantity);
    ``way`` tells rows of one limit apart. ``room`` is how far from the limit, in its unit, the unit is put beside the
    measurement's own bounds: its grid, and what the cycles of ``roles`` add. ``whole``: the figure is a count, its edge
    is the limit itself and one more. ``figure`` is the unit's figure of a FIGURE row. ``sides`` leaves one out.
    ``only``: no case is asked that does not measure it, since the unit cannot do there what such a case needs on its
    way.
    """

    limit: str
    move: Moved
    what: str
    by: tuple[str, ...] = ()
    way: str = ""
    room: float = 0.002
    roles: tuple[str, ...] = ()
    start: str = MEASURED
    figure: str = ""
    whole: bool = False
    sides: tuple[str, ...] = ("low", "high")
    only: bool = False

    @property
    def name(self) -> str:
        return f"{self.limit}.{self.way}" if self.way else self.limit

    @property
    def requirement(self) -> str:
        return self.limit.partition(".")[0]

    @property
    def quantity(self) -> str:
        return self.limit.partition(".")[2]


def add(name: str, factor: float = 1.0) -> Moved:
    """The figure ``name`` becomes ``factor`` times the amount more: seconds of a time, else the figure's own unit."""

    def moved(amount: float) -> Change:
        def change(base: Blueprint) -> Blueprint:
            value = base.figures[name]
            times = name not in COUNTS and isinstance(value, int)
            more = round(factor * amount * S) if times else factor * amount
            new = round(value + more) if isinstance(value, int) else value + more
            return replace(base, figures={**base.figures, name: new})

        return change

    return moved


COUNTS = frozenset({"debounce_frames", "message_timeout_cycles", "security_attempts", "e2e_errors_to_invalid"})
"""Figures that are numbers of something, not ns."""


@cache
def rows() -> dict[str, Row]:
    """All rows by name."""
    from harness.headunit.edge_rows import ROWS

    return {row.name: row for row in ROWS}


def name_of(row: Row, amount: float) -> str:
    """The unit's name; ``unit_named`` reads it."""
    return f"{PREFIX}{row.name}={amount:+.9g}"


def finite(text: str) -> float:
    """A number. ValueError for what is none, and for nan and inf."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no amount")
    return number


@dataclass(frozen=True)
class EdgeUnit:
    """A unit at the edge of a limit: its name, whose limit it is, and what makes it of the right one."""

    id: str
    requirements: tuple[str, ...]
    change: Change


def unit_named(name: str) -> EdgeUnit | None:
    """The unit of that name; None for a name that is none of ours or a row that there is not."""
    head, equals, amount = name.removeprefix(PREFIX).rpartition("=")
    row = rows().get(head)
    if not name.startswith(PREFIX) or not equals or row is None:
        return None
    try:
        change = row.move(finite(amount))
    except ValueError:
        return None
    return EdgeUnit(name, (row.requirement,), change)
