"""MSG-08, BTN-01, DRV-06: faults of what waits: a message for a chime to end, a login for its driver or the brake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import drop, gesture, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.events.car import Parked
from harness.headunit.events.voice import SafetyChimeOver

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.events.event import Event
    from harness.headunit.unit import HeadUnit


def looks_only_when_told(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``look_at_driving``: that time has passed is no reason to look again."""
    if not isinstance(event, Parked):
        inner(unit, event)


def has_always_stood(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``look_at_driving``: since when the car stands is not written down."""
    inner(unit, event)
    if unit.ram.stood_since is not None:
        unit.ram.stood_since = 0


DEFECTS = (
    Defect(
        "btn-01-listens-to-nobody",
        "In a car where nobody is logged in a press chimes, and nothing comes of it.",
        ("BTN-01",),
        gesture("off", "press", "listen@press"),
        Kind.MISSING,
        hooks=("gestures.off",),
    ),
    Defect(
        "msg-08-put-off-for-good",
        "A message that a warning broke off is not announced again until the next one comes.",
        ("MSG-08",),
        drop("voice", "idle", SafetyChimeOver),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "drv-06-waits-for-a-touch",
        "Who waits on the brake gets no code until he touches the selector.",
        ("DRV-06",),
        wrap("look_at_driving", looks_only_when_told),
        Kind.MISSING,
        hooks=("wraps.look_at_driving",),
        needs=("brake",),
    ),
    Defect(
        "drv-06-stood-long-ago",
        "At a traffic light the code is there as soon as one shifts into neutral.",
        ("DRV-06",),
        wrap("look_at_driving", has_always_stood),
        Kind.WRONG_TIME,
        hooks=("wraps.look_at_driving",),
        needs=("brake",),
    ),
)
