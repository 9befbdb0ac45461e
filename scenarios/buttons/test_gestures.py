"""Long and double presses"""

from harness.scenario import needs, verifies

WHEEL = "wheel.messaging"


@verifies("BTN-02")
@needs("button.level")
def test_long_press_undoes(logged_in, driver, car, head_unit, contact, judge):
    """A press just beyond the long-press time goes back to what was in front; nothing is sent."""
    press = driver.long_press("messaging", hold=car.just_outside("BTN-02.long_press", of=WHEEL))

    judge("BTN-02", head_unit.app.reaches("idle", after=press).measuring("long_press"))
    judge("BTN-02", contact.inbox.stays_empty(after=press))


@verifies("BTN-02")
@needs("button.level")
def test_press_short_of_the_long_press_time_goes_on_listening(logged_in, driver, car, head_unit, judge):
    """A press just short of the long-press time is a short one."""
    press = driver.long_press("messaging", hold=car.just_inside("BTN-02.long_press", of=WHEEL))

    judge("BTN-02", head_unit.app.stays("listening", after=press.ended))


@verifies("BTN-02")
@needs("button.level")
def test_long_press_discards_what_was_said(logged_in, driver, car, head_unit, contact, judge):
    """A long press while listening discards the recording."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    undo = driver.long_press("messaging", hold=car.just_outside("BTN-02.long_press", of=WHEEL))

    judge("BTN-02", contact.inbox.stays_empty(after=undo))


@verifies("BTN-03")
@needs("button.level")
def test_double_press_replays_the_last_message(played, driver, car, head_unit, contact, judge):
    """Two presses closer than the gap replay the last received message, and nothing recorded is sent."""
    twice = driver.double_press("messaging", gap=car.just_inside("BTN-03.double_press_gap", of=WHEEL))

    judge("BTN-03", head_unit.app.reaches("playing", after=twice))
    judge("BTN-03", head_unit.speaker.message_is(played, after=twice))
    judge("BTN-03", contact.inbox.stays_empty(after=twice))


@verifies("BTN-03")
@needs("button.level")
def test_two_slow_presses_are_two_presses(played, driver, car, head_unit, judge):
    """Two presses further apart than the gap replay nothing."""
    twice = driver.double_press("messaging", gap=car.just_outside("BTN-03.double_press_gap", of=WHEEL))

    judge("BTN-03", head_unit.app.never_reaches("playing", after=twice))
