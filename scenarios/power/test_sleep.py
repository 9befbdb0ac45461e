"""The car is parked"""

from harness.scenario import S, verifies


@verifies("PWR-03")
def test_the_parked_unit_sleeps(logged_in, car, head_unit, judge):
    """After the last network-management frame the unit falls asleep in time, and stays so."""
    car.stops()
    silent = car.falls_silent()
    judge("PWR-03", head_unit.current.falls_to_sleep(after=silent))

    asleep = silent.ended.shifted(car.limit_ns("PWR-03.latency"))
    judge("PWR-03", head_unit.current.stays_low(after=asleep))
    judge("PWR-03", head_unit.network_management.stays_silent(after=asleep))


@verifies("PWR-03")
def test_the_unit_sleeps_again_after_the_bus_has_woken_it(asleep, head_unit, judge):
    """Woken by network management and not by the driver, it falls asleep again with the bus."""
    asleep.stops()
    asleep.goes_on(10 * S)
    silent = asleep.falls_silent()

    judge("PWR-03", head_unit.current.falls_to_sleep(after=silent))


@verifies("PWR-03")
def test_the_unit_that_nobody_used_sleeps_too(head_unit, car, judge):
    """Logged out, with a code in front, it falls asleep all the same."""
    car.stops()
    silent = car.falls_silent()

    judge("PWR-03", head_unit.current.falls_to_sleep(after=silent))


@verifies("PWR-03")
def test_each_state_draws_its_own_current(logged_in, car, contact, driver, head_unit, judge):
    """At work, and standing by while others keep the bus awake, the unit draws no more than it may there."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    driver.press("messaging")
    judge("PWR-03", head_unit.current.at_work(after=sent))

    left_on = car.stops().ended.shifted(car.limit_ns("PWR-03.latency"))
    judge("PWR-03", head_unit.current.standing_by(after=left_on))
