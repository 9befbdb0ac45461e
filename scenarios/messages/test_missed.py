"""What came while nobody could be told, and whom one answers"""

from harness.scenario import S, needs, verifies


@verifies("PWR-04")
def test_what_came_while_the_unit_slept_is_announced(asleep, contact, head_unit, judge):
    """A message comes to a parked car: it is announced when the driver starts it."""
    contact.sends_voice("ten_minutes.zh")
    asleep.goes_on(5 * S)
    started = asleep.starts()

    judge("PWR-04", head_unit.app.reaches("prompt", after=started).measuring("latency_resume"))


@verifies("MSG-05")
def test_what_came_with_the_ignition_off_is_announced(logged_in, car, contact, head_unit, judge):
    """A message comes while the driver sits with the ignition off: it is announced when he switches it on."""
    car.happens("ignition_off_seated")
    contact.sends_voice("ten_minutes.zh")
    car.goes_on(5 * S)
    on = car.happens("ignition_on")

    judge("MSG-05", head_unit.app.reaches("prompt", after=on))


@verifies("OUT-07")
def test_what_came_while_the_battery_was_off_is_announced(logged_in, contact, supply, head_unit, judge):
    """A message comes while the unit has no supply: with the supply the session is back, and what waits in it."""
    with supply.out_of("voltage_off") as off:
        contact.sends_voice("ten_minutes.zh")
        off.lasts(3 * S)

    judge("OUT-07", head_unit.session.says("active", after=off.over))
    judge("OUT-07", head_unit.app.reaches("prompt", after=off.over))


@verifies("MSG-08")
def test_a_message_waits_for_the_end_of_a_safety_chime(logged_in, contact, car, head_unit, judge):
    """While a warning sounds no message announces itself."""
    car.sounds_a_safety_chime()
    sent = contact.sends_voice("ten_minutes.zh")

    judge("MSG-08", head_unit.app.never_reaches("prompt", after=sent))


@verifies("MSG-04")
def test_an_answer_goes_to_who_wrote(logged_in, contact, other_contact, driver, head_unit, judge):
    """Who speaks after a message answers its sender, and nobody else hears of it."""
    sent = other_contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    head_unit.comes_to_rest(after=driver.press("messaging"))
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-04", other_contact.inbox.receives(after=ended))
    judge("MSG-04", contact.inbox.stays_empty(after=press))


@verifies("MSG-09", "MSG-12")
def test_a_press_ends_the_playing(logged_in, contact, driver, head_unit, judge):
    """Who has heard enough presses: the message ends, and counts as heard."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    head_unit.plays_for_a_while(after=press)
    enough = driver.press("messaging")

    judge("MSG-12", head_unit.loudspeakers.message_gives_way("long_story.en", played_after=press, to=enough.ended))
    judge("MSG-12", head_unit.app.says("idle", after=enough.ended))
    judge("MSG-09", head_unit.unread.agrees_with_the_account(after=enough))


@verifies("BTN-02", "MSG-09")
@needs("button.level")
def test_a_long_press_at_the_prompt_puts_the_message_off(logged_in, contact, driver, car, head_unit, judge):
    """Who does not want to hear it now presses long: it is not played to its end, and still waits."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.long_press("messaging", hold=car.just_outside("BTN-02.long_press", of="wheel.messaging"))

    judge("BTN-02", head_unit.app.reaches("idle", after=press).measuring("long_press"))
    judge("MSG-09", head_unit.unread.agrees_with_the_account(after=press))


@verifies("MSG-12")
def test_a_page_left_alone_gives_way(logged_in, head_unit, judge):
    """Who opened the list of messages and does nothing more has what was in front before back."""
    opened = head_unit.screen.opens("messages")

    judge("MSG-12", head_unit.screen.leaves_messaging(after=opened.ended))


@verifies("MSG-12", "MSG-13")
def test_navigation_is_what_comes_back(logged_in, contact, driver, car, head_unit, judge):
    """With a destination set it is navigation that comes back, and driving off does not take it away."""
    sent = contact.sends("location", "31.2304,121.4737,人民广场 People's Square")
    head_unit.prompts(after=sent)
    head_unit.comes_to_rest(after=driver.press("messaging"))
    moving = car.is_("moving")
    judge("MSG-13", head_unit.screen.stays_free_of("home", "messages", after=moving))
    said = driver.press("messaging")
    ended = head_unit.ends_recording(after=said)

    judge("MSG-12", head_unit.screen.leaves_messaging(after=ended))
    judge("MSG-13", head_unit.screen.stays_free_of("home", after=ended))
