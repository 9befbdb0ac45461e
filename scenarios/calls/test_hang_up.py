"""The button that hangs up"""

import pytest

from harness.scenario import S, needs, verifies

pytestmark = needs("wheel.hangup")

WRONG = [
    pytest.param("wrong_checksum", marks=needs("button.checksum")),
    pytest.param("repeated_counter", marks=needs("button.counter")),
]


@verifies("CALL-01")
def test_the_hang_up_button_ends_a_call(in_a_call, driver, contact, head_unit, judge):
    """Where the wheel has a button to hang up, it ends the call, and the other side notices."""
    hang_up = driver.press("hangup")

    judge("CALL-01", contact.call_is("ended", after=hang_up))
    judge("CALL-01", head_unit.app.reaches("idle", after=hang_up))


@verifies("CALL-01")
def test_the_hang_up_button_refuses_a_call(logged_in, driver, contact, head_unit, judge):
    """Who does not want to talk now presses it while it rings."""
    head_unit.is_rung(after=contact.calls())
    hang_up = driver.press("hangup")

    judge("CALL-01", contact.call_is("ended", after=hang_up))
    judge("CALL-01", head_unit.app.reaches("idle", after=hang_up))


@verifies("CALL-01")
@pytest.mark.parametrize("button", ["mute", "volume_up"])
def test_another_button_ends_no_call(in_a_call, driver, car, head_unit, judge, button):
    """What has nothing to do with calls, pressed in the middle of one, leaves it as it is."""
    car.needs(f"wheel.{button}")
    press = driver.press(button)

    judge("CALL-01", head_unit.app.stays("call", after=press))


@verifies("BTN-06")
@pytest.mark.parametrize("fault", WRONG)
def test_bad_frames_end_no_call(in_a_call, driver, car, head_unit, judge, fault):
    """To hang up in frames whose checksum or counter is wrong is not obeyed."""
    with car.corrupted("wheel.hangup", fault):
        press = driver.press("hangup")

    judge("BTN-06", head_unit.app.stays("call", after=press))


@verifies("BTN-06")
@needs("button.level")
@pytest.mark.parametrize("button", ["messaging", "hangup"])
def test_a_wheel_that_comes_back_ends_no_call(in_a_call, driver, head_unit, judge, button):
    """The wheel is gone for a while in the middle of a call, and comes back with a button down: the call goes on."""
    back = driver.holds_button_while_message_returns(button, silent=1 * S)

    judge("BTN-06", head_unit.app.stays("call", after=back))
