"""Many presses, and several buttons at once"""

import pytest

from harness.scenario import S, verifies


@verifies("BTN-11")
def test_many_presses_are_neither_lost_nor_doubled(logged_in, driver, car, head_unit, judge):
    """Presses further apart than the double-press gap: each is answered once, and the last as quickly as the first."""
    apart = 2 * car.limit_ns("BTN-03.double_press_gap")
    presses = driver.presses("messaging", times=car.samples("BTN-11"), apart=apart)

    judge("BTN-11", *head_unit.app.answers(presses, "listening"))
    judge("BTN-11", *head_unit.speaker.answers(presses, "chime"))


@verifies("BTN-11")
def test_a_storm_ends_as_the_table_says(logged_in, driver, car, head_unit, contact, judge):
    """Five presses a second for ten seconds end in the table's state, at once, and nothing follows."""
    storm = driver.storms("messaging", per_second=5, duration=10 * S)
    calm = head_unit.app.says(car.front_after(storm), after=storm.ended)

    judge("BTN-11", calm)
    judge("BTN-11", head_unit.app.stays(car.front_after(storm), after=calm))
    judge("BTN-11", contact.inbox.stays_empty(after=storm))


@verifies("BTN-12")
@pytest.mark.parametrize("last", [None, "messaging"])
def test_a_button_that_comes_first_silences_messaging(logged_in, driver, car, head_unit, judge, last):
    """Pressed with a button the table puts before it, messaging does nothing, let go together or a little later."""
    together = driver.presses_together("messaging", car.button_before("messaging"), last=last)

    judge("BTN-12", head_unit.app.stays("idle", after=together))
    judge("BTN-12", head_unit.speaker.plays_no("chime", after=together))


@verifies("BTN-12")
def test_messaging_silences_a_button_that_comes_after(logged_in, driver, car, head_unit, judge):
    """Pressed with a button the table puts after it, messaging is what answers."""
    together = driver.presses_together("messaging", car.button_after("messaging"))

    judge("BTN-12", head_unit.app.reaches("listening", after=together))
    judge("BTN-12", head_unit.speaker.plays("chime", after=together))


@verifies("BTN-10")
@pytest.mark.parametrize(("role", "event"), [("camera.reverse", "reverse_in"), ("warning.safety", "warning_on")])
def test_a_press_opens_nothing_over_what_has_priority(logged_in, driver, car, head_unit, judge, role, event):
    """With the reverse camera or a safety warning in front a press is not heard, shown or obeyed."""
    car.needs(role)
    car.happens(event)
    car.goes_on(1 * S)
    press = driver.press("messaging")

    judge("BTN-10", head_unit.app.stays("idle", after=press))
    judge("BTN-10", head_unit.speaker.plays_no("chime", after=press))
    judge("BTN-10", head_unit.screen.stays_free_of("listening", after=press))


@verifies("BTN-10")
@pytest.mark.parametrize(("role", "event"), [("camera.reverse", "reverse_in"), ("warning.safety", "warning_on")])
def test_a_waiting_message_is_not_played_over_it(logged_in, driver, car, contact, head_unit, judge, role, event):
    """A press over camera or warning does not play the message that waits."""
    car.needs(role)
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    car.happens(event)
    press = driver.press("messaging")

    judge("BTN-10", head_unit.app.never_reaches("playing", after=press))
    judge("BTN-10", head_unit.speaker.plays_no_message("ten_minutes.zh", after=press))


@verifies("BTN-10")
def test_the_reverse_camera_is_all_that_is_seen(logged_in, car, contact, head_unit, judge):
    """With the reverse camera in front neither messaging nor a message that comes is shown."""
    car.needs("camera.reverse")
    car.happens("reverse_in")
    car.goes_on(1 * S)
    sent = contact.sends_voice("ten_minutes.zh")

    judge("BTN-10", head_unit.screen.stays_free_of("home", "prompt", "messages", after=sent))
