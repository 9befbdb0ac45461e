"""When messaging has done its work"""

from harness.scenario import verifies


@verifies("MSG-12")
def test_messaging_leaves_after_sending(logged_in, driver, head_unit, judge):
    """What was in front before is back soon after the message was recorded."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-12", head_unit.app.says("idle", after=ended))
    judge("MSG-12", head_unit.screen.leaves_messaging(after=ended))


@verifies("MSG-12")
def test_messaging_leaves_after_sending_without_network(logged_in, driver, network, head_unit, judge):
    """A message that waits for the network does not keep messaging in front."""
    network.drops()
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-12", head_unit.app.says("idle", after=ended))
    judge("MSG-12", head_unit.screen.leaves_messaging(after=ended))


@verifies("MSG-12")
def test_messaging_leaves_after_playing(logged_in, contact, driver, head_unit, judge):
    """What was in front before is back soon after the last message was heard."""
    sent = contact.sends_voice("ten_minutes.zh")
    head_unit.prompts(after=sent)
    press = driver.press("messaging")
    heard = head_unit.hears_out("ten_minutes.zh", after=press)

    judge("MSG-12", head_unit.app.says("idle", after=heard))
    judge("MSG-12", head_unit.screen.leaves_messaging(after=heard))


@verifies("MSG-04", "MSG-12")
def test_messaging_leaves_after_nothing_was_said(logged_in, driver, contact, head_unit, judge):
    """Somebody who pressed and then said nothing has what was in front before back, and nothing is sent."""
    press = driver.press("messaging")
    ended = head_unit.ends_recording(after=press)

    judge("MSG-12", head_unit.app.says("idle", after=ended))
    judge("MSG-12", head_unit.screen.leaves_messaging(after=ended))
    judge("MSG-04", contact.inbox.stays_empty(after=press))
