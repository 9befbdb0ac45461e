"""The battery goes while the driver does"""

import pytest

from harness.scenario import S, verifies


@verifies("OUT-06", "OUT-07")
def test_an_interrupted_logout_is_finished(logged_in, car, head_unit, judge):
    """The driver has left, and before the unit is done the battery goes: afterwards nobody is logged in."""
    car.happens("driver_leaves")
    lost = car.loses_power(5 * S)

    judge("OUT-07", logged_in.account.session_closes(after=lost.ended))
    back = car.happens("driver_returns")
    judge("OUT-06", head_unit.screen.shows_a_code(after=back))


@verifies("OUT-06", "OUT-07")
@pytest.mark.parametrize("event", ["driver_leaves_engine_running", "lock_outside"])
def test_leaving_with_the_battery_off_logs_out(logged_in, car, supply, head_unit, judge, event):
    """The driver leaves, or locks the car, while the unit has no supply: with the supply back it logs him out."""
    with supply.out_of("voltage_off") as off:
        car.happens(event)
        off.lasts(5 * S)

    judge("OUT-07", logged_in.account.session_closes(after=off.over))
    car.happens("unlock")
    back = car.happens("driver_returns")
    judge("OUT-06", head_unit.screen.shows_a_code(after=back))
