"""Diagnostic trouble codes: maturing, confirmed, healing, with the status byte of ISO 14229-1 (annex D.2).

Theory. A monitor sees a fault or its absence. A fault that lasts for the maturing time while monitoring is enabled
(ignition on, supply in its range, long enough after the start) fails its test; one that is gone for the healing time
passes it. The code stays confirmed until it is cleared. Status bytes are in flash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit import events as ev
from harness.headunit.blueprint import Action, Table

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

ON = "on"
FAILED, FAILED_THIS_CYCLE, PENDING, CONFIRMED = 0x01, 0x02, 0x04, 0x08
NOT_COMPLETED_SINCE_CLEAR, FAILED_SINCE_CLEAR, NOT_COMPLETED_THIS_CYCLE = 0x10, 0x20, 0x40
MATURE = FAILED | FAILED_THIS_CYCLE | PENDING | CONFIRMED | FAILED_SINCE_CLEAR
AVAILABLE = 0x7F
AT_ONCE = frozenset({"button_stuck"})
"""Monitors that have waited long enough themselves."""

TABLE: Table = {
    (ON, ev.FaultSeen): (ON, ("begin_maturing",)),
    (ON, ev.FaultGone): (ON, ("begin_healing",)),
    (ON, ev.VoltageLow): (ON, ("see_undervoltage",)),
    (ON, ev.VoltageHigh): (ON, ("see_overvoltage",)),
    (ON, ev.VoltageNormal): (ON, ("see_voltage",)),
    (ON, ev.BootDone): (ON, ("new_cycle",)),
}


def enabled(unit: HeadUnit, fault: str) -> bool:
    """Whether the monitor of ``fault`` may judge now."""
    if fault in ("undervoltage", "overvoltage"):
        return unit.states["power"] == "run"
    started = unit.clock.now() - unit.ram.booted_at >= unit.figures["dtc_enable_delay"]
    return unit.states["power"] == "run" and unit.ram.band == "normal" and started


def begin_maturing(unit: HeadUnit, event: ev.Event) -> None:
    assert isinstance(event, ev.FaultSeen)
    _mature_later(unit, event.fault)


def _mature_later(unit: HeadUnit, fault: str) -> None:
    after = 0 if fault in AT_ONCE else unit.figures["dtc_maturing"]
    unit.stop(f"heal {fault}")
    unit.later(f"mature {fault}", after, lambda u: _mature(u, fault))


def _mature(unit: HeadUnit, fault: str) -> None:
    if not enabled(unit, fault):
        unit.later(f"mature {fault}", unit.figures["dtc_maturing"], lambda u: _mature(u, fault))
        return
    dtcs = unit.flash.dtcs
    if not dtcs.get(fault, 0) & FAILED:
        unit.log.line(f"dtc: {fault} failed")
    dtcs[fault] = (dtcs.get(fault, 0) | MATURE) & ~(NOT_COMPLETED_SINCE_CLEAR | NOT_COMPLETED_THIS_CYCLE)


def begin_healing(unit: HeadUnit, event: ev.Event) -> None:
    assert isinstance(event, ev.FaultGone)
    fault = event.fault
    unit.stop(f"mature {fault}")
    if unit.flash.dtcs.get(fault, 0) & FAILED and not unit.running(f"heal {fault}"):
        unit.later(f"heal {fault}", unit.figures["dtc_healing"], lambda u: _heal(u, fault))


def _heal(unit: HeadUnit, fault: str) -> None:
    unit.flash.dtcs[fault] = unit.flash.dtcs.get(fault, 0) & ~FAILED
    unit.log.line(f"dtc: {fault} passed")


def see_undervoltage(unit: HeadUnit, event: ev.Event) -> None:
    unit.post(ev.FaultSeen("undervoltage"))


def see_overvoltage(unit: HeadUnit, event: ev.Event) -> None:
    unit.post(ev.FaultSeen("overvoltage"))


def see_voltage(unit: HeadUnit, event: ev.Event) -> None:
    unit.post(ev.FaultGone("undervoltage"))
    unit.post(ev.FaultGone("overvoltage"))


def new_cycle(unit: HeadUnit, event: ev.Event) -> None:
    """An operation cycle begins with a start of the unit."""
    for fault, status in unit.flash.dtcs.items():
        pending = PENDING if status & FAILED_THIS_CYCLE else 0
        kept = status & (CONFIRMED | FAILED_SINCE_CLEAR)
        unit.flash.dtcs[fault] = kept | pending | NOT_COMPLETED_THIS_CYCLE


ACTIONS: dict[str, Action] = {
    "begin_maturing": begin_maturing,
    "begin_healing": begin_healing,
    "see_undervoltage": see_undervoltage,
    "see_overvoltage": see_overvoltage,
    "see_voltage": see_voltage,
    "new_cycle": new_cycle,
}
