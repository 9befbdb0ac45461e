"""What is not sent is counted, once each"""

from harness.scenario import S, needs, verifies

pytestmark = needs("microphone", "supply", "diagnostics")


@verifies("OUT-07")
def test_each_message_that_is_lost_is_reported_once(logged_in, driver, car, network, contact, head_unit, judge):
    """One is being sent when the battery goes, another waits when the driver leaves: each arrives or is reported."""
    first = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=first))
    head_unit.sends(after=said.ended)
    for seconds in (2, 5):
        lost = car.loses_power(seconds * S)
        judge("OUT-07", head_unit.session.says("active", after=lost.ended))
    network.drops()
    press = driver.press("messaging")
    said = driver.says("call_me_later.en", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    head_unit.logs_out(after=car.happens("driver_leaves_engine_running"))

    judge("OUT-07", head_unit.unsent.makes_up_for(2, contact, since=first))


@verifies("OUT-07", "QR-09")
def test_what_waits_when_another_car_logs_in_is_reported(logged_in, driver, network, contact, head_unit, judge):
    """Said without network, and the account logs in elsewhere: with the network it is over here, and reported."""
    network.drops()
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    logged_in.logs_in_elsewhere()
    back = network.returns()

    judge("QR-09", head_unit.session.reaches("logged_out", after=back))
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("OUT-07", "OUT-09")
def test_what_waits_is_not_sent_while_the_driver_leaves(logged_in, driver, network, car, contact, head_unit, judge):
    """Said without network, and the network comes as the driver leaves: it is not sent any more but reported."""
    network.drops()
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    left = car.happens("driver_leaves_engine_running")
    network.returns()
    head_unit.logs_out(after=left)

    judge("OUT-09", contact.inbox.stays_empty(after=left))
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("OUT-07")
def test_what_is_being_sent_as_the_car_is_locked_is_dealt_with_once(logged_in, driver, car, contact, head_unit, judge):
    """The car is locked in the moment in which a message is to be sent, and somebody logs in again: it has arrived or
    is reported, and does not come later."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.sends(after=said.ended)
    head_unit.logs_out(after=car.happens("lock_outside"))
    car.happens("unlock")
    car.happens("driver_returns")
    head_unit.logs_in(logged_in)

    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))
