"""What the car tells: roles, and whether it is parked, standing or moving."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    """A role of the car has a new state (a name, a number, or None for invalid or lost)."""

    role: str
    state: str | float | None


class Parked(Event):
    """The parked rule holds."""


class Idling(Event):
    """Standing, but the parked rule does not hold."""


class Moving(Event):
    """Above zero, or nobody can tell."""
