"""OUT-01 to OUT-04: faults of leaving. Who is logged out, when, and where that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import S
from harness.headunit.blueprint import drop, once_after, scale_figure, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import skipped
from harness.headunit.events.call import CallRings
from harness.headunit.events.car import RoleChanged
from harness.headunit.events.driver import DriverLeft, LockedOutside
from harness.headunit.events.event import Event
from harness.headunit.events.session import SessionClosed

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action, Filter
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def leaves_with(role: str, state: str) -> Filter:
    """Tap "role": another role's state counts as the driver leaving."""

    def changed(event: RoleChanged, unit: HeadUnit) -> RoleChanged:
        if (event.role, event.state) == (role, state) and unit.ram.roles.get(role) not in (None, state):
            unit.post(DriverLeft())
        return event

    return changed


def service_not_told(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``close_session``: the session ends here only."""
    before = list(unit.flash.revocations)
    call, unit.service.revoking = unit.service.revoking, True
    inner(unit, event)
    unit.flash.revocations[:] = before
    unit.service.revoking = call


def stays_home(view: View, unit: HeadUnit) -> View:
    """Tap "view": what the last driver had in front stays there for a while after the session has ended."""
    since = unit.ram.more.setdefault("closed", unit.clock.now())
    if unit.clock.now() - since < 12 * S:
        unit.later("still home", 12 * S - (unit.clock.now() - since), lambda u: None)
        return view._replace(name="home", lines=(), buttons=("messages", "contacts"), code="")
    return view


def bus_behind(told: tuple[str, str], unit: HeadUnit) -> tuple[str, str]:
    """Tap "telegram": the bus is told of the end of a session when the next thing changes, not before."""
    since = unit.ram.more.setdefault("closed", unit.clock.now())
    if told[0] == "head_unit.session" and unit.clock.now() - since < 12 * S:
        return told[0], "active"
    return told


def lock_needs_seat(event: RoleChanged, unit: HeadUnit) -> RoleChanged | None:
    """Tap "role": the lock is believed only where the seat says 'empty' too."""
    locked = (event.role, event.state) == ("lock", "locked_outside")
    return None if locked and unit.ram.roles.get("seat.driver") != "empty" else event


def lock_needs_ignition(event: RoleChanged, unit: HeadUnit) -> RoleChanged | None:
    """Tap "role": with the ignition off nobody listens to the lock any more."""
    return None if event.role == "lock" and not unit.ignition() else event


DEFECTS = (
    Defect(
        "out-01-slow",
        "The last driver is still logged in when the next one has already sat down.",
        ("OUT-01",),
        set_figure("confirm_leave", 6 * S),
        Kind.WRONG_TIME,
        hooks=("figures.confirm_leave",),
    ),
    Defect(
        "out-01-forgotten-after-a-call",
        "Who has talked with a friend on the way stays logged in after getting out.",
        ("OUT-01",),
        wrap("start_confirm_timer", skipped, when=once_after(CallRings)),
        Kind.STATE_LEAK,
        hooks=("wraps.start_confirm_timer",),
    ),
    Defect(
        "out-01-service-not-told",
        "The car forgets the driver, the account still shows the car as logged in.",
        ("OUT-01",),
        wrap("close_session", service_not_told),
        Kind.MISSING,
        hooks=("wraps.close_session",),
    ),
    Defect(
        "out-01-screen-behind",
        "Bus and account say logged out, the screen still offers the last driver's messages.",
        ("OUT-01",),
        tap("view", stays_home, when=once_after(SessionClosed)),
        Kind.STATE_LEAK,
        hooks=("taps.view",),
    ),
    Defect(
        "out-01-bus-behind",
        "Account and screen say logged out, on the bus the session goes on for a while.",
        ("OUT-01",),
        tap("telegram", bus_behind, when=once_after(SessionClosed)),
        Kind.STATE_LEAK,
        hooks=("taps.telegram",),
    ),
    Defect(
        "out-02-start-stop",
        "At every traffic light with engine start-stop the driver is logged out.",
        ("OUT-02",),
        tap("role", leaves_with("engine", "auto_stop")),
        Kind.WRONG_VALUE,
        hooks=("taps.role",),
    ),
    Defect(
        "out-02-passenger",
        "When the passenger gets out, the driver is logged out.",
        ("OUT-02",),
        tap("role", leaves_with("seat.passenger", "empty")),
        Kind.WRONG_VALUE,
        hooks=("taps.role",),
    ),
    Defect(
        "out-02-door",
        "Opening the door while seated logs out.",
        ("OUT-02",),
        tap("role", leaves_with("door.driver", "open")),
        Kind.WRONG_VALUE,
        hooks=("taps.role",),
    ),
    Defect(
        "out-02-ignition",
        "Switching off the ignition logs out, though the driver stays in the car.",
        ("OUT-02",),
        tap("role", leaves_with("ignition", "off")),
        Kind.WRONG_VALUE,
        hooks=("taps.role",),
    ),
    Defect(
        "out-03-hasty",
        "A seat sensor that flickers, for less than the confirm time, logs out.",
        ("OUT-03", "OUT-10"),
        scale_figure("confirm_leave", 0.65),
        Kind.WRONG_TIME,
        hooks=("figures.confirm_leave",),
    ),
    Defect(
        "out-04-lock-ignored",
        "With a broken seat sensor nobody is ever logged out.",
        ("OUT-04",),
        together(drop("session", "active", LockedOutside), drop("session", "active", DriverLeft)),
        Kind.MISSING,
        hooks=("tables.session",),
    ),
    Defect(
        "out-04-lock-needs-seat",
        "With a broken seat mat locking the car does not log out; the lock alone is not believed.",
        ("OUT-04",),
        tap("role", lock_needs_seat),
        Kind.WRONG_VALUE,
        hooks=("taps.role",),
    ),
    Defect(
        "out-04-deaf-with-ignition-off",
        "Locking logs out only who leaves with the engine running.",
        ("OUT-04",),
        tap("role", lock_needs_ignition),
        Kind.MISSING,
        hooks=("taps.role",),
    ),
)
