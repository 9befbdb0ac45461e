"""What driving takes away"""

import pytest

from harness.scenario import verifies


@verifies("DRV-05")
def test_lists_stay_short_while_moving(head_unit, phone, car, judge):
    """With many friends: no list is longer, and nothing lies deeper, than may be read while moving."""
    phone.account.has_many_friends(40)
    head_unit.logs_in(phone)
    car.is_("moving")
    tour = head_unit.screen.explored(depth=car.count("DRV-01.depth"))

    judge("DRV-05", tour.list_items(), tour.depth())


@verifies("DRV-05")
def test_strings_stay_short_while_moving(logged_in, car, contact, head_unit, judge):
    """A friend with a very long name writes: no more of it is shown than may be read while moving."""
    contact.is_called("l" * 200)
    car.is_("moving")
    sent = contact.sends("text", "hello")
    head_unit.prompts(after=sent)

    judge("DRV-05", head_unit.screen.longest_string(after=sent))


@verifies("DRV-06")
def test_settings_go_when_the_car_is_not_parked_any_more(logged_in, car, head_unit, judge):
    """Settings in front, the selector leaves P: they go at once."""
    head_unit.screen.opens("settings")
    unparked = car.shows("gear", "D")

    judge("DRV-06", head_unit.screen.leaves("settings", after=unparked))


@verifies("DRV-06")
@pytest.mark.parametrize("state", ["idling", "moving"])
def test_no_settings_unless_parked(logged_in, car, head_unit, judge, state):
    """However one taps, settings do not open."""
    car.is_(state)
    tour = head_unit.screen.explored(depth=2)

    judge("DRV-06", tour.shows_none_of("settings"))


@verifies("DRV-06")
def test_no_login_unless_parked(head_unit, car, judge):
    """The selector leaves P: the code goes at once, and none comes while the car stands or rolls."""
    unparked = car.shows("gear", "D")
    judge("DRV-06", head_unit.screen.shows_no_code(after=unparked))
    rolls = car.shows("speed", 5)

    judge("DRV-06", head_unit.screen.stays_without_code(after=rolls))
