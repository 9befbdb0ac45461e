"""What the unit does, by whichever witness the car offers: its status on the bus, else its screen.

A scenario asks what messaging does; whether the car says so in a frame or only shows it is data of the car. What
neither of the two can tell is left to the judge as a witness that is missing.
"""

from __future__ import annotations

from harness.bench.world import World
from harness.foundation.stamps import Stamp
from harness.judging import seen, signals
from harness.judging.observation import Observation
from harness.vehicle.vehicle import Vehicle


def reaches(vehicle: Vehicle, role: str, state: str, after: Stamp) -> Observation:
    by = seen.reaches if _by_screen(vehicle, role, state) else signals.reaches
    return by(role, state, after)


def says(vehicle: Vehicle, role: str, state: str, after: Stamp) -> Observation:
    by = seen.says if _by_screen(vehicle, role, state) else signals.says
    return by(role, state, after)


def stays(vehicle: Vehicle, role: str, state: str, after: Stamp) -> Observation:
    by = seen.stays if _by_screen(vehicle, role, state) else signals.stays
    return by(role, state, after)


def avoids(vehicle: Vehicle, role: str, state: str, after: Stamp) -> Observation:
    by = seen.avoids if _by_screen(vehicle, role, state) else signals.avoids
    return by(role, state, after)


def is_now(world: World, role: str, state: str) -> bool:
    """Whether the unit says, or shows, ``state`` at present."""
    now = world.clock.now()
    if _by_screen(world.vehicle, role, state):
        pictures = world.recorder.pictures(now, now)
        return bool(pictures) and seen.STATES[role, state](world.recorder, pictures[-1])
    where = world.vehicle.role(role)
    last = world.recorder.last_frame(where.bus, where.message.key, now + 1)
    return bool(last and last.frame and where.read(last.frame.data) == state)


def _by_screen(vehicle: Vehicle, role: str, state: str) -> bool:
    return role not in vehicle.roles and "screen" in vehicle.witnesses and (role, state) in seen.STATES
