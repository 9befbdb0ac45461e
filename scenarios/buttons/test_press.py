"""The messaging button is pressed"""

import pytest

from harness.scenario import MS, needs, repeats, verifies


@verifies("BTN-01")
@repeats("BTN-01")
def test_press_wakes_messaging(logged_in, driver, head_unit, judge):
    """A press wakes messaging; CAN, chime and screen agree."""
    press = driver.press("messaging", hold=120 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))
    judge("BTN-01", head_unit.speaker.plays("chime", after=press))
    judge("BTN-01", head_unit.screen.shows("listening", after=press))


@verifies("BTN-01")
def test_a_press_while_a_message_is_sent_wakes_messaging(logged_in, driver, head_unit, judge):
    """Sending is in nobody's way: while it is shown, a press begins the next message."""
    first = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=first))
    head_unit.sends(after=first)
    press = driver.press("messaging", hold=120 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))
    judge("BTN-01", head_unit.speaker.plays("chime", after=press))


@verifies("BTN-01")
def test_a_press_while_leaving_is_not_certain_wakes_messaging(logged_in, car, driver, head_unit, judge):
    """Until the driver has been away for the confirm time the session goes on, and the button with it."""
    car.happens("driver_leaves_engine_running")
    press = driver.press("messaging", hold=120 * MS)

    judge("BTN-01", head_unit.app.reaches("listening", after=press))


@verifies("BTN-04")
def test_too_few_frames_are_no_press(logged_in, driver, car, head_unit, judge):
    """'Pressed' in fewer consecutive frames than the car asks for does nothing."""
    press = driver.brief_press("messaging", frames=car.count("BTN-04.debounce_frames") - 1)

    judge("BTN-04", head_unit.app.stays("idle", after=press))
    judge("BTN-04", head_unit.speaker.plays_no("chime", after=press))


@verifies("BTN-04")
def test_a_bouncing_contact_is_no_press(logged_in, driver, car, head_unit, judge):
    """Too few frames again and again do not add up to a press."""
    for _ in range(3):
        bounce = driver.brief_press("messaging", frames=car.count("BTN-04.debounce_frames") - 1)

    judge("BTN-04", head_unit.app.stays("idle", after=bounce))


@verifies("BTN-04")
def test_too_few_frames_end_no_call(in_a_call, driver, car, head_unit, judge):
    """'Hang up' in fewer consecutive frames than the car asks for ends no call."""
    car.needs("wheel.hangup")
    press = driver.brief_press("hangup", frames=car.count("BTN-04.debounce_frames") - 1)

    judge("BTN-04", head_unit.app.stays("call", after=press))


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


@verifies("BTN-08")
@needs("button.level")
def test_a_press_that_becomes_invalid_is_not_released(logged_in, driver, head_unit, contact, judge):
    """'Invalid' in the middle of the press that ends a recording is no release: nothing is sent by it."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    said = driver.press_becomes("messaging", "invalid", frames=25)

    judge("BTN-08", contact.inbox.stays_empty(after=said))


@verifies("BTN-08")
@needs("button.level")
def test_what_comes_after_invalid_is_no_press(logged_in, driver, head_unit, judge):
    """A button that is down when it becomes valid again has not been pressed: only a release seen makes a press."""
    back = driver.holds_button_after("messaging", "invalid", frames=25)

    judge("BTN-08", head_unit.app.stays("idle", after=back))
