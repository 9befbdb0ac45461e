"""The messaging button is pressed"""

import pytest

from harness.scenario import MS, repeats, verifies


@verifies("BTN-01")
@repeats("BTN-01")
def test_press_wakes_messaging(logged_in, driver, head_unit, judge):
    """A press wakes messaging; CAN, chime and screen agree."""
    press = driver.press("messaging", hold=120 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))
    judge("BTN-01", head_unit.speaker.plays("chime", after=press))
    judge("BTN-01", head_unit.screen.shows("listening", after=press))


@verifies("BTN-04")
def test_too_few_frames_are_no_press(logged_in, driver, car, head_unit, judge):
    """'Pressed' in fewer consecutive frames than the car asks for does nothing."""
    press = driver.brief_press("messaging", frames=car.count("BTN-04.debounce_frames") - 1)

    judge("BTN-04", head_unit.app.stays("idle", after=press))
    judge("BTN-04", head_unit.speaker.plays_no("chime", after=press))


@verifies("BTN-04")
def test_just_enough_frames_are_a_press(logged_in, driver, car, head_unit, judge):
    """'Pressed' in exactly the car's number of frames is a press."""
    press = driver.brief_press("messaging", frames=car.count("BTN-04.debounce_frames"))

    judge("BTN-04", head_unit.app.reaches("listening", after=press))


@verifies("BTN-08")
@pytest.mark.parametrize("state", ["invalid"])
def test_no_valid_value_does_nothing(logged_in, driver, head_unit, judge, state):
    """'Invalid' from the wheel does nothing."""
    said = driver.shows_button("messaging", state, frames=25)

    judge("BTN-08", head_unit.app.stays("idle", after=said))
