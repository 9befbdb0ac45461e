"""What a family of instruments wants to hear, as data that reads like its programming manual.

Commands are templates: ``{channel}``, ``{volts}``, ``{amperes}``, ``{voltages}`` and ``{dwells}`` (lists with commas,
volts and seconds) stand for values. A command may be a list of commands. Each file names the manual it follows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from harness.foundation.config import load, suggest
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns, parse_duration
from harness.supply.accuracy import UNSTATED, Accuracy

FOLDER = Path(__file__).parent / "dialects"
SAMPLE: dict[str, object] = {"channel": 1, "volts": 12.5, "amperes": 3.5, "voltages": "12,6", "dwells": "1,0.5"}


def _duration(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a time needs its unit. Write it like '50 ms'")
    return parse_duration(value)


def _commands(value: object) -> object:
    commands = [value] if isinstance(value, str) else value
    if isinstance(commands, list):
        for command in commands:
            _template(command)
    return commands


def _template(value: object) -> object:
    if isinstance(value, str):
        try:
            value.format(**SAMPLE)
        except (KeyError, IndexError, ValueError) as why:
            raise ValueError(
                f"no command template ({why}). There are: {', '.join('{' + k + '}' for k in SAMPLE)}"
            ) from why
    return value


def _pattern(value: object) -> object:
    if isinstance(value, str):
        try:
            re.compile(value)
        except re.error as why:
            raise ValueError(f"no regular expression: {why}. See the module 're' of Python") from why
    return value


Duration = Annotated[Ns, BeforeValidator(_duration), Field(ge=0)]
Commands = Annotated[tuple[str, ...], BeforeValidator(_commands)]
Question = Annotated[str, BeforeValidator(_template)]
Pattern = Annotated[str, BeforeValidator(_pattern)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Connection(_Model):
    """``timeout`` bounds each answer."""

    write_termination: str = "\n"
    read_termination: str = "\n"
    timeout: Duration = 1_000_000_000


class ErrorQueue(_Model):
    """``ask`` takes one entry out of the queue; ``none`` is what an empty queue answers."""

    ask: Question = "SYST:ERR?"
    none: Pattern = r"[+-]?0\b"


class Trip(_Model):
    """A protection that has switched the output off: ``ask`` is answered ``yes``."""

    name: str
    ask: Question
    yes: Pattern


class Protection(_Model):
    """``set`` puts the limit and arms it, ``ask`` reads the limit back where that is possible."""

    set: Commands
    ask: Question | None = None


class Output(_Model):
    on: Commands
    off: Commands
    ask: Question
    is_on: Pattern = "1|ON"


class ListMode(_Model):
    """The instrument steps through voltages by its own clock. After the last step the last voltage must stay."""

    points: int = Field(ge=2)
    shortest: Duration
    longest: Duration
    prepare: Commands
    start: Commands
    stop: Commands


class Timing(_Model):
    """``takes_effect``: from the end of a command to the output following it. ``measures_every``: how old a measured
    value may be. ``step``: how often steps of a profile can be sent, one by one."""

    takes_effect: Duration
    measures_every: Duration
    step: Duration = Field(gt=0)


class SupplyDialect(_Model):
    version: Literal[1] = Field(alias="schema")
    kind: Literal["supply"]
    title: str
    manual: str
    delivers: str = ""
    identification: Pattern
    channels: int = Field(default=1, ge=1)
    connection: Connection = Connection()
    remote: Commands = ()
    local: Commands = ()
    select: Commands = ()
    set_voltage: Question
    ask_voltage: Question
    set_current: Question
    ask_current: Question
    over_voltage: Protection
    over_current: Protection | None = None
    tripped: tuple[Trip, ...] = ()
    output: Output
    measure_voltage: Question
    measure_current: Question
    errors: ErrorQueue = ErrorQueue()
    list_mode: ListMode | None = None
    timing: Timing
    volts_accuracy: Accuracy = UNSTATED
    amperes_accuracy: Accuracy = UNSTATED
    """Of what the family measures at its terminals, where its data sheet has one figure for all; a rig file may have
    those of the very instrument."""


class MeterDialect(_Model):
    """``prepare`` sets the range (``{amperes}``: the largest current expected)."""

    version: Literal[1] = Field(alias="schema")
    kind: Literal["meter"]
    title: str
    manual: str
    identification: Pattern
    connection: Connection = Connection()
    prepare: Commands
    measure: Question
    overload: float = 9e37
    """A reading of this size or more says "out of range"."""
    errors: ErrorQueue = ErrorQueue()
    integrates: Duration
    """How long one reading takes; its stamp covers that."""
    accuracy: Accuracy = UNSTATED

    @field_validator("overload")
    @classmethod
    def _positive(cls, value: float) -> float:
        if value <= 0:
            raise ValueError("an overload is a large number. Write 9e37")
        return value


def load_supply(name: str) -> SupplyDialect:
    """A dialect of the table (``known``) or the path of a file. BadInput naming file, line, value and remedy."""
    return load(_find(name), SupplyDialect)[0]


def load_meter(name: str) -> MeterDialect:
    """As ``load_supply``."""
    return load(_find(name), MeterDialect)[0]


def known() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _find(name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise BadInput("dialect", None, name, "no such dialect of an instrument", suggest(name, known()))
    return path


def fill(template: str, **values: Any) -> str:
    return template.format(**{**SAMPLE, **values})
