"""A friend waits while the driver is on the telephone"""

from harness.scenario import MS, verifies


@verifies("CALL-04")
def test_a_friend_on_hold_is_not_heard(in_a_call, contact, telephone, head_unit, judge):
    """What the friend says while the telephone has the driver is not heard over it."""
    rings = telephone.rings()
    head_unit.comes_to_rest(after=rings)
    contact.speaks("call_me_later.en")

    judge("CALL-04", head_unit.speaker.plays_no_message("call_me_later.en", after=rings))


@verifies("CALL-03", "CALL-04")
def test_after_the_telephone_both_hear_each_other_again(
    in_a_call, contact, driver, conversation, telephone, head_unit, judge
):
    """The friend has waited for the end of the telephone call: the talk goes on as it was, both ways."""
    rings = telephone.rings()
    head_unit.comes_to_rest(after=rings)
    over = telephone.is_answered_and_ends()
    judge("CALL-04", telephone.gives_the_call_back(over))
    heard = contact.speaks("call_me_later.en")
    said = driver.says("ten_minutes.en", after=heard.ended)

    judge("CALL-03", *conversation.driver_hears(heard))
    judge("CALL-03", *conversation.heard_by(contact, said))


@verifies("CALL-04")
def test_the_telephone_rings_as_a_call_is_taken(
    logged_in, car, contact, driver, telephone, head_unit, conversation, judge
):
    """The telephone rings in the moment in which a friend's call is taken: what is said then is not for the friend."""
    head_unit.is_rung(after=contact.calls())
    driver.answers()
    car.goes_on(60 * MS)
    rings = telephone.rings()
    said = driver.says("ten_minutes.zh", after=rings.ended)

    judge("CALL-04", conversation.not_heard_by(contact, said))
