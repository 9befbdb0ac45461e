"""Button frames that must not be believed"""

import pytest

from harness.scenario import S, needs, verifies

WHEEL = "wheel.messaging"
WRONG = [
    pytest.param("wrong_checksum", marks=needs("button.checksum")),
    pytest.param("repeated_counter", marks=needs("button.counter")),
    pytest.param("jump_above_max_delta", marks=needs("button.counter")),
]


@verifies("BTN-06")
@pytest.mark.parametrize("fault", WRONG)
def test_bad_frames_are_no_press(logged_in, driver, car, head_unit, judge, fault):
    """A press in frames whose checksum or counter is wrong is not obeyed."""
    with car.corrupted(WHEEL, fault):
        press = driver.press("messaging")

    judge("BTN-06", head_unit.app.stays("idle", after=press))


@verifies("BTN-06")
@needs("button.counter")
def test_bad_frames_are_no_press_after_a_bus_off(logged_in, driver, car, head_unit, judge):
    """Once the bus has been off, a frozen counter is still not obeyed."""
    car.shorts_the_buses(1 * S)
    with car.corrupted(WHEEL, "repeated_counter"):
        press = driver.press("messaging")

    judge("BTN-06", head_unit.app.stays("idle", after=press))


@verifies("BTN-06")
@needs("button.level", "button.checksum")
def test_a_few_wrong_frames_are_no_fault(logged_in, driver, car, head_unit, judge):
    """Less wrong frames than the profile's error count leave the signal as it was: the next press is obeyed."""
    with car.corrupted(WHEEL, "wrong_checksum", frames=2):
        press = driver.press("messaging")

    judge("BTN-06", head_unit.app.reaches("listening", after=press))


@verifies("BTN-06")
@needs("button.counter")
def test_a_small_jump_of_the_counter_is_a_press(logged_in, driver, car, head_unit, judge):
    """A jump up to MaxDeltaCounter is a lost frame, and the press counts."""
    with car.corrupted(WHEEL, "jump_within_max_delta"):
        press = driver.press("messaging")

    judge("BTN-06", head_unit.app.reaches("listening", after=press))


@verifies("BTN-06")
@needs("button.level", "button.checksum")
def test_wrong_frames_store_a_trouble_code(logged_in, car, head_unit, judge):
    """Frames that stay wrong make the signal invalid, and a trouble code matures."""
    with car.corrupted(WHEEL, "wrong_checksum") as fault:
        stored = head_unit.trouble_codes.matures("wheel_invalid", after=fault)

    judge("BTN-06", stored)


@verifies("BTN-06")
@needs("button.level", "button.checksum")
def test_the_button_heals(logged_in, driver, car, head_unit, judge):
    """Once wrong frames have been over for as long as healing may take, a press is obeyed."""
    with car.corrupted(WHEEL, "wrong_checksum"):
        car.goes_on(2 * S)
    car.goes_on(car.limit_ns("BTN-06.heal_time"))
    press = driver.press("messaging")

    judge("BTN-06", head_unit.app.reaches("listening", after=press))


@verifies("BTN-06")
@needs("button.level")
def test_first_frame_after_a_time_out_is_no_press(logged_in, driver, head_unit, judge):
    """A wheel that comes back with the button down has not been pressed."""
    back = driver.holds_button_while_message_returns("messaging", silent=1 * S)

    judge("BTN-06", head_unit.app.stays("idle", after=back))


@verifies("BTN-07")
def test_a_lost_message_is_no_gesture(logged_in, driver, head_unit, contact, judge):
    """The message stops mid-press: nothing is opened, closed or sent by the time-out."""
    lost = driver.loses_button_mid_press("messaging", after=1 * S // 5)

    judge("BTN-07", head_unit.app.stays("listening", after=lost.ended))
    judge("BTN-07", contact.inbox.stays_empty(after=lost.ended))
    judge("BTN-07", head_unit.trouble_codes.matures("wheel_communication", after=lost.ended))


@verifies("BTN-07")
def test_a_message_lost_while_stopping_sends_nothing(logged_in, driver, head_unit, contact, judge):
    """The message stops in the middle of the press that would end the recording: it is not sent by that."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    lost = driver.loses_button_mid_press("messaging", after=1 * S // 5)

    judge("BTN-07", contact.inbox.stays_empty(after=lost.ended))


@verifies("BTN-07")
def test_messaging_comes_to_rest_when_the_button_stays_lost(logged_in, driver, head_unit, contact, judge):
    """The message stops in the press that would end the recording, and stays away: in the end nothing is in front."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    lost = driver.loses_button_mid_press("messaging", after=1 * S // 5)

    judge("BTN-07", head_unit.app.reaches("idle", after=lost.ended).measuring("rest"))
    judge("BTN-07", contact.inbox.stays_empty(after=lost.ended))


@verifies("BTN-09")
def test_one_wheel_frame_wakes_nothing(asleep, car, head_unit, judge):
    """Asleep, one wheel frame earns no network-management vote, and the current returns under the sleep limit."""
    frame = car.one_frame(WHEEL, "pressed")

    judge("BTN-09", head_unit.network_management.stays_silent(after=frame))
    judge("BTN-09", head_unit.current.returns_to_sleep(after=frame))
