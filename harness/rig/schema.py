"""What a rig file may say (``rigs/*.yaml``)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PortModel(BaseModel):
    """One port: its driver's name in the driver table (or ``package.module:function``) and that driver's settings."""

    model_config = ConfigDict(extra="allow", frozen=True)

    driver: str

    @property
    def settings(self) -> dict[str, object]:
        return dict(self.model_extra or {})


class HeadUnitModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    simulated: Literal["embedded"] | None = None


class RigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(alias="schema")
    title: str = ""
    clock: Literal["virtual", "wall"]
    level: Literal["virtual", "vcan", "bench"] = "virtual"
    vehicle: str = "gs4"
    head_unit: HeadUnitModel = HeadUnitModel()
    can: dict[str, PortModel]
    audio: PortModel
    supply: PortModel
    console: PortModel
    screen: PortModel
    phone: PortModel
    network: PortModel
    io: PortModel
