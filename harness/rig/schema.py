"""What a rig file may say (``rigs/*.yaml``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harness.foundation.units import MS, Ns, parse_duration
from harness.rig.keeper.steps import SAFE_STATE, Step


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class PortModel(BaseModel):
    """One port: its driver's name in the driver table (or ``package.module:function``) and that driver's settings."""

    model_config = ConfigDict(extra="allow", frozen=True)

    driver: str

    @property
    def settings(self) -> dict[str, object]:
        return dict(self.model_extra or {})


class HeadUnitModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    simulated: Literal["embedded", "process"] | None = None
    """In this process on memory drivers, or a process of its own on the rig's real interfaces; None: a real unit."""


class RigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(alias="schema")
    title: str = ""
    clock: Literal["virtual", "wall"]
    level: Literal["virtual", "vcan", "bench"] = "virtual"
    vehicle: str = "gs4"
    lateness: Annotated[Ns, BeforeValidator(_duration)] = 5 * MS
    """How late the bench may act on the unit, on a wall clock, before the case is BLOCKED."""
    priority: int = Field(default=0, ge=-20, le=19)
    """Nice level of the bench's and the plant's processes, where this user may set it."""
    voices: Literal["stimuli", "people"] | None = None
    """Whose voices the lines carry: those of the stimuli's synthetic speakers, or of people (the default where the head
    unit is no simulated one), whose sound only the authorised may hear."""
    safe_state: tuple[Step, ...] = SAFE_STATE
    """What is done, in this order, when nobody holds a wall-clock rig any more."""
    head_unit: HeadUnitModel = HeadUnitModel()
    can: dict[str, PortModel]
    audio: PortModel
    supply: PortModel
    console: PortModel
    screen: PortModel
    phone: PortModel
    network: PortModel
    io: PortModel

    @property
    def whose_voices(self) -> Literal["stimuli", "people"]:
        return self.voices or ("stimuli" if self.head_unit.simulated else "people")
