"""The unit starts"""

import pytest

from harness.scenario import MS, S, verifies


@verifies("PWR-04")
def test_a_cold_start_brings_a_code(cold, head_unit, judge):
    """From ignition on, a cold unit that nobody is logged in to shows its code."""
    started = cold.starts()

    judge("PWR-04", head_unit.session.says("code_shown", after=started), head_unit.screen.shows_a_code(after=started))


@verifies("PWR-04")
def test_a_resume_brings_a_code(head_unit, car, judge):
    """From sleep the code is there sooner."""
    car.falls_asleep()
    started = car.starts()

    judge("PWR-04", head_unit.session.says("code_shown", after=started).measuring("latency_resume"))
    judge("PWR-04", head_unit.screen.shows_a_code(after=started).measuring("latency_resume"))


@verifies("PWR-04")
def test_a_cold_start_restores_the_session(logged_in, car, supply, head_unit, judge):
    """After the battery was off the same user's session is there again."""
    car.stops()
    supply.is_cut(2 * S)
    started = car.starts()

    judge("PWR-04", head_unit.session.says("active", after=started), head_unit.app.says("idle", after=started))


@verifies("PWR-04")
def test_a_resume_restores_the_session(asleep, logged_in, head_unit, judge):
    """From sleep the session is there sooner."""
    started = asleep.starts()

    judge("PWR-04", head_unit.session.says("active", after=started).measuring("latency_resume"))
    judge("PWR-04", head_unit.app.says("idle", after=started).measuring("latency_resume"))


@verifies("PWR-04")
@pytest.mark.parametrize("quiet", [1800 * MS, 2200 * MS, 2600 * MS, 3 * S])
def test_a_start_while_the_unit_falls_asleep(logged_in, car, head_unit, judge, quiet):
    """The driver who comes back at whatever moment of falling asleep has the session as soon as from sleep."""
    car.stops()
    car.goes_on(30 * S)
    car.falls_silent()
    car.goes_on(quiet)
    started = car.starts()

    judge("PWR-04", head_unit.session.says("active", after=started).measuring("latency_resume"))
    judge("PWR-04", head_unit.app.says("idle", after=started).measuring("latency_resume"))


@verifies("PWR-04")
def test_a_reset_by_a_tester_restores_the_session(logged_in, workshop, head_unit, judge):
    """After an ECU reset the same user's session is there again, as after a cold start."""
    reset = workshop.resets_the_unit()

    judge("PWR-04", head_unit.session.says("active", after=reset.ended), head_unit.app.says("idle", after=reset.ended))


@verifies("PWR-04")
def test_a_reset_by_a_tester_is_a_start(logged_in, workshop, head_unit, judge):
    """An ECU reset is not only answered: the unit can be seen to start."""
    reset = workshop.resets_the_unit()

    judge("PWR-04", head_unit.screen.shows("boot", after=reset))
