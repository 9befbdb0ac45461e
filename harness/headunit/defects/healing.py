"""DIA: faults of a unit whose trouble codes heal when they must not, or not when they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.diag import names as uds
from harness.foundation.units import S
from harness.headunit.blueprint import Action, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultGone

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


def heals_no_more(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``look_at_conditions``: of faults that went meanwhile nobody takes notice."""
    inner(unit, event)
    for fault, bits in unit.flash.dtcs.items():
        if bits & uds.FAILED and fault not in unit.ram.more["dtc_present"]:
            unit.later(f"heal {fault}", 3600 * S, lambda u: None)


def passes_what_is_there(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``look_at_conditions``: a test that begins anew passes once, whatever is there."""
    inner(unit, event)
    for fault in tuple(unit.ram.more["dtc_present"]):
        if unit.flash.dtcs.get(fault, 0) & uds.FAILED:
            passes_later(unit, fault)


def passes_later(unit: HeadUnit, fault: str) -> None:
    """When the code would have healed, if its fault had gone now."""
    unit.later(f"pass {fault}", unit.figures["dtc_healing"], lambda u: u.act("pass_test", FaultGone(fault)))


def heals_although_back(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``begin_maturing``: a fault that is back does not stop its code from healing."""
    fault = getattr(event, "fault", "")
    heals = unit.running(f"heal {fault}")
    inner(unit, event)
    if heals:
        passes_later(unit, fault)


DEFECTS = (
    Defect(
        "dia-01-heals-no-more",
        "What was repaired while recording was switched off is told as failing until the next start.",
        ("DIA-01",),
        wrap("look_at_conditions", heals_no_more),
        Kind.STATE_LEAK,
        hooks=("wraps.look_at_conditions",),
    ),
    Defect(
        "dia-01-passes-after-a-pause",
        "After each reprogramming of another unit the code of a fault that is still there is told as healed.",
        ("DIA-01",),
        wrap("look_at_conditions", passes_what_is_there),
        Kind.WRONG_VALUE,
        hooks=("wraps.look_at_conditions",),
    ),
    Defect(
        "dia-01-heals-although-back",
        "A loose contact that is open again is told as healed.",
        ("DIA-01",),
        wrap("begin_maturing", heals_although_back),
        Kind.RACE,
        hooks=("wraps.begin_maturing",),
    ),
)
