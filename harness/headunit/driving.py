"""May the driver look: PARKED, IDLING or MOVING, by the car's table.

The rule itself is the car's (vehicle.driving); here it meets time: standing still has to last. Signals that are
invalid or lost count as the car says, which is MOVING for speed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action, Table
from harness.headunit.events.car import Idling, Moving, Parked
from harness.headunit.events.event import Event
from harness.vehicle.driving import DrivingState, metres_per_second

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

STATES = tuple(str(s) for s in DrivingState)
EVENTS: dict[str, type[Event]] = {"PARKED": Parked, "IDLING": Idling, "MOVING": Moving}

TABLE: Table = {
    (state, event): (name, ("check_login", "leave_forbidden_page"))
    for state in STATES
    for name, event in EVENTS.items()
    if name != state
}


def look(unit: HeadUnit, event: Event) -> None:
    """One of the rule's roles has changed, or standing still has lasted long enough."""
    driving, roles = unit.vehicle.driving, unit.ram.roles
    speed = metres_per_second(roles.get("speed"))
    now = unit.clock.now()
    ram = unit.ram
    if speed is None or speed > driving.thresholds[0]:
        ram.stood_since = None
    elif ram.stood_since is None:
        ram.stood_since = now
    since = ram.stood_since
    stood = 0 if since is None else now - since
    states = {role: value for role, value in roles.items() if value is None or isinstance(value, str)}
    state = str(driving.state(speed, states, stood))
    unit.stop("standstill")
    if since is not None and state != "PARKED":
        waits = [rule.standstill - stood for rule in driving.parked if rule.standstill > stood]
        if waits:
            unit.later("standstill", min(waits), lambda u: u.act("look_at_driving", Parked()))
    if state != unit.states["driving"]:
        unit.post(EVENTS[state]())


ACTIONS: dict[str, Action] = {"look_at_driving": look}
