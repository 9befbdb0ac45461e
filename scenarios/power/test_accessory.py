"""The ignition in its accessory position"""

from harness.scenario import MS, S, verifies


@verifies("PWR-04")
def test_the_accessory_position_brings_the_session(asleep, logged_in, head_unit, judge):
    """From sleep the accessory position is enough for the session to be there again."""
    accessory = asleep.turns_to("acc")

    judge("PWR-04", head_unit.session.says("active", after=accessory).measuring("latency_resume"))
    judge("PWR-04", head_unit.app.says("idle", after=accessory).measuring("latency_resume"))


@verifies("PWR-04", "BTN-01")
def test_messaging_works_in_the_accessory_position(logged_in, car, driver, head_unit, judge):
    """Back in the accessory position after the ignition was off: messaging is there, and a press wakes it."""
    car.stops()
    car.goes_on(5 * S)
    accessory = car.turns_to("acc")
    judge("PWR-04", head_unit.app.says("idle", after=accessory).measuring("latency_resume"))
    car.goes_on(5 * S)
    press = driver.press("messaging", hold=120 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))


@verifies("PWR-01")
def test_from_the_accessory_position_on_nothing_starts_anew(logged_in, car, head_unit, judge):
    """Turned to the accessory position and on again, messaging goes on as it was."""
    car.turns_to("acc")
    car.goes_on(3 * S)
    on = car.turns_to("on")

    judge("PWR-01", logged_in.account.session_stays_open(after=on))
    judge("PWR-01", head_unit.session.stays("active", after=on), head_unit.app.stays("idle", after=on))
