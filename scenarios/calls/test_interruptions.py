"""A call at an inconvenient moment"""

from harness.scenario import S, needs, verifies


@verifies("CALL-04")
def test_a_friend_who_calls_during_a_telephone_call_is_refused(telephone, contact, car, head_unit, judge):
    """Somebody calls while the driver is on the telephone: he is refused, and nothing rings into the talk."""
    rings = telephone.rings()
    car.goes_on(2 * S)
    call = contact.calls()

    judge("CALL-04", contact.call_is("ended", after=call))
    judge("CALL-04", head_unit.app.never_reaches("ringing", after=rings))


@verifies("CALL-04")
def test_a_friend_who_gives_up_on_hold_does_not_come_back(in_a_call, telephone, contact, head_unit, judge):
    """A friend on hold hangs up: after the telephone call there is none to go back to."""
    rings = telephone.rings()
    head_unit.comes_to_rest(after=rings)
    contact.hangs_up()
    over = telephone.is_answered_and_ends()

    judge("CALL-04", head_unit.app.never_reaches("call", after=over))


@verifies("CALL-01", "CALL-04")
def test_a_call_while_one_dictates_gets_none_of_it(logged_in, driver, contact, head_unit, judge):
    """Somebody calls in the middle of a sentence: it rings, and the half that was said is not sent."""
    press = driver.press("messaging")
    driver.begins_to_say("long_story.zh", after=head_unit.speaker.plays("chime", after=press))
    call = contact.calls()

    judge("CALL-01", head_unit.app.reaches("ringing", after=call), head_unit.screen.shows("ringing", after=call))
    judge("CALL-04", contact.inbox.count(after=press, watch=20 * S))


@verifies("CALL-01", "MSG-05")
def test_a_call_puts_a_message_off(logged_in, contact, driver, head_unit, judge):
    """Somebody calls while a message plays: the call comes first, and afterwards the message announces itself again."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    head_unit.plays_for_a_while(after=press)
    call = contact.calls()

    judge("CALL-01", head_unit.app.reaches("ringing", after=call))
    gone = contact.hangs_up()
    judge("MSG-05", head_unit.app.reaches("prompt", after=gone))


@verifies("CALL-01")
def test_a_call_rings_until_it_is_taken(logged_in, contact, car, driver, head_unit, judge):
    """Who did not hear the first ring hears another one."""
    call = contact.calls()
    head_unit.is_rung(after=call)
    car.goes_on(10 * S)

    judge("CALL-01", head_unit.speaker.rings(after=call.ended.shifted(8 * S)).measuring("rings_again"))


@verifies("CALL-01")
@needs("network")
def test_a_call_that_cannot_be_taken_is_over(logged_in, contact, driver, network, head_unit, judge):
    """The network goes while it rings: who presses then is not left in a call that is none."""
    head_unit.is_rung(after=contact.calls())
    network.drops()
    answer = driver.answers()

    judge("CALL-01", head_unit.app.reaches("idle", after=answer))


@verifies("CALL-01")
@needs("network")
def test_hanging_up_without_network_is_told_later(in_a_call, driver, contact, network, head_unit, judge):
    """Who hangs up where there is no network: the other side learns of it when there is one again."""
    network.drops()
    hang_up = driver.hangs_up()
    judge("CALL-01", head_unit.app.reaches("idle", after=hang_up))
    network.stays_down(2 * S)
    back = network.returns()

    judge("CALL-01", contact.call_is("ended", after=back).measuring("latency_after_network"))


@verifies("OUT-09")
def test_leaving_with_a_friend_on_hold_ends_the_call(in_a_call, telephone, car, contact, head_unit, judge):
    """The driver leaves while a friend waits for the end of a telephone call: the friend waits for nobody."""
    rings = telephone.rings()
    head_unit.comes_to_rest(after=rings)
    left = car.happens("driver_leaves_engine_running")

    judge("OUT-09", contact.call_is("ended", after=left))
