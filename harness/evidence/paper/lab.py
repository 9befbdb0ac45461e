"""``lab.yaml``: what only the laboratory knows. Every field may be empty; what is empty is listed in the report.

::

    schema: 1
    example: false
    laboratory: {name: ..., address: ..., contact: ...}
    customer: {name: ..., address: ..., contact: ...}
    item: {description: ..., serial: ..., received: 2026-11-02}
    instruments:
      - {name: supply, type: PS 9080-60, serial: "2031", calibrated: 2026-03-01, due: 2027-03-01}

The fields are those of ISO/IEC 17025:2017, 7.8.2.1 and 7.8.3.1, that a run cannot know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from harness.foundation.config import load

SCHEMA = 1
_DAY = r"^$|^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_SETTINGS = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True)

Day = Annotated[str, StringConstraints(pattern=_DAY)]
"""``YYYY-MM-DD``, or empty."""


class Party(BaseModel):
    """A laboratory or a customer."""

    model_config = _SETTINGS

    name: str = ""
    address: str = ""
    contact: str = ""


class Person(BaseModel):
    model_config = _SETTINGS

    name: str = ""
    function: str = ""

    @property
    def shown(self) -> str:
        return ", ".join(part for part in (self.name, self.function) if part)


class Item(BaseModel):
    """The item under test, as the laboratory received it. ``software`` only where the run could not read it."""

    model_config = _SETTINGS

    description: str = ""
    maker: str = ""
    type: str = ""
    hardware: str = ""
    software: str = ""
    serial: str = ""
    condition: str = ""
    received: Day = ""
    sampled: Day = ""


class Method(BaseModel):
    """Which specification was tested against, and who approved it; ``sampling``: plan and method, where relevant."""

    model_config = _SETTINGS

    specification: str = ""
    version: str = ""
    approved_by: str = ""
    approved_on: Day = ""
    sampling: str = ""


class Environment(BaseModel):
    model_config = _SETTINGS

    temperature: str = ""
    humidity: str = ""
    other: str = ""


class Instrument(BaseModel):
    """One instrument with its calibration. ``due``: the last day on which it holds."""

    model_config = _SETTINGS

    name: str
    type: str = ""
    serial: str = ""
    calibrated: Day = ""
    due: Day = ""
    certificate: str = ""


class Report(BaseModel):
    """``prefix`` opens the report's number; ``issued`` is the day of issue, ``opinions`` are marked as such."""

    model_config = _SETTINGS

    prefix: str = ""
    issued: Day = ""
    opinions: str = ""


class Lab(BaseModel):
    """The whole file. ``example`` true marks every report made with it as an example."""

    model_config = _SETTINGS

    schema_: int = Field(SCHEMA, alias="schema")
    example: bool = False
    laboratory: Party = Party()
    place: str = ""
    customer: Party = Party()
    item: Item = Item()
    method: Method = Method()
    ran: tuple[Person, ...] = ()
    authorises: Person = Person()
    environment: Environment = Environment()
    instruments: tuple[Instrument, ...] = ()
    external: str = ""
    report: Report = Report()


def read_lab(path: Path | None) -> Lab:
    """The laboratory's data; all of it empty for None. BadInput or SeveralBadInputs with file, line, value, remedy."""
    return Lab(schema=SCHEMA) if path is None else load(path, Lab, schema=SCHEMA)[0]
