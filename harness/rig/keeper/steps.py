"""What a rig does, step by step, when nobody holds it any more (``safe_state`` of a rig file).

Theory. An order with deadlines, because cutting KL30 at once costs flash and the state one wants to look at: first the
car is switched off, then it falls silent, then the unit has time to go to sleep, and only then its supply is taken
away. A step that fails or takes too long is written down and the next one begins: the last one must always come.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.foundation.units import MS, Ns, S, parse_duration, show_time


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _off(value: object) -> object:
    return "off" if value is False else value  # YAML reads a bare off as false


Duration = Annotated[Ns, BeforeValidator(_duration), Field(gt=0)]
Off = Annotated[Literal["off"], BeforeValidator(_off)]


class Step(BaseModel):
    """One of ``line`` (with ``to: off``), ``rest_bus``, ``asleep`` (amperes) or ``supply``; done ``within`` a time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: Literal["KL15", "ACC", "reverse", "bus_short"] | None = None
    to: Off = "off"
    rest_bus: Literal["silent"] | None = None
    asleep: float | None = Field(default=None, gt=0)
    """The current in A below which the unit counts as asleep."""
    supply: Off | None = None
    within: Duration = 1 * S

    @model_validator(mode="after")
    def _one(self) -> Step:
        said = [v for v in (self.line, self.rest_bus, self.asleep, self.supply) if v is not None]
        if len(said) != 1:
            raise ValueError(
                "a step is one of line, rest_bus, asleep, supply. Write such as {line: KL15, to: off} or {supply: off}"
            )
        return self

    def __str__(self) -> str:
        if self.line is not None:
            return f"{self.line} off"
        if self.rest_bus is not None:
            return "rest-bus and network management silent"
        if self.asleep is not None:
            return f"wait for sleep (below {self.asleep:g} A, at most {show_time(self.within)})"
        return "KL30 off"


SAFE_STATE = (
    Step(line="bus_short", within=500 * MS),
    Step(line="reverse", within=500 * MS),
    Step(line="ACC", within=500 * MS),
    Step(line="KL15", within=500 * MS),
    Step(rest_bus="silent", within=500 * MS),
    Step(asleep=0.05, within=10 * S),
    Step(supply="off", within=2 * S),
)
"""Where a rig file says nothing."""
