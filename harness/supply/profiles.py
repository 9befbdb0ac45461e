"""Voltage profiles as files: YAML of corners or steps, or CSV of corners.

Theory. A profile is a course of the supply: corners joined by straight lines, two at one instant are a step. A person
writes either the corners (``points``) or what happens one after the other (``steps``), which reads like the standard
that a profile is taken from:

    {hold: 15 ms}               stay
    {to: 6.5 V}                 at once
    {to: 6.5 V, within: 5 ms}   a ramp
    {dip: 4.5 V, for: 100 ms}   down, and back to where it was
    {cut: 10 ms}                0 V, and back to where it was
    {repeat: 5, steps: [...]}   so often

A CSV file has a header that names the units, ``after [ms],volts [V]``, and one corner a line; lines that begin with #
are remarks. Whatever is wrong is told with file and line. The profiles the harness brings are in profiles/; each says
where its figures come from and who compared them with that source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.foundation.config import Located, load, suggest
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns, parse_duration, parse_quantity
from harness.supply.port import Point

SCHEMA = 1
SUFFIXES = (".yaml", ".yml", ".csv")
FOLDER = Path(__file__).parent / "profiles"
HEADER = re.compile(r"^\s*(after|volts)\s*\[\s*([a-zA-Zµ]+)\s*\]\s*$")
HIGHEST = 60.0
"""Volts above which it is a typo and no car of 12 or 24 V."""
MOST_CORNERS = 100_000


def _volts(value: object) -> float:
    if not isinstance(value, str):
        raise ValueError("the unit is missing. Write it with the number, such as '9 V'")
    number, unit = parse_quantity(value)
    if unit != "V":
        raise ValueError(f"is in {unit}, V is needed. Write it such as '9 V'")
    if not 0 <= number <= HIGHEST:
        raise ValueError(f"no supply of a car gives that. Write a voltage from 0 V to {HIGHEST:g} V")
    return float(number)


def _duration(value: object) -> Ns:
    if not isinstance(value, str):
        raise ValueError("the unit is missing. Write it with the number, such as '5 ms'")
    span = parse_duration(value)
    if span < 0:
        raise ValueError("a time before now. Write a duration from 0 s on")
    return span


Volts = Annotated[float, BeforeValidator(_volts)]
Span = Annotated[int, BeforeValidator(_duration)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CornerModel(_Part):
    after: Span
    volts: Volts


class StepModel(_Part):
    """One of: hold, to (within), dip (for), cut, repeat (steps)."""

    hold: Span | None = None
    to: Volts | None = None
    within: Span = 0
    dip: Volts | None = None
    for_: Span | None = Field(None, alias="for")
    cut: Span | None = None
    repeat: Annotated[int, Field(ge=1, le=10_000)] | None = None
    steps: list[StepModel] = []

    @model_validator(mode="after")
    def _one(self) -> StepModel:
        given = [n for n in ("hold", "to", "dip", "cut", "repeat") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError("a step does one thing. Write hold, to, dip, cut or repeat")
        if (self.dip is None) != (self.for_ is None):
            raise ValueError("'dip' and 'for' belong together. Write {dip: 4.5 V, for: 100 ms}")
        if bool(self.steps) != (self.repeat is not None):
            raise ValueError("'repeat' and 'steps' belong together. Write {repeat: 5, steps: [...]}")
        if self.within and self.to is None:
            raise ValueError("'within' belongs to 'to'. Write {to: 6.5 V, within: 5 ms}")
        return self


class ProfileFile(_Part):
    """``source``, ``edition``, ``clause``: where the figures are from; ``verified_by``: who compared them, or empty."""

    schema_: int = Field(alias="schema")
    title: str
    source: str = ""
    edition: str = ""
    clause: str = ""
    verified_by: str = ""
    note: str = ""
    start: Volts | None = None
    points: list[CornerModel] = []
    steps: list[StepModel] = []

    @model_validator(mode="after")
    def _either(self) -> ProfileFile:
        if bool(self.points) == bool(self.steps):
            raise ValueError("a profile has either points or steps. Write one of them")
        if bool(self.steps) != (self.start is not None):
            raise ValueError("'start' and 'steps' belong together. Write start: 12.6 V before the steps")
        return self


def read_profile(path: Path) -> tuple[Point, ...]:
    """The corners of a .yaml or .csv file. BadInput or SeveralBadInputs with file and line."""
    return _read_csv(path) if path.suffix.lower() == ".csv" else _read_yaml(path)


def shipped(name: str) -> tuple[Point, ...]:
    """A profile the harness brings. BadInput, with a suggestion, for another name."""
    known = names()
    if name not in known:
        raise BadInput("profiles", None, name, "no such profile", suggest(name, known))
    return _read_yaml(FOLDER / f"{name}.yaml")


def names() -> tuple[str, ...]:
    """The names of the profiles the harness brings."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def span_of(points: Sequence[Point]) -> Ns:
    """How long a profile lasts."""
    return points[-1].after if points else 0


def _read_yaml(path: Path) -> tuple[Point, ...]:
    model, located = load(path, ProfileFile, schema=SCHEMA)
    if model.points:
        for i, (one, next_) in enumerate(zip(model.points, model.points[1:], strict=False)):
            if next_.after < one.after:
                raise located.error(("points", i + 1, "after"), "earlier than the corner before", "Let 'after' rise.")
        return tuple(Point(p.after, p.volts) for p in model.points)
    assert model.start is not None
    out = [Point(0, model.start)]
    _walk(model.steps, out, located)
    return tuple(out)


def _walk(steps: Sequence[StepModel], out: list[Point], located: Located) -> None:
    for step in steps:
        now, volts = out[-1]
        if step.hold is not None:
            out.append(Point(now + step.hold, volts))
        elif step.to is not None:
            out.append(Point(now + step.within, step.to))
        elif step.repeat is not None:
            for _ in range(step.repeat):
                _walk(step.steps, out, located)
        else:
            low, span = (0.0, step.cut) if step.cut is not None else (step.dip or 0.0, step.for_)
            assert span is not None
            out += [Point(now, low), Point(now + span, low), Point(now + span, volts)]
        if len(out) > MOST_CORNERS:
            raise located.error(("steps",), f"more than {MOST_CORNERS} corners", "Repeat less often.")


def _read_csv(path: Path) -> tuple[Point, ...]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(enumerate(csv.reader(file), 1))
    except OSError as why:
        raise BadInput(path, None, "", f"cannot be read: {why.strerror}", "Check the path.") from None
    except (UnicodeDecodeError, csv.Error) as why:
        raise BadInput(path, None, "", f"is no CSV: {why}", "It must be a UTF-8 text file.") from None
    rows = [(n, [c.strip() for c in row]) for n, row in lines if row and not row[0].lstrip().startswith("#")]
    if not rows:
        raise BadInput(path, None, "", "has no lines", "Begin with the header: after [ms],volts [V].")
    columns = _header(path, *rows[0])
    out: list[Point] = []
    for number, row in rows[1:]:
        if len(row) != len(columns):
            raise BadInput(path, number, ",".join(row), f"has {len(row)} columns, not {len(columns)}", "Correct it.")
        values = {}
        for (name, unit), text in zip(columns, row, strict=True):
            try:
                values[name] = (_duration if name == "after" else _volts)(f"{text} {unit}")
            except ValueError as why:
                problem, _, remedy = str(why).partition(". ")
                raise BadInput(path, number, text, problem, f"{remedy or 'Write a number'}.") from None
        point = Point(int(values["after"]), float(values["volts"]))
        if out and point.after < out[-1].after:
            raise BadInput(path, number, row[0], "earlier than the corner before", "Let the times rise.")
        out.append(point)
    if not out:
        raise BadInput(path, rows[0][0], "", "no corner below the header", "Add at least one.")
    return tuple(out)


def _header(path: Path, number: int, row: list[str]) -> list[tuple[str, str]]:
    found = [HEADER.match(cell) for cell in row]
    columns = [(m.group(1), m.group(2)) for m in found if m]
    if len(columns) != len(row) or sorted(n for n, _ in columns) != ["after", "volts"]:
        raise BadInput(path, number, ",".join(row), "is no header", "Write: after [ms],volts [V].")
    for name, unit in columns:
        try:
            (_duration if name == "after" else _volts)(f"1 {unit}")
        except ValueError:
            raise BadInput(path, number, unit, f"no unit of {name}", "Write ms or s, and V or mV.") from None
    return columns
