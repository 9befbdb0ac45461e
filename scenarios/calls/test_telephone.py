"""The telephone rings while messaging is at work"""

from harness.scenario import S, verifies


@verifies("CALL-04")
def test_what_is_half_recorded_is_never_sent(logged_in, driver, contact, telephone, head_unit, judge):
    """The recording ends with the telephone's ringing, and nothing of it arrives."""
    press = driver.press("messaging")
    driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    rings = telephone.rings()

    judge("CALL-04", head_unit.app.reaches("idle", after=rings))
    judge("CALL-04", contact.inbox.count(after=press, watch=20 * S))


@verifies("CALL-04")
def test_what_was_said_to_its_end_is_dealt_with(logged_in, driver, contact, telephone, head_unit, judge):
    """A message that is being sent when the telephone rings becomes what the car's table says."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.sends(after=said.ended)
    telephone.rings()

    judge("CALL-04", telephone.deals_with_what_is_sent(contact, since=press))


@verifies("CALL-04")
def test_what_is_played_is_silenced(logged_in, driver, contact, telephone, head_unit, judge):
    """A message that plays when the telephone rings is not heard over it."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    head_unit.plays_for_a_while(after=press)
    rings = telephone.rings()

    judge("CALL-04", telephone.ends_the_playing_of("long_story.en", played_after=press, rings=rings))
    judge("CALL-04", head_unit.app.reaches("idle", after=rings))


@verifies("CALL-04")
def test_a_prompt_waits_for_the_telephone(logged_in, contact, telephone, head_unit, judge):
    """A message that prompts when the telephone rings becomes what the car's table says."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    rings = telephone.rings()
    judge("CALL-04", head_unit.app.reaches("idle", after=rings))
    over = telephone.is_answered_and_ends()

    judge("CALL-04", telephone.deals_with_the_prompt(rings, over))


@verifies("CALL-04")
def test_a_ringing_friend_is_refused(logged_in, contact, telephone, head_unit, judge):
    """A friend's call that rings when the telephone does is refused."""
    head_unit.is_rung(after=contact.calls())
    rings = telephone.rings()

    judge("CALL-04", telephone.deals_with_the_ringing(contact, rings))
    judge("CALL-04", head_unit.app.reaches("idle", after=rings))


@verifies("CALL-04")
def test_a_friend_on_the_line_waits(in_a_call, driver, contact, conversation, telephone, head_unit, judge):
    """A friend's call becomes what the car's table says, and nothing of the telephone call reaches the friend."""
    rings = telephone.rings()
    judge("CALL-04", head_unit.app.reaches("idle", after=rings))
    judge("CALL-04", telephone.deals_with_the_call(contact, rings))
    said = driver.says("ten_minutes.zh", after=rings.ended)
    judge("CALL-04", conversation.not_heard_by(contact, said))
    over = telephone.is_answered_and_ends()

    judge("CALL-04", telephone.gives_the_call_back(over))
