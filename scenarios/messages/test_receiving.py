"""What the contact says reaches the driver"""

import pytest

from harness.scenario import verifies

LONG_TEXT = "晚上八点在老地方见面别告诉任何人 the code for the gate is 4711 and the key is under the mat"


@verifies("MSG-05")
def test_a_message_prompts_and_waits(logged_in, contact, head_unit, judge):
    """An incoming message prompts and does not play by itself."""
    sent = contact.sends_voice("ten_minutes.zh")

    judge("MSG-05", head_unit.app.reaches("prompt", after=sent))
    judge("MSG-05", head_unit.screen.shows("prompt", after=sent))
    judge("MSG-05", head_unit.speaker.plays("prompt", after=sent))
    judge("MSG-05", head_unit.app.never_reaches("playing", after=sent))


@verifies("MSG-05")
def test_a_prompt_keeps_the_content_to_itself(logged_in, contact, head_unit, judge):
    """The prompt shows the same, whatever the message says."""
    short = contact.sends("text", "嗯")
    head_unit.comes_to_rest(after=short)
    long = contact.sends("text", LONG_TEXT)

    judge("MSG-05", head_unit.screen.differs_between(short, long))


@verifies("MSG-06")
@pytest.mark.parametrize("sentence", ["ten_minutes.zh", "call_me_later.en"])
def test_playback_is_the_message_that_was_sent(logged_in, contact, driver, head_unit, judge, sentence):
    """A press at the prompt plays the message, and it is this one."""
    sent = contact.sends_voice(sentence)
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    judge("MSG-06", head_unit.speaker.plays_message(sentence, after=press))
    judge("MSG-06", head_unit.speaker.message_is(sentence, after=press))
    judge("MSG-06", head_unit.speaker.message_stands_out(sentence, after=press))
