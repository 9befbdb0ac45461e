"""How good a message sounds"""

import pytest

from harness.scenario import verifies


@verifies("MSG-02")
@pytest.mark.parametrize("sentence", ["long_story.en", "ten_minutes.zh"])
def test_nothing_is_lost_between_the_clocks(logged_in, driver, contact, head_unit, judge, sentence):
    """From microphone to message no clock drifts and no buffer slips, and it sounds as good as its codec allows."""
    press = driver.press("messaging")
    said = driver.says(sentence, after=head_unit.speaker.plays("chime", after=press))
    heard = contact.inbox.message(after=said.ended)

    judge("MSG-02", heard.drift(said), heard.slips(said), heard.stoi_drop(said))


@verifies("MSG-06")
@pytest.mark.parametrize("sentence", ["ten_minutes.zh", "call_me_later.en"])
def test_playback_is_intelligible_and_whole(logged_in, contact, driver, head_unit, judge, sentence):
    """What comes out of the loudspeaker can be understood and has no holes."""
    sent = contact.sends_voice(sentence)
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    heard = head_unit.speaker.quality
    judge("MSG-06", heard.stoi(sentence, after=press), heard.gaps(sentence, after=press))


@verifies("MSG-06")
def test_playback_adds_no_distortion(logged_in, contact, driver, head_unit, judge):
    """A pure tone that was sent comes out pure."""
    sent = contact.sends_voice("tone_1k")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    judge("MSG-06", head_unit.speaker.quality.distortion("tone_1k", after=press))


@verifies("MSG-06")
def test_playback_is_neither_dull_nor_thin(logged_in, contact, driver, head_unit, judge):
    """Low and high frequencies of a message come out as loud as those between."""
    sent = contact.sends_voice("sweep")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    judge("MSG-06", head_unit.speaker.quality.response("sweep", after=press))
