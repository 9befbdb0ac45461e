"""Music, warnings and the telephone beside messages"""

from harness.scenario import verifies


@verifies("MSG-08")
def test_music_gives_way_while_one_speaks(music, driver, head_unit, judge):
    """Lowered while messaging listens, back when it has heard enough."""
    press = driver.press("messaging")
    chime = head_unit.speaker.plays("chime", after=press)
    said = driver.says("on_my_way.zh", after=chime)
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-08", music.gives_way(chime, said.ended))
    judge("MSG-08", music.returns(after=ended))
    judge("MSG-08", music.as_before(after=ended))


@verifies("MSG-08")
def test_music_gives_way_to_a_message(music, contact, driver, head_unit, judge):
    """Lowered while a message plays, back when it is over."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    playing = head_unit.speaker.plays_message("ten_minutes.zh", after=press)
    judge("MSG-08", playing)
    over = head_unit.loudspeakers.end_of(playing)

    judge("MSG-08", music.gives_way(playing, over))
    judge("MSG-08", music.returns(after=over))
    judge("MSG-08", music.as_before(after=over))


@verifies("MSG-08")
def test_music_is_back_after_several_messages(music, contact, driver, head_unit, judge):
    """However often it gave way, it comes back as loud as it was."""
    for sentence in ("on_my_way.zh", "ten_minutes.en"):
        sent = contact.sends_voice(sentence)
        head_unit.prompts(after=sent)
        press = driver.press("messaging")
        rest = head_unit.comes_to_rest(after=press)

    judge("MSG-08", music.as_before(after=rest))


@verifies("MSG-08")
def test_a_safety_chime_outranks_a_message(logged_in, contact, driver, car, head_unit, judge):
    """While a warning sounds no message is heard."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    head_unit.plays_for_a_while(after=press)
    chime = car.sounds_a_safety_chime()

    judge("MSG-08", head_unit.loudspeakers.message_gives_way("long_story.en", played_after=press, to=chime))


@verifies("MSG-08")
def test_a_telephone_call_outranks_a_message(logged_in, contact, driver, car, head_unit, judge):
    """When the telephone rings no message is heard."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    head_unit.plays_for_a_while(after=press)
    ringing = car.happens("phone_rings")

    judge("MSG-08", head_unit.loudspeakers.message_gives_way("long_story.en", played_after=press, to=ringing))
