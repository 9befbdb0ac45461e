"""May the driver look? PARKED, IDLING, MOVING from gear, speed, brake and standstill.

Theory. One table per car, used by every rule about distraction, login and settings alike. PARKED: one of the car's
alternatives holds (selector in P; or standing still for long enough with the brake pressed). MOVING: faster than the
first threshold. IDLING: what lies between. A speed that is invalid or lost counts as MOVING, whatever else is known:
not knowing must not open what driving closes. MOVING has bands (0, 4.99 and 5.0 m/s in Android Automotive's default
restriction map); between two thresholds the faster band holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from harness.foundation.units import Ns

KMH_PER_MS = 3.6


class DrivingState(StrEnum):
    PARKED = "PARKED"
    IDLING = "IDLING"
    MOVING = "MOVING"


@dataclass(frozen=True)
class Restrictions:
    """What the screen may offer in one driving state. None: no bound."""

    login: bool
    settings: bool
    message_text: bool
    list_items: int | None
    depth: int | None
    characters: int | None


@dataclass(frozen=True)
class ParkedRule:
    """All of ``states`` hold, and the car has stood still for ``standstill`` ns (0: not asked)."""

    states: Mapping[str, str]
    standstill: Ns


@dataclass(frozen=True)
class Driving:
    """The car's table. ``thresholds`` in m/s, rising: stand, end of the slow band, start of the fast band."""

    parked: tuple[ParkedRule, ...]
    thresholds: tuple[float, float, float]
    restrictions: Mapping[DrivingState, Restrictions]

    def state(self, speed: float | None, states: Mapping[str, str | None], standstill: Ns) -> DrivingState:
        """``speed`` in m/s, None when invalid or lost; ``states`` by role (gear, brake); ``standstill`` in ns."""
        if speed is None or speed > self.thresholds[0]:
            return DrivingState.MOVING
        for rule in self.parked:
            if standstill >= rule.standstill and all(states.get(r) == s for r, s in rule.states.items()):
                return DrivingState.PARKED
        return DrivingState.IDLING

    def band(self, speed: float | None) -> int:
        """0 standing, 1 slow, 2 fast; an unknown speed is fast, and so is one between the two upper thresholds."""
        stand, slow, _ = self.thresholds
        if speed is None:
            return 2
        return 0 if speed <= stand else 1 if speed <= slow else 2

    def allows(self, state: DrivingState) -> Restrictions:
        return self.restrictions[state]


def metres_per_second(speed: str | float | None) -> float | None:
    """The role ``speed`` as it is read (km/h, a state name such as "invalid", or None) in m/s; None when not known."""
    return None if speed is None or isinstance(speed, str) else speed / KMH_PER_MS
