"""vehicle.yaml as people write it: shape and types only. What needs the DBC files is checked in load.py."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from harness.vehicle.limits import LimitModel
from harness.vehicle.quantities import BitRate, Duration, Speed, Volts

SCHEMA = 1
Scalar = str | int | float


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BusModel(Part):
    dbc: str
    bitrate: BitRate
    data_bitrate: BitRate | None = None


class RoleModel(Part):
    """``signal: bus/Message.Signal`` or, for network roles and event-type buttons, ``message: bus/Message``."""

    kind: str | None = None
    signal: str | None = None
    message: str | None = None
    values: dict[str, int | str] = {}
    unit: str | None = None
    via: Literal["can", "ladder", "lin"] = "can"
    code: int | None = None
    code_signal: str = "Code"
    kind_signal: str = "Kind"
    kinds: dict[str, int | str] = {}
    sequence: str | None = None
    repeat: Annotated[int, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _one_place(self) -> RoleModel:
        if (self.signal is None) == (self.message is None):
            raise ValueError("a role without signal. Write signal: bus/Message.Signal (or message: bus/Message)")
        return self


class ProtectionModel(Part):
    profile: str
    data_id: int | None = None
    data_id_mode: Literal["both", "alternating", "low", "nibble"] = "both"
    counter: str = ""
    checksum: str = ""
    max_delta: Annotated[int, Field(ge=1, le=14)] = 1


class ModeModel(Part):
    lines: list[str]
    frames: Literal["all", "none"] | list[str]
    nm: bool
    ignition: str | None = None


class SecurityModel(Part):
    """Security access: ``key`` is "package.module:function" (harness/diag/keys.py)."""

    key: str
    parameters: dict[str, Scalar] = {}
    levels: list[Annotated[int, Field(ge=1, le=0x7D)]] = [1]


class DiagnosticsModel(Part):
    bus: str
    request: int
    response: int
    functional: int
    padding: Annotated[int, Field(ge=0, le=255)]
    dids: dict[str, Annotated[int, Field(ge=0, le=0xFFFF)]] = {}
    dtcs: dict[str, Annotated[int, Field(ge=0, le=0xFFFFFF)]] = {}
    security: SecurityModel | None = None


class PresenceModel(Part):
    present: list[dict[str, str]]
    left: list[dict[str, str]]
    locked: list[dict[str, str]] = []
    back: list[dict[str, str]] = []


class RestrictionsModel(Part):
    login: bool
    settings: bool
    message_text: bool
    list_items: int | None = None
    depth: int | None = None
    characters: int | None = None


class ThresholdsModel(Part):
    standstill: Speed
    slow: Speed
    fast: Speed

    @model_validator(mode="after")
    def _rising(self) -> ThresholdsModel:
        if not self.standstill <= self.slow <= self.fast:
            raise ValueError("the thresholds do not rise. Write standstill <= slow <= fast")
        return self


class DrivingModel(Part):
    parked: list[dict[str, str]]
    thresholds: ThresholdsModel
    restrictions: dict[Literal["PARKED", "IDLING", "MOVING"], RestrictionsModel]

    @model_validator(mode="after")
    def _all_states(self) -> DrivingModel:
        missing = sorted({"PARKED", "IDLING", "MOVING"} - set(self.restrictions))
        if missing:
            raise ValueError(f"no restrictions for {', '.join(missing)}. Add them")
        return self


class PointModel(Part):
    after: Duration
    volts: Volts


class VehicleModel(Part):
    schema_: int = Field(alias="schema")
    name: Annotated[str, StringConstraints(min_length=1)]
    note: str
    buses: dict[str, BusModel] = Field(min_length=1)
    roles: dict[str, RoleModel]
    head_unit_nodes: list[str]
    initial: dict[str, Scalar] = {}
    events: dict[str, list[dict[str, Scalar]]]
    protection: dict[str, ProtectionModel] = {}
    schedules: dict[str, list[int]] = {}
    cycles: dict[str, Duration] = {}
    modes: dict[str, ModeModel]
    diagnostics: DiagnosticsModel
    gestures: dict[str, dict[str, str]]
    priority: list[str] = []
    phone_call: dict[str, str] = {}
    presence: PresenceModel
    driving: DrivingModel
    unit: dict[str, Scalar]
    limits: dict[str, LimitModel] = {}
    profiles: dict[str, list[PointModel] | str] = {}
    witnesses: list[str]
    driver_zone: str = "amp.front_left"
    sounds: dict[str, str] = {}
    screens: dict[str, str] = {}
