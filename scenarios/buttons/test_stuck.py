"""A button that is stuck"""

from harness.scenario import S, verifies


@verifies("BTN-05")
def test_a_stuck_button_stores_one_code(logged_in, driver, head_unit, judge):
    """Held past the stuck time, the button brings its trouble code, and no other."""
    head_unit.trouble_codes.clears()
    with driver.holds("messaging") as press:
        stored = head_unit.trouble_codes.matures("button_stuck", after=press, within=15 * S)
        judge("BTN-05", stored.measuring("stuck_time"), head_unit.trouble_codes.stored())


@verifies("BTN-05")
def test_a_stuck_button_is_ignored_until_it_is_released(logged_in, driver, car, head_unit, judge):
    """Neither the stuck button nor its release does anything; the next press does."""
    with driver.holds("messaging") as press:
        stuck = press.lasts(car.just_outside("BTN-05.stuck_time", of="wheel.messaging"))
        judge("BTN-05", head_unit.app.stays("idle", after=stuck))
    judge("BTN-05", head_unit.app.stays("idle", after=press.over))
    again = driver.press("messaging")
    judge("BTN-05", head_unit.app.reaches("listening", after=again))


@verifies("BTN-05")
def test_the_code_of_a_stuck_button_heals_with_its_release(logged_in, driver, head_unit, judge):
    """Once released the button's test passes again."""
    with driver.holds("messaging") as press:
        head_unit.trouble_codes.waits_for("button_stuck", within=15 * S)
    judge("BTN-05", head_unit.trouble_codes.heals("button_stuck", after=press.over))
