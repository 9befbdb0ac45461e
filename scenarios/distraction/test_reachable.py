"""What cannot be reached, however one taps"""

import pytest

from harness.scenario import verifies

LONG_TEXT = "晚上八点在老地方见面别告诉任何人 the code for the gate is 4711 and the key is under the mat"

STATES = ["parked", "idling", "moving"]


@verifies("DRV-01", "DRV-02", "DRV-03")
@pytest.mark.parametrize("state", STATES)
def test_nothing_distracting_can_be_reached(logged_in, car, head_unit, judge, state):
    """All reachable controls are visited: no keyboard, no money, no Moments, stickers, pictures, videos or links."""
    car.is_(state)
    tour = head_unit.screen.explored(depth=car.count("DRV-01.depth"))

    judge("DRV-01", tour.coverage(), tour.shows_none_of("keyboard"))
    judge("DRV-02", tour.coverage(), tour.shows_none_of("red_envelope", "transfer"))
    judge("DRV-03", tour.coverage(), tour.shows_none_of("moments", "sticker", "picture", "video", "link"))


@verifies("DRV-01", "DRV-02", "DRV-03")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ["text", "red_envelope", "transfer", "picture", "link"])
def test_no_message_brings_a_distraction(logged_in, car, contact, driver, head_unit, judge, state, kind):
    """Whatever a friend sends, opened by the button, it brings none of the phone's functions."""
    car.is_(state)
    sent = contact.sends(kind, "恭喜发财 88.00")
    head_unit.prompts(after=sent)
    driver.press("messaging")

    judge("DRV-01", head_unit.screen.stays_free_of("keyboard", after=sent))
    judge("DRV-02", head_unit.screen.stays_free_of("red_envelope", "transfer", after=sent))
    judge("DRV-03", head_unit.screen.stays_free_of("moments", "sticker", "picture", "video", "link", after=sent))


@verifies("DRV-04")
def test_no_content_on_the_screen_while_moving(logged_in, car, contact, driver, head_unit, judge):
    """While moving, a message looks the same whatever it says, prompted or opened."""
    car.is_("moving")
    short = contact.sends("text", "嗯")
    head_unit.prompts(after=short)
    driver.press("messaging")
    head_unit.comes_to_rest(after=short)
    long = contact.sends("text", LONG_TEXT)
    head_unit.prompts(after=long)
    driver.press("messaging")

    judge("DRV-04", head_unit.screen.differs_between(short, long))
