"""Under- and over-voltage"""

import pytest

from harness.scenario import S, verifies


@verifies("PWR-02")
@pytest.mark.parametrize("level", ["voltage_off", "voltage_low", "voltage_high", "voltage_overload"])
def test_the_unit_recovers_fully(logged_in, supply, driver, head_unit, judge, level):
    """Five seconds beyond each level, and back: the session is there again, and a press works as ever."""
    held = supply.holds(level, 5 * S)

    judge("PWR-02", head_unit.session.says("active", after=held.ended))
    judge("PWR-02", logged_in.account.session_stays_open(after=held))
    head_unit.comes_to_rest()
    press = driver.press("messaging")
    judge("PWR-02", head_unit.app.reaches("listening", after=press).measuring("press_latency"))


@verifies("PWR-02")
@pytest.mark.parametrize("level", ["voltage_low", "voltage_high", "voltage_off"])
def test_the_levels_are_where_they_should_be(logged_in, supply, judge, level):
    """The range ends where its trouble codes begin, and the unit starts where it should."""
    judge("PWR-02", supply.finds(level))
