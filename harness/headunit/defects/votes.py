"""PWR, NET: faults of network management, which keeps a parked car's buses awake or lets them sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.port import Frame
from harness.foundation.units import S
from harness.headunit.blueprint import Action, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.events.event import Event
from harness.headunit.events.power import PostRunEnded
from harness.headunit.network_management import CONTROL_BYTE, OWN
from harness.headunit.power import POST_RUN, STANDBY

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

REPEAT_REQUEST = 0x01


def never_votes(frame: Frame, unit: HeadUnit) -> Frame | None:
    return None if frame.key == unit.vehicle.role(OWN).message.key else frame


def asks_to_repeat(frame: Frame, unit: HeadUnit) -> Frame:
    if frame.key != unit.vehicle.role(OWN).message.key:
        return frame
    data = bytearray(frame.data)
    data[CONTROL_BYTE] |= REPEAT_REQUEST
    return frame._replace(data=bytes(data))


def votes_with_the_others(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``check_sleep``: as long as others keep the bus awake, the post-run begins anew."""
    inner(unit, event)
    if unit.intake.bus_awake and unit.states["power"] == STANDBY:
        unit.states["power"] = POST_RUN
        unit.start("post_run", 5 * S, PostRunEnded())


DEFECTS = (
    Defect(
        "net-01-never-votes",
        "Other units fall asleep under this one while it is at work.",
        ("NET-01",),
        tap("can_out", never_votes),
        Kind.MISSING,
        hooks=("taps.can_out",),
    ),
    Defect(
        "pwr-03-asks-to-repeat",
        "As long as this unit is awake, every unit of the car sends network management as if it had just started.",
        ("PWR-03",),
        tap("can_out", asks_to_repeat),
        Kind.WRONG_VALUE,
        hooks=("taps.can_out",),
    ),
    Defect(
        "pwr-03-votes-with-the-others",
        "Two units keep each other awake until the battery is flat.",
        ("PWR-03",),
        wrap("check_sleep", votes_with_the_others),
        Kind.RESOURCE,
        hooks=("wraps.check_sleep",),
    ),
)
