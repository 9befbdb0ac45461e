"""A car, read and checked: everything a scenario, the judge and the simulated unit know about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.can.database import Database
from harness.can.message import Message
from harness.can.protection import Protection
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.units import Ns
from harness.foundation.values import Limit
from harness.supply.port import Point
from harness.vehicle.driving import Driving
from harness.vehicle.presence import Presence
from harness.vehicle.propose_recipes import RECIPES
from harness.vehicle.role import Role
from harness.vehicle.roles import BUTTON_KINDS, CHECKED, COUNTED, ON_CAN, ON_CHANGE


@dataclass(frozen=True)
class Bus:
    """A bus and its database; rates in bit/s, ``data_bitrate`` None on a classic bus."""

    name: str
    path: Path
    bitrate: int
    data_bitrate: int | None
    database: Database


@dataclass(frozen=True)
class Step:
    """One step of an event. ``what``: a role (value: state or number), a line of IO_LINES ("on"/"off"), or "wait" (ns).

    ``mark`` names the instant from which judging counts; an event has exactly one.
    """

    what: str
    value: str | float
    mark: str | None = None


@dataclass(frozen=True)
class Mode:
    """Which lines are on, which messages are sent ("all", "none", or their names), whether the bus is kept awake."""

    name: str
    lines: tuple[str, ...]
    frames: str | tuple[str, ...]
    nm: bool
    ignition: str | None
    """The state of the role ``ignition`` that brings this mode; None for SLEEP, which follows from silence."""

    def sends(self, message: str) -> bool:
        return self.frames == "all" or (not isinstance(self.frames, str) and message in self.frames)


@dataclass(frozen=True)
class Security:
    """Security access: who makes keys ("package.module:function"), with what, and which levels there are."""

    key: str
    parameters: Mapping[str, str | int | float]
    levels: tuple[int, ...]


@dataclass(frozen=True)
class Diagnostics:
    """Addresses of the head unit, and what can be asked of it by name."""

    bus: str
    request: int
    response: int
    functional: int
    padding: int
    dids: Mapping[str, int]
    dtcs: Mapping[str, int]
    security: Security | None = None


@dataclass(frozen=True)
class Vehicle:
    """One car. ``unit`` holds nominal figures (times in ns), ``limits`` the judge's overrides ("BTN-02.long_press")."""

    id: str
    name: str
    note: str
    folder: Path
    buses: dict[str, Bus]
    roles: dict[str, Role]
    events: dict[str, tuple[Step, ...]]
    initial: dict[str, str | float]
    protection: dict[tuple[str, str], Protection]
    modes: dict[str, Mode]
    diagnostics: Diagnostics
    unit: dict[str, int | float | str]
    limits: dict[str, Limit]
    gestures: dict[str, dict[str, str]]
    priority: tuple[str, ...]
    phone_call: dict[str, str]
    presence: Presence
    driving: Driving
    profiles: dict[str, tuple[Point, ...]]
    head_unit_nodes: frozenset[str]
    witnesses: frozenset[str]
    driver_zone: str
    sounds: dict[str, Path]
    screens: dict[str, Path]
    schedules: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    """By (bus, message): the ids of its multiplexer in the order in which their pages are sent, over and over."""

    @property
    def serial(self) -> str:
        return str(self.unit.get("serial", ""))

    def role(self, name: str) -> Role:
        """HarnessError, with a suggestion, when this car has no such role."""
        try:
            return self.roles[name]
        except KeyError:
            raise HarnessError(f"{self.id} has no role {name!r}. {suggest(name, self.roles)}") from None

    def has(self, need: str) -> bool:
        """Whether the car offers ``need``: a role, a role kind, a witness, an event, a mode; "a | b" is either."""
        return any(self._offers(part.strip()) for part in need.split("|"))

    def _offers(self, need: str) -> bool:
        return (
            need in self.roles
            or need in self.witnesses
            or need in self.modes
            or need in self.events
            or need in self.profiles
            or need.removeprefix("screen.") in self.screens
            or any(role.kind == need for role in self.roles.values())
            or (need in (COUNTED, CHECKED) and self._protects_the_button(need.removeprefix("button.")))
            or (need == ON_CHANGE and any(True for _ in self.sent_on_change()))
            or (need == ON_CAN and any(r.kind in BUTTON_KINDS and r.via == "can" for r in self.roles.values()))
        )

    def sent_on_change(self) -> Iterator[tuple[str, Message]]:
        """(bus, message) of what the unit sends in its cycle and, so many times more, on change."""
        for bus in self.buses.values():
            for message in bus.database.messages.values():
                ours = bool(message.cycle) and not self.head_unit_nodes.isdisjoint(message.senders)
                if ours and "change" in message.send_type.lower() and message.fast_cycle and message.repetitions:
                    yield bus.name, message

    def _protects_the_button(self, by: str) -> bool:
        role = self.roles.get("wheel.messaging")
        protection = role and self.protection.get((role.bus, role.message.name))
        return bool(protection and getattr(protection, by))

    def event(self, name: str) -> tuple[Step, ...]:
        """The recipe of an event. NotOffered when it is one that happens to cars and this one has none for it;
        HarnessError, with a suggestion, when no car knows it."""
        if name in self.events:
            return self.events[name]
        if name in RECIPES:
            raise NotOffered(f"{self.name} has no event {name}")
        raise HarnessError(f"{self.id} has no event {name!r}. {suggest(name, {*self.events, *RECIPES})}")

    def mode_of(self, ignition: str) -> Mode:
        """The mode that a position of the ignition brings. HarnessError when no mode names it."""
        for mode in self.modes.values():
            if mode.ignition == ignition:
                return mode
        raise HarnessError(f"{self.id} has no mode for ignition {ignition!r}; modes: {', '.join(self.modes)}")

    def frames_per_second(self) -> dict[str, float]:
        """Frames a second of every bus in mode ON, cyclic messages only (for the summary)."""
        return {
            name: sum(1e9 / m.cycle for m in bus.database.messages.values() if m.cycle)
            for name, bus in self.buses.items()
        }

    def period(self, role: str) -> Ns:
        """ns from one frame that carries ``role`` to the next: the message's cycle time, or as often as the role's page
        comes round where it is multiplexed. HarnessError when the message is not cyclic."""
        where = self.role(role)
        cycle = where.message.cycle
        if cycle is None:
            raise HarnessError(f"{where.place} has no cycle time")
        mux = None if where.signal is None else where.signal.mux
        schedule = self.schedules.get((where.bus, where.message.name))
        if mux is None or schedule is None:
            return cycle
        return cycle * len(schedule) // sum(page in mux[1] for page in schedule)
