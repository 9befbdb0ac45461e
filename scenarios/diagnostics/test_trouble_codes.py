"""Trouble codes"""

import pytest

from harness.scenario import S, verifies

FAULTS = ["speed_lost", "undervoltage", "overvoltage"]


@verifies("DIA-01")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_trouble_code_lives_by_the_standard(logged_in, car, workshop, head_unit, judge, fault):
    """Each status bit comes and goes when it has to, from the clear over failing and healing to the next cycles."""
    codes = head_unit.trouble_codes
    codes.clears()
    car.goes_on(5 * S)
    judge("DIA-01", codes.status(fault).is_("passed"))
    with workshop.provokes(fault) as wrong:
        matured = codes.matures(fault, after=wrong)
        judge("DIA-01", matured, codes.status(fault).is_("failing"), codes.snapshot(fault, matured))
    judge("DIA-01", codes.heals(fault, after=wrong.over), codes.status(fault).is_("healed"))
    for stage in ("next cycle", "cycle after"):
        car.stops()
        car.goes_on(3 * S)
        car.starts()
        car.goes_on(6 * S)
        judge("DIA-01", codes.status(fault).is_(stage))
    codes.clears()
    judge("DIA-01", codes.status(fault).is_("cleared"))


@verifies("DIA-01")
@pytest.mark.parametrize("volts", ["voltage_low", "voltage_high"])
def test_no_code_outside_the_voltage_range(logged_in, car, supply, workshop, head_unit, judge, volts):
    """A message that stops while the supply is out of its range brings no code; back in its range, it does."""
    with workshop.provokes("speed_lost"):
        with supply.out_of(volts) as out:
            car.goes_on(5 * S)
            status = head_unit.trouble_codes.status("speed_lost")
        judge("DIA-01", status.is_("not failed"))
        judge("DIA-01", head_unit.trouble_codes.matures("speed_lost", after=out.over))


@verifies("DIA-01")
def test_no_code_without_ignition(logged_in, car, workshop, head_unit, judge):
    """With the ignition off a message that stops brings no code; on again, it does after the enabling delay."""
    car.stops()
    with workshop.provokes("speed_lost"):
        car.goes_on(5 * S)
        status = head_unit.trouble_codes.status("speed_lost")
        judge("DIA-01", status.is_("not failed"))
        started = car.starts()
        matured = head_unit.trouble_codes.matures("speed_lost", after=started, within=10 * S)
        judge("DIA-01", matured.measuring("dtc_enable_delay"))


@verifies("DIA-01")
def test_no_code_while_recording_is_off(logged_in, car, workshop, head_unit, judge):
    """With ControlDTCSetting off a message that stops brings no code; switched on again, it does."""
    with workshop.provokes("speed_lost"):
        with workshop.records_no_codes() as off:
            car.goes_on(5 * S)
            status = head_unit.trouble_codes.status("speed_lost")
        judge("DIA-01", status.is_("not failed"))
        judge("DIA-01", head_unit.trouble_codes.matures("speed_lost", after=off.over))


@verifies("DIA-01")
def test_codes_are_recorded_again_within_the_session(logged_in, car, workshop, head_unit, judge):
    """ControlDTCSetting switches recording off and on, whatever session comes after."""
    with workshop.provokes("speed_lost"), workshop.stays_extended():
        workshop.switches_recording(on=False)
        car.goes_on(5 * S)
        judge("DIA-01", head_unit.trouble_codes.status("speed_lost").is_("not failed"))
        again = workshop.switches_recording(on=True)
        judge("DIA-01", head_unit.trouble_codes.matures("speed_lost", after=again))


@verifies("DIA-01")
def test_codes_are_recorded_again_when_the_tester_has_gone(logged_in, car, workshop, head_unit, judge):
    """A tester that switches recording off and is unplugged leaves a unit that records again after its session."""
    workshop.enters("extended")
    workshop.switches_recording(on=False)
    with workshop.provokes("speed_lost"):
        car.goes_on(10 * S)
        judge("DIA-01", head_unit.trouble_codes.status("speed_lost").is_("failing"))


@verifies("DIA-01")
def test_no_code_before_the_start_is_over(cold, supply, workshop, head_unit, judge):
    """A fault that is there from the start on brings its code no sooner than the enabling delay."""
    with workshop.provokes("undervoltage"):
        ready = workshop.waits_until_the_unit_has_started(after=cold.starts())
        matured = head_unit.trouble_codes.matures("undervoltage", after=ready, within=10 * S)

        judge("DIA-01", matured.measuring("dtc_enable_delay"))
