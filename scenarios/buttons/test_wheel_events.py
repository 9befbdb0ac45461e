"""A wheel that decides by itself what a press was"""

from harness.scenario import MS, S, needs, verifies

WHEEL = "wheel.messaging"
pytestmark = needs("button.event")


@verifies("BTN-02")
def test_a_long_press_discards_what_was_said(logged_in, driver, head_unit, contact, judge):
    """The wheel says 'long' while messaging listens: back to what was in front, and nothing is sent."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    undo = driver.long_press("messaging", hold=1 * S)

    judge("BTN-02", head_unit.app.reaches("idle", after=undo))
    judge("BTN-02", contact.inbox.stays_empty(after=undo))


@verifies("BTN-03")
def test_a_double_press_replays_the_last_message(played, driver, head_unit, contact, judge):
    """The wheel says 'double': the last message is heard again, and nothing is recorded or sent."""
    twice = driver.double_press("messaging", gap=200 * MS)

    judge("BTN-03", head_unit.app.reaches("playing", after=twice))
    judge("BTN-03", head_unit.speaker.message_is(played, after=twice))
    judge("BTN-03", contact.inbox.stays_empty(after=twice))


@verifies("BTN-03")
def test_two_short_presses_are_no_double_press(played, driver, head_unit, judge):
    """The wheel says 'short' twice, however soon after each other: nothing is replayed."""
    driver.press("messaging")
    second = driver.press("messaging")

    judge("BTN-03", head_unit.app.never_reaches("playing", after=second))


@verifies("BTN-06")
def test_the_repeats_of_an_event_are_one_press(logged_in, driver, head_unit, judge):
    """The wheel sends each event several times with one number: messaging opens, and stays open while one speaks."""
    press = driver.press("messaging")
    driver.says("long_story.zh", after=press)
    opened = head_unit.app.reaches("listening", after=press)

    judge("BTN-06", opened)
    judge("BTN-06", head_unit.app.never_reaches("idle", after=opened))


@verifies("BTN-06")
def test_a_stale_number_is_no_press(logged_in, driver, head_unit, judge):
    """The event of the last press, sent once more when messaging has come to rest, opens nothing."""
    press = driver.press("messaging")
    head_unit.comes_to_rest(after=press)
    again = driver.wheel_repeats_itself("messaging")

    judge("BTN-06", head_unit.app.stays("idle", after=again))


@verifies("BTN-06")
@needs("button.checksum")
def test_a_press_with_one_good_frame_counts(logged_in, driver, car, head_unit, judge):
    """The first frames of an event are damaged, and one that repeats it is not: that is a press."""
    with car.corrupted(WHEEL, "wrong_checksum", frames=2):
        press = driver.press("messaging")

    judge("BTN-06", head_unit.app.reaches("listening", after=press))


@verifies("BTN-06")
@needs("button.checksum", "diagnostics")
def test_presses_in_wrong_frames_store_a_trouble_code(logged_in, driver, car, head_unit, judge):
    """Events whose checksum is always wrong make the signal invalid, and a trouble code matures."""
    with car.corrupted(WHEEL, "wrong_checksum"):
        press = driver.press("messaging")
        stored = head_unit.trouble_codes.matures("wheel_invalid", after=press)

    judge("BTN-06", stored)


@verifies("BTN-06")
@needs("button.checksum", "diagnostics")
def test_the_code_of_wrong_presses_heals_with_a_right_one(logged_in, driver, car, head_unit, judge):
    """A right press after wrong ones ends their fault: the code's test passes again."""
    with car.corrupted(WHEEL, "wrong_checksum"):
        driver.press("messaging")
        head_unit.trouble_codes.waits_for("wheel_invalid", within=15 * S)
    right = driver.press("messaging")

    judge("BTN-06", head_unit.trouble_codes.heals("wheel_invalid", after=right))


@verifies("BTN-06")
@needs("button.checksum")
def test_a_good_event_heals_the_button(logged_in, driver, car, head_unit, judge):
    """After presses in wrong frames the next right one is obeyed."""
    with car.corrupted(WHEEL, "wrong_checksum"):
        driver.press("messaging")
        driver.press("messaging")
    press = driver.press("messaging")

    judge("BTN-06", head_unit.app.reaches("listening", after=press))
