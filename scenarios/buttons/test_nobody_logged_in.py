"""The button in a car where nobody is logged in"""

from harness.scenario import S, verifies


@verifies("BTN-01")
def test_a_press_opens_nothing_before_the_login(head_unit, driver, judge):
    """A code is in front and nobody is logged in: a press opens nothing, and is not heard."""
    head_unit.screen.code()
    press = driver.press("messaging")

    judge("BTN-01", head_unit.app.stays("idle", after=press))
    judge("BTN-01", head_unit.speaker.plays_no("chime", after=press))
    judge("BTN-01", head_unit.screen.stays_free_of("listening", after=press))


@verifies("BTN-01")
def test_a_press_opens_nothing_after_the_logout(logged_in, car, driver, head_unit, judge):
    """The driver has left and somebody else sits down: a press opens nothing of what was there before."""
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    car.happens("driver_returns")
    head_unit.screen.code()
    press = driver.press("messaging")

    judge("BTN-01", head_unit.app.stays("idle", after=press))
    judge("BTN-01", head_unit.speaker.plays_no("chime", after=press))
