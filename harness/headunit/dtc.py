"""Diagnostic trouble codes: maturing, confirmed, healing, with the status byte of ISO 14229-1 (annex D.2).

Theory. A monitor sees a fault or its absence. It may judge while its enabling conditions hold: ignition on, supply in
its range (not for the monitors of the supply itself), long enough after the start or the ignition, and not switched
off by ControlDTCSetting (0x85). A fault that has been there for the maturing time, all of it enabled, fails the test;
one that is gone for the healing time passes it, and a monitor that finds nothing for the maturing time passes as
well: so the two "not completed" bits tell something. Failing stores a snapshot of the surroundings, never of the user.

An operation cycle begins with the ignition. A code is pending from a failed test to the end of a whole cycle that was
tested without failing; confirmed it stays until it is cleared. Status bytes and snapshots are in flash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.diag.names import (
    CONFIRMED,
    FAILED,
    FAILED_SINCE_CLEAR,
    FAILED_THIS_CYCLE,
    NOT_COMPLETED_SINCE_CLEAR,
    NOT_COMPLETED_THIS_CYCLE,
    PENDING,
)
from harness.foundation.units import Ns
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.power import BootDone, IgnitionOn, VoltageHigh, VoltageLow, VoltageNormal

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

ON = "on"
MATURE = FAILED | FAILED_THIS_CYCLE | PENDING | CONFIRMED | FAILED_SINCE_CLEAR
AVAILABLE = 0x7F
"""The unit has no warning lamp."""
AT_ONCE = frozenset({"button_stuck"})
"""Monitors that have waited long enough themselves."""
SUPPLY = frozenset({"undervoltage", "overvoltage"})
SNAPSHOT = ("supply", "temperature", "login_state")
"""Identifiers, by the car's names, that a snapshot holds, as far as the car has them."""

RAM: dict[str, Any] = {
    "dtc_present": {},  # fault -> since when it is seen
    "dtc_tested": set(),  # faults whose test has completed in this operation cycle
    "dtc_band_since": 0,
    "dtc_setting": True,  # ControlDTCSetting
    "dtc_setting_since": 0,
}
FLASH: dict[str, Any] = {
    "dtc_completed": set(),  # faults whose test has completed since the last clear
    "dtc_snapshots": {},
}

TABLE: Table = {
    (ON, FaultSeen): (ON, ("begin_maturing",)),
    (ON, FaultGone): (ON, ("begin_healing",)),
    (ON, VoltageLow): (ON, ("see_undervoltage",)),
    (ON, VoltageHigh): (ON, ("see_overvoltage",)),
    (ON, VoltageNormal): (ON, ("see_voltage", "look_at_conditions")),
    (ON, IgnitionOn): (ON, ("new_cycle", "look_at_conditions")),
    (ON, BootDone): (ON, ("count_start", "look_at_conditions")),
}


def status(unit: HeadUnit, fault: str) -> int:
    """The status byte of one code, as it is told."""
    bits = unit.flash.dtcs.get(fault, 0)
    bits |= 0 if fault in unit.flash.more["dtc_completed"] else NOT_COMPLETED_SINCE_CLEAR
    return bits | (0 if fault in unit.ram.more["dtc_tested"] else NOT_COMPLETED_THIS_CYCLE)


def enabled_from(unit: HeadUnit, fault: str) -> Ns | None:
    """Since when (or from when on) the monitor of ``fault`` may judge; None while it may not."""
    known = unit.ram.more
    if unit.states["power"] != "run" or not known["dtc_setting"]:
        return None
    since = max(known["dtc_started"] + unit.figures["dtc_enable_delay"], known["dtc_setting_since"])
    if fault in SUPPLY:
        return int(since)
    return max(int(since), known["dtc_band_since"]) if unit.ram.band == "normal" else None


def begin_maturing(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, FaultSeen)
    unit.ram.more["dtc_present"].setdefault(event.fault, unit.clock.now())
    unit.stop(f"heal {event.fault}")
    _mature(unit, event.fault)


def _mature(unit: HeadUnit, fault: str) -> None:
    """Fail the test when the fault has been there long enough, else look again then. Without the conditions nothing is
    waited for: whatever brings them looks again."""
    seen, since = unit.ram.more["dtc_present"].get(fault), enabled_from(unit, fault)
    if seen is None or since is None:
        unit.stop(f"mature {fault}")
        return
    left = max(seen, since) + (0 if fault in AT_ONCE else unit.figures["dtc_maturing"]) - unit.clock.now()
    if left > 0:
        unit.later(f"mature {fault}", left, lambda u: _mature(u, fault))
    elif not unit.flash.dtcs.get(fault, 0) & FAILED:
        unit.act("fail_test", FaultSeen(fault))


def fail_test(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, FaultSeen)
    fault, flash = event.fault, unit.flash
    unit.log.line(f"dtc: {fault} failed")
    flash.dtcs[fault] = MATURE
    flash.more["dtc_snapshots"].setdefault(fault, unit.diagnostics.data.snapshot(SNAPSHOT))
    _complete(unit, fault)


def begin_healing(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, FaultGone)
    fault = event.fault
    unit.ram.more["dtc_present"].pop(fault, None)
    unit.stop(f"mature {fault}")
    if not unit.running(f"heal {fault}"):
        unit.later(f"heal {fault}", unit.figures["dtc_healing"], lambda u: _heal(u, fault))


def _heal(unit: HeadUnit, fault: str) -> None:
    since = enabled_from(unit, fault)
    if since is not None and since <= unit.clock.now():
        unit.act("pass_test", FaultGone(fault))


def pass_test(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, FaultGone)
    known = unit.flash.dtcs
    if event.fault in known and known[event.fault] & FAILED:
        known[event.fault] &= ~FAILED
        unit.log.line(f"dtc: {event.fault} passed")
    _complete(unit, event.fault)


def _complete(unit: HeadUnit, fault: str) -> None:
    unit.ram.more["dtc_tested"].add(fault)
    unit.flash.more["dtc_completed"].add(fault)


def _pass_later(unit: HeadUnit) -> None:
    """Monitors that find nothing pass, when they have been allowed to look for as long as a fault needs to mature."""
    now, wait = unit.clock.now(), unit.figures["dtc_maturing"]
    since = [t for fault in unit.vehicle.diagnostics.dtcs if (t := enabled_from(unit, fault)) is not None]
    if since:
        unit.later("dtc pass", max(max(since) - now, 0) + wait, _pass)


def _pass(unit: HeadUnit) -> None:
    now, wait = unit.clock.now(), unit.figures["dtc_maturing"]
    left: Ns = 0
    for fault in unit.vehicle.diagnostics.dtcs:
        since = enabled_from(unit, fault)
        if since is None:
            continue
        ready = now - since >= wait
        left = max(left, since + wait - now)
        if ready and fault not in unit.ram.more["dtc_present"] and not unit.running(f"heal {fault}"):
            unit.act("pass_test", FaultGone(fault))
    if left:  # the timer's quartz was fast
        unit.later("dtc pass", left, _pass)


def see_undervoltage(unit: HeadUnit, event: Event) -> None:
    unit.post(FaultSeen("undervoltage"))


def see_overvoltage(unit: HeadUnit, event: Event) -> None:
    unit.post(FaultSeen("overvoltage"))


def see_voltage(unit: HeadUnit, event: Event) -> None:
    unit.ram.more["dtc_band_since"] = unit.clock.now()
    unit.post(FaultGone("undervoltage"))
    unit.post(FaultGone("overvoltage"))


def count_start(unit: HeadUnit, event: Event) -> None:
    unit.ram.more["dtc_started"] = unit.clock.now()


def new_cycle(unit: HeadUnit, event: Event) -> None:
    """The ignition begins an operation cycle; what the last one knew is drawn together."""
    known = unit.ram.more
    known["dtc_started"] = unit.clock.now()
    for fault, bits in unit.flash.dtcs.items():
        clean = fault in known["dtc_tested"] and not bits & FAILED_THIS_CYCLE
        kept = bits & (CONFIRMED | FAILED_SINCE_CLEAR | (0 if clean else PENDING))
        unit.flash.dtcs[fault] = kept
    known["dtc_tested"].clear()


def look_at_conditions(unit: HeadUnit, event: Event) -> None:
    """An enabling condition may have come: go on where monitors stood."""
    for fault in tuple(unit.ram.more["dtc_present"]):
        _mature(unit, fault)
    for fault, bits in tuple(unit.flash.dtcs.items()):
        if bits & FAILED and fault not in unit.ram.more["dtc_present"] and not unit.running(f"heal {fault}"):
            unit.later(f"heal {fault}", unit.figures["dtc_healing"], lambda u, f=fault: _heal(u, f))  # type: ignore[misc]
    unit.stop("dtc pass")
    _pass_later(unit)


def clear(unit: HeadUnit, faults: frozenset[str]) -> None:
    """0x14: status and snapshots of these codes are as new; monitors judge anew."""
    for fault in faults:
        unit.flash.dtcs.pop(fault, None)
        unit.flash.more["dtc_snapshots"].pop(fault, None)
        unit.flash.more["dtc_completed"].discard(fault)
        unit.ram.more["dtc_tested"].discard(fault)
        unit.stop(f"heal {fault}")
        if fault in unit.ram.more["dtc_present"]:
            unit.ram.more["dtc_present"][fault] = unit.clock.now()
            _mature(unit, fault)
    unit.stop("dtc pass")
    _pass_later(unit)


def set_recording(unit: HeadUnit, on: bool) -> None:
    """0x85: while off no status bit moves."""
    known = unit.ram.more
    if known["dtc_setting"] == on:
        return
    known["dtc_setting"], known["dtc_setting_since"] = on, unit.clock.now()
    if on:
        for fault in known["dtc_present"]:
            known["dtc_present"][fault] = unit.clock.now()
        unit.act("look_at_conditions", FaultGone(""))


ACTIONS: dict[str, Action] = {
    f.__name__: f
    for f in (
        begin_maturing, fail_test, begin_healing, pass_test, see_undervoltage, see_overvoltage, see_voltage,
        count_start, new_cycle, look_at_conditions,
    )
}  # fmt: skip
