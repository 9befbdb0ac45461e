"""Is the driver there? The car's rules over the roles, as events on their edges.

Left and back are edges of a rule that holds or not; how long it has to hold is the session's business. Locking from
outside is its own edge: it needs no presence signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action
from harness.headunit.events.driver import DriverBack, DriverLeft, LockedOutside
from harness.headunit.events.event import Event

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


def look(unit: HeadUnit, event: Event) -> None:
    rules, roles, ram = unit.vehicle.presence, unit.ram.roles, unit.ram
    left = rules.has_left(roles)
    locked = rules.is_locked(roles)
    if locked and not ram.locked:
        unit.post(LockedOutside())
    ram.locked = locked
    if left and not ram.left:
        ram.left = True
        unit.post(DriverLeft())
    elif not left and ram.left is not False and rules.is_back(roles):
        ram.left = False
        unit.post(DriverBack())


ACTIONS: dict[str, Action] = {"look_at_presence": look}
