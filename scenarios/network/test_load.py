"""A loaded bus"""

from harness.scenario import MS, needs, verifies


@verifies("NET-03")
def test_a_press_on_loaded_buses_wakes_messaging(logged_in, driver, car, head_unit, judge):
    """With 90 % load a press is answered as without."""
    with car.loads_the_buses():
        press = driver.press("messaging", hold=120 * MS)
        judge("NET-03", head_unit.app.reaches("listening", after=press))


@verifies("NET-03")
@needs("button.level")
def test_too_short_a_press_on_loaded_buses_does_nothing(logged_in, driver, car, head_unit, judge):
    """With 90 % load what is no press is none."""
    with car.loads_the_buses():
        press = driver.brief_press("messaging", frames=car.count("BTN-04.debounce_frames") - 1)
        judge("NET-03", head_unit.app.stays("idle", after=press))


@verifies("NET-03")
def test_leaving_on_loaded_buses_logs_out(logged_in, car, head_unit, judge):
    """With 90 % load leaving logs out as without."""
    with car.loads_the_buses():
        left = car.happens("driver_leaves")
        judge("NET-03", head_unit.session.reaches("logged_out", after=left).measuring("logout_latency"))


@verifies("NET-03")
def test_sitting_on_loaded_buses_logs_nobody_out(logged_in, car, head_unit, judge):
    """With 90 % load nobody is logged out who has not left."""
    with car.loads_the_buses():
        door = car.happens("driver_door_opens_seated")
        judge("NET-03", head_unit.session.stays("active", after=door))
