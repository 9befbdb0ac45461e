"""What the driver says reaches the contact"""

import pytest

from harness.scenario import S, verifies


@verifies("MSG-01", "MSG-02")
@pytest.mark.parametrize("sentence", ["on_my_way.zh", "ten_minutes.en"])
def test_what_the_driver_says_arrives_whole(logged_in, driver, contact, head_unit, judge, sentence):
    """What is said after the chime arrives with start and end, and intelligible."""
    press = driver.press("messaging")
    said = driver.says(sentence, after=head_unit.speaker.plays("chime", after=press))
    heard = contact.inbox.message(after=said.ended)

    judge("MSG-01", heard.onset_loss(said), heard.end_loss(said))
    judge("MSG-02", heard.level_change(said), heard.snr(said), heard.gaps(said), heard.stoi(said), heard.clipping(said))


@verifies("MSG-03")
def test_recording_ends_after_silence(logged_in, driver, head_unit, judge):
    """Two seconds of silence end the recording, and a tone says so."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))

    judge("MSG-03", head_unit.speaker.plays("end_tone", after=said.ended).measuring("silence_end"))


@verifies("MSG-03")
def test_recording_ends_at_its_longest(logged_in, driver, car, head_unit, judge):
    """Somebody who talks on and on is stopped, and a tone says so."""
    press = driver.press("messaging")
    chime = head_unit.speaker.plays("chime", after=press)
    talk = driver.talks_on("long_story.zh", after=chime, until=car.limit_ns("MSG-03.longest_recording"))

    judge("MSG-03", head_unit.speaker.plays("end_tone", after=talk.listening).measuring("longest_recording"))


@verifies("MSG-04")
def test_a_message_is_sent_once(logged_in, driver, contact, head_unit, judge):
    """With network the message is there quickly, and once."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-04", contact.inbox.receives(after=ended))
    judge("MSG-04", contact.inbox.count(after=ended, watch=10 * S))


@verifies("MSG-04")
@pytest.mark.parametrize("moment", ["while_speaking", "while_sending"])
def test_a_network_drop_neither_loses_nor_doubles(logged_in, driver, contact, network, head_unit, judge, moment):
    """The network drops while the message is on its way and returns: queued, retried, delivered once."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    if moment == "while_sending":
        head_unit.sends(after=said.ended)
    network.drops()
    ended = head_unit.ends_recording(after=said.ended)
    network.stays_down(8 * S)
    back = network.returns()

    judge("MSG-04", contact.inbox.receives(after=back).measuring("latency_after_network"))
    judge("MSG-04", contact.inbox.count(after=ended, watch=30 * S))


@verifies("MSG-04")
def test_messages_that_wait_do_not_overtake_each_other(logged_in, driver, contact, network, head_unit, judge):
    """Two messages are said without network; when it is back, the first one arrives first."""
    network.drops()
    for sentence in ("on_my_way.zh", "call_me_later.en"):
        press = driver.press("messaging")
        said = driver.says(sentence, after=head_unit.speaker.plays("chime", after=press))
        head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    back = network.returns()

    judge("MSG-04", contact.inbox.in_order("on_my_way.zh", "call_me_later.en", after=back, watch=30 * S))
