"""A place that a friend sends"""

import pytest

from harness.scenario import verifies

HOME = "31.2304,121.4737,人民广场 People's Square"
AWAY = "31.1434,121.8052,浦东机场 Pudong Airport, Terminal 2"


@verifies("MSG-13")
@pytest.mark.parametrize("state", ["parked", "moving"])
def test_a_place_becomes_the_destination_by_button(logged_in, contact, driver, car, head_unit, judge, state):
    """One press at the prompt, and navigation leads there; nothing is typed."""
    car.is_(state)
    sent = contact.sends("location", HOME)
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    judge("MSG-13", head_unit.screen.shows("navigation", after=press))
    judge("MSG-13", head_unit.navigation.reaches("guiding", after=press))
    judge("MSG-13", head_unit.screen.stays_free_of("keyboard", after=press))


@verifies("MSG-13")
def test_the_next_place_takes_the_place_of_the_first(logged_in, contact, driver, head_unit, judge):
    """Navigation leads to the place that was taken last."""
    taken = []
    for place in (HOME, AWAY):
        sent = contact.sends("location", place)
        head_unit.prompts(after=sent)
        taken.append(driver.press("messaging"))
        head_unit.comes_to_rest(after=taken[-1])

    judge("MSG-13", head_unit.screen.differs_between(*taken).measuring("place_shown"))


@verifies("MSG-13")
def test_no_place_is_taken_unasked(logged_in, contact, head_unit, judge):
    """Without a press a place stays a message."""
    sent = contact.sends("location", HOME)

    judge("MSG-13", head_unit.screen.stays_free_of("navigation", after=sent))
    judge("MSG-13", head_unit.navigation.never_reaches("guiding", after=sent))
