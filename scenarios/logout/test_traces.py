"""What a driver leaves behind"""

from harness.scenario import S, verifies


@verifies("OUT-05")
def test_nothing_of_the_user_is_left(logged_in, car, contact, driver, head_unit, judge):
    """After logout no canary of the user is on a bus, in the console or an identifier, and nothing of his is heard."""
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    driver.press("messaging")
    left = car.happens("driver_leaves")
    gone = head_unit.logs_out(after=left)
    car.goes_on(2 * S)

    judge("OUT-05", head_unit.traces.on_the_buses(after=gone), head_unit.traces.on_the_console(after=gone))
    judge("OUT-05", head_unit.traces.in_diagnostics(after=gone))
    judge("OUT-05", head_unit.speaker.plays_no_message("ten_minutes.zh", after=gone))


@verifies("OUT-05")
def test_the_screen_shows_nothing_of_the_user(logged_in, car, contact, head_unit, judge):
    """Someone with an unmistakable name has written; after logout neither name nor messaging is on the screen."""
    name = "l" * 40
    contact.is_called(name)
    head_unit.prompts(after=contact.sends_voice("ten_minutes.zh"))
    left = car.happens("driver_leaves")
    gone = head_unit.logs_out(after=left)
    car.goes_on(2 * S)

    judge("OUT-05", head_unit.traces.on_the_screen(name, after=gone))


@verifies("OUT-06")
def test_the_next_driver_gets_a_fresh_code(head_unit, car, phone, other_phone, judge):
    """The next driver sees another code, logs in as himself, and finds none of the last one's messages."""
    first = head_unit.logs_in(phone)
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    back = car.happens("driver_returns")

    judge("OUT-06", head_unit.screen.shows_another_code(than=first.text, after=back))
    head_unit.logs_in(other_phone)
    judge("OUT-06", other_phone.account.session_is_open(), phone.account.session_is_closed())


@verifies("OUT-06")
def test_messages_of_the_last_driver_stay_away(head_unit, car, phone, other_phone, contact, judge):
    """A message to the last driver does not prompt the next one."""
    head_unit.logs_in(phone)
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    car.happens("driver_returns")
    head_unit.logs_in(other_phone)
    sent = contact.sends_voice("ten_minutes.zh")

    judge("OUT-06", head_unit.app.stays("idle", after=sent))
