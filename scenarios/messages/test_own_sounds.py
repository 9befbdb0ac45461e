"""What the unit says of its sound when it is its own, and when there is none any more"""

from harness.scenario import S, needs, verifies

pytestmark = needs("head_unit.audio")


@verifies("MSG-08")
def test_the_unit_says_that_it_sounds_itself(logged_in, contact, head_unit, judge):
    """Voice while a message announces itself, silent when that is over."""
    sent = contact.sends_voice("ten_minutes.zh")
    prompt = head_unit.prompts(after=sent)

    judge("MSG-08", head_unit.audio.says("voice", after=prompt))
    judge("MSG-08", head_unit.audio.reaches("silent", after=prompt).measuring("latency_source"))


@verifies("MSG-08")
def test_the_unit_says_that_music_is_over(music, car, head_unit, judge):
    """Silent a little after the source has ended, and media again with the next piece."""
    ended = music.ends()
    judge("MSG-08", head_unit.audio.reaches("silent", after=ended).measuring("latency_source"))
    car.goes_on(3 * S)
    again = music.begins()

    judge("MSG-08", head_unit.audio.reaches("media", after=again))
    judge("MSG-08", music.returns(after=again))
