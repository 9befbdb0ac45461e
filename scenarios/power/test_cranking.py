"""The engine is started"""

import pytest

from harness.scenario import S, verifies


@verifies("PWR-01")
def test_cranking_interrupts_nothing(logged_in, car, supply, head_unit, judge):
    """The starting profile neither logs out nor restarts messaging, and brings no code of communication."""
    head_unit.trouble_codes.clears()
    car.goes_on(5 * S)
    car.turns_to("crank")
    cranking = supply.follows("cranking")
    car.turns_to("on")

    judge("PWR-01", logged_in.account.session_stays_open(after=cranking))
    judge("PWR-01", head_unit.session.stays("active", after=cranking), head_unit.app.stays("idle", after=cranking))
    judge("PWR-01", head_unit.trouble_codes.stored(network=True))


@verifies("PWR-01")
@pytest.mark.parametrize("attempts", [3])
def test_an_engine_that_starts_late_interrupts_nothing(logged_in, car, supply, head_unit, judge, attempts):
    """Several attempts in a row are as harmless as one."""
    head_unit.trouble_codes.clears()
    for _ in range(attempts):
        car.turns_to("crank")
        cranking = supply.follows("cranking")
        car.turns_to("on")
        car.goes_on(2 * S)

    judge("PWR-01", head_unit.session.stays("active", after=cranking), head_unit.app.stays("idle", after=cranking))
    judge("PWR-01", head_unit.trouble_codes.stored(network=True))
