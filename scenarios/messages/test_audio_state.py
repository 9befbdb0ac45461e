"""What the unit says of its sound"""

from harness.scenario import needs, verifies

pytestmark = needs("head_unit.audio")


@verifies("MSG-08")
def test_the_unit_says_that_music_gives_way(music, driver, head_unit, judge):
    """Ducked while messaging listens, media when it has heard enough."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-08", head_unit.audio.reaches("ducked", after=press))
    judge("MSG-08", head_unit.audio.says("media", after=ended))


@verifies("MSG-08")
def test_the_unit_says_that_a_message_is_heard(logged_in, contact, driver, head_unit, judge):
    """Voice while a message plays, silent when it is over."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    heard = head_unit.hears_out("ten_minutes.zh", after=press)

    judge("MSG-08", head_unit.audio.says("voice", after=press))
    judge("MSG-08", head_unit.audio.says("silent", after=heard))


@verifies("MSG-08")
def test_music_gives_way_to_a_call(music, contact, driver, head_unit, judge):
    """Lowered while a friend's call rings, and back when he has given up."""
    call = contact.calls()
    head_unit.is_rung(after=call)
    gone = contact.hangs_up()

    judge("MSG-08", head_unit.audio.says("voice", after=call))
    judge("MSG-08", head_unit.audio.says("media", after=gone))
    judge("MSG-08", music.returns(after=gone))
    judge("MSG-08", music.as_before(after=gone))
