"""What becomes of a code when its fault goes, comes back, or goes while nobody may judge"""

from contextlib import ExitStack

from harness.scenario import MS, S, verifies


@verifies("DIA-01")
def test_a_fault_that_goes_while_recording_is_off_heals_later(logged_in, car, workshop, head_unit, judge):
    """With ControlDTCSetting off a code goes on failing without its fault; switched on again, it heals by itself."""
    codes = head_unit.trouble_codes
    with ExitStack() as fault:
        fault.enter_context(workshop.provokes("speed_lost"))
        codes.waits_for("speed_lost", within=5 * S)
        with workshop.records_no_codes() as off:
            fault.close()
            car.goes_on(5 * S)
            judge("DIA-01", codes.status("speed_lost").is_("failing"))
    judge("DIA-01", codes.heals("speed_lost", after=off.over), codes.status("speed_lost").is_("healed"))


@verifies("DIA-01")
def test_a_fault_that_goes_while_the_supply_is_low_heals_later(logged_in, car, supply, workshop, head_unit, judge):
    """Below its voltage range the unit passes no test; back in it, a code whose fault has gone heals by itself."""
    codes = head_unit.trouble_codes
    with ExitStack() as fault:
        fault.enter_context(workshop.provokes("speed_lost"))
        codes.waits_for("speed_lost", within=5 * S)
        with supply.out_of("voltage_low") as out:
            fault.close()
            car.goes_on(5 * S)
            judge("DIA-01", codes.status("speed_lost").is_("failing"))
    judge("DIA-01", codes.heals("speed_lost", after=out.over), codes.status("speed_lost").is_("healed"))


@verifies("DIA-01")
def test_a_fault_that_comes_back_at_once_goes_on_failing(logged_in, car, workshop, head_unit, judge):
    """A fault that is gone for less than its code needs to heal is the same fault: the code goes on failing."""
    codes = head_unit.trouble_codes
    with workshop.provokes("undervoltage"):
        codes.waits_for("undervoltage", within=5 * S)
    car.goes_on(100 * MS)
    with workshop.provokes("undervoltage") as again:
        car.goes_on(5 * S)
        judge("DIA-01", codes.status("undervoltage").is_("failing"))

    judge("DIA-01", codes.heals("undervoltage", after=again.over))


@verifies("DIA-01")
def test_a_fault_that_outlasts_a_pause_of_recording_goes_on_failing(logged_in, car, workshop, head_unit, judge):
    """Recording switched off and on again passes no test: as long as the fault is there, its code fails."""
    codes = head_unit.trouble_codes
    with workshop.provokes("speed_lost") as lost:
        codes.waits_for("speed_lost", within=5 * S)
        with workshop.records_no_codes():
            car.goes_on(2 * S)
        car.goes_on(5 * S)
        judge("DIA-01", codes.status("speed_lost").is_("failing"))

    judge("DIA-01", codes.heals("speed_lost", after=lost.over))


@verifies("DIA-01")
def test_the_supply_is_tested_out_of_its_range_too(logged_in, car, workshop, head_unit, judge):
    """That the supply is too low keeps nobody from finding that it is not too high."""
    codes = head_unit.trouble_codes
    codes.clears()
    with workshop.provokes("undervoltage"):
        car.goes_on(5 * S)
        judge("DIA-01", codes.status("undervoltage").is_("failing"), codes.status("overvoltage").is_("passed"))


@verifies("DIA-01")
def test_a_fault_from_before_the_ignition_goes_on_failing(logged_in, car, workshop, head_unit, judge):
    """A fault that is there when the ignition comes is told as failing for as long as it is there, and heals after."""
    codes = head_unit.trouble_codes
    car.stops()
    with workshop.provokes("speed_lost") as lost:
        car.goes_on(5 * S)
        car.starts()
        codes.waits_for("speed_lost", within=10 * S)
        car.goes_on(5 * S)
        judge("DIA-01", codes.status("speed_lost").is_("failing"))

    judge("DIA-01", codes.heals("speed_lost", after=lost.over))
