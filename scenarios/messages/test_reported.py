"""Nothing that was said is lost without a word"""

import pytest

from harness.scenario import S, needs, verifies

pytestmark = needs("microphone", "supply", "diagnostics")


@verifies("OUT-07")
def test_what_was_delivered_is_not_reported_as_lost(logged_in, driver, car, contact, head_unit, judge):
    """A message arrives, later the battery is off: the unit reports nothing that was not sent."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    lost = car.loses_power(2 * S)

    judge("OUT-07", head_unit.session.says("active", after=lost.ended))
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("OUT-07")
def test_what_is_being_sent_when_the_battery_goes_arrives_or_is_reported(
    logged_in, driver, car, contact, head_unit, judge
):
    """The battery goes in the moment in which a message is to be sent: it arrives once, or the unit reports it."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.sends(after=said.ended)
    lost = car.loses_power(2 * S)

    judge("OUT-07", head_unit.session.says("active", after=lost.ended))
    car.goes_on(5 * S)
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("MSG-04", "OUT-07")
def test_a_message_that_waits_survives_the_loss_of_power(logged_in, driver, network, car, contact, head_unit, judge):
    """Said without network, and then the battery goes: with both back the message arrives, once."""
    network.drops()
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)
    head_unit.comes_to_rest(after=ended)
    car.loses_power(2 * S)
    network.stays_down(15 * S)
    back = network.returns()

    judge("MSG-04", contact.inbox.receives(after=back).measuring("latency_after_network"))
    judge("MSG-04", contact.inbox.count(after=ended, watch=40 * S))
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("OUT-07", "OUT-09")
def test_what_waits_when_the_driver_leaves_is_reported(logged_in, driver, network, car, contact, head_unit, judge):
    """Said without network, and then the driver leaves: it is not sent in his absence, and reported."""
    network.drops()
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    head_unit.comes_to_rest(after=head_unit.ends_recording(after=said.ended))
    head_unit.logs_out(after=car.happens("driver_leaves_engine_running"))
    back = network.returns()

    judge("OUT-09", contact.inbox.stays_empty(after=back))
    judge("OUT-07", head_unit.unsent.makes_up_for(1, contact, since=press))


@verifies("MSG-04")
@pytest.mark.parametrize("what", ["a friend calls", "ignition off"])
def test_what_has_been_said_is_sent_whatever_comes(logged_in, driver, car, contact, head_unit, judge, what):
    """In the moment in which a message is to be sent something else begins: it arrives all the same, once."""
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    sending = head_unit.sends(after=said.ended)
    if what == "ignition off":
        car.stops()
    else:
        contact.calls()

    judge("MSG-04", contact.inbox.receives(after=sending))
    judge("MSG-04", contact.inbox.count(after=sending, watch=10 * S))
