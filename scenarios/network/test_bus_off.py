"""A short on the bus"""

import pytest

from harness.scenario import MS, S, verifies


@verifies("NET-02")
@pytest.mark.parametrize("duration", [100 * MS, 2 * S])
def test_the_unit_comes_back_after_a_short(logged_in, car, head_unit, judge, duration):
    """After a short, brief or long, the unit sends again in time, and as it should."""
    short = car.shorts_the_buses(duration)

    judge("NET-02", head_unit.own_messages.return_after(short.ended))
    judge("NET-02", head_unit.own_messages.cause_no_error_frames(after=short.ended))


@verifies("NET-02")
def test_alone_with_the_rig_it_causes_no_error_frames(logged_in, car, head_unit, judge):
    """With every other node silent nothing disturbs the unit's frames, before a short and after it."""
    silent = car.falls_silent()
    judge("NET-02", head_unit.own_messages.cause_no_error_frames(after=silent))
    short = car.shorts_the_buses(500 * MS)

    judge("NET-02", head_unit.own_messages.cause_no_error_frames(after=short.ended))


@verifies("DIA-01")
def test_a_short_that_lasts_is_remembered(logged_in, car, head_unit, judge):
    """A bus that stays shorted leaves its trouble code, which heals when the bus is well again."""
    head_unit.trouble_codes.clears()
    car.goes_on(3 * S)
    car.shorts_the_buses(2 * S)

    judge("DIA-01", head_unit.trouble_codes.status("bus_off").is_("healed"))
