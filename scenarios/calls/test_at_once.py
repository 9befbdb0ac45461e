"""The telephone rings before anything has come of a press"""

from harness.scenario import MS, verifies


@verifies("CALL-04")
def test_a_message_that_was_about_to_play_is_not_heard(logged_in, driver, contact, telephone, head_unit, judge):
    """The telephone rings in the moment in which a message is asked for: the message does not begin."""
    head_unit.prompts(after=contact.sends_voice("long_story.en"))
    driver.press("messaging", hold=60 * MS)
    rings = telephone.rings()

    judge("CALL-04", head_unit.speaker.plays_no_message("long_story.en", after=rings))
