"""The unit's own messages"""

from harness.scenario import S, needs, verifies


@verifies("NET-01")
def test_own_messages_keep_time_at_rest(logged_in, car, head_unit, judge):
    """While nothing happens, cycle, counter and checksum are right."""
    judge("NET-01", *head_unit.own_messages.keep_time(since=car.goes_on(30 * S)))


@verifies("NET-01")
def test_own_messages_keep_time_while_messaging_works(logged_in, driver, contact, car, head_unit, judge):
    """Listening, sending, prompting and playing change nothing about the beat."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=press)
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    again = driver.press("messaging")
    head_unit.comes_to_rest(after=again)

    judge("NET-01", *head_unit.own_messages.keep_time(since=press))


@verifies("NET-01")
def test_own_messages_keep_time_after_ignition_off(logged_in, car, head_unit, judge):
    """As long as the bus is awake the unit keeps its beat, also when the ignition is off."""
    off = car.stops()
    car.goes_on(30 * S)

    judge("NET-01", *head_unit.own_messages.keep_time(since=off))


@verifies("NET-01")
@needs("head_unit.on_change")
def test_what_has_changed_is_said_again(logged_in, driver, contact, car, head_unit, judge):
    """What the unit sends on change it repeats as its database says, whatever changes."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=press)
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    head_unit.comes_to_rest(after=driver.press("messaging"))
    car.stops()
    car.goes_on(5 * S)

    judge("NET-01", head_unit.own_messages.repeat_changes(since=press))


@verifies("NET-01")
def test_own_messages_are_back_after_the_battery_was_off(logged_in, car, supply, head_unit, judge):
    """The battery was off while the buses were awake: with it, ignition off, the unit has its beat again."""
    car.stops()
    supply.is_cut(2 * S)
    car.goes_on(10 * S)

    judge("NET-01", *head_unit.own_messages.keep_time(since=car.goes_on(10 * S)))
