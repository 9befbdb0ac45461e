"""The same driver, once more"""

import pytest

from harness.scenario import MS, S, verifies


@verifies("MSG-04")
@pytest.mark.parametrize("battery", ["stays", "goes meanwhile"])
def test_who_logs_in_anew_can_send(logged_in, car, driver, contact, head_unit, judge, battery):
    """The driver leaves, comes back and logs in anew: what he says then reaches the contact."""
    car.happens("driver_leaves")
    if battery == "goes meanwhile":
        car.loses_power(5 * S)
    car.goes_on(10 * S)
    car.happens("driver_returns")
    head_unit.logs_in(logged_in)
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-04", contact.inbox.receives(after=ended))


@verifies("MSG-04", "OUT-10")
def test_who_comes_back_in_time_can_send(logged_in, car, driver, contact, head_unit, judge):
    """Back on the seat within the confirm time: messaging is as it was."""
    left = car.happens("driver_leaves_and_returns_in_time", within="OUT-10.confirm_leave")
    judge("OUT-10", head_unit.session.says("active", after=left.ended))
    car.goes_on(2 * S)
    press = driver.press("messaging")
    said = driver.says("on_my_way.zh", after=head_unit.speaker.plays("chime", after=press))
    ended = head_unit.ends_recording(after=said.ended)

    judge("MSG-04", contact.inbox.receives(after=ended))


@verifies("OUT-01")
def test_who_leaves_again_is_logged_out_again(logged_in, car, head_unit, judge):
    """The second time is like the first: the unit and the service agree that nobody is logged in."""
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    car.happens("driver_returns")
    head_unit.logs_in(logged_in)
    left = car.happens("driver_leaves")

    judge("OUT-01", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-01", logged_in.account.session_closes(after=left))


@verifies("OUT-08")
def test_a_network_that_comes_for_a_moment_loses_no_logout(logged_in, car, network, head_unit, judge):
    """Left without network; it comes, goes at once and comes again: then the service hears of it."""
    network.drops()
    head_unit.logs_out(after=car.happens("driver_leaves"))
    network.returns()
    car.goes_on(10 * MS)
    network.drops()
    network.stays_down(500 * MS)
    back = network.returns()

    judge("OUT-08", logged_in.account.session_closes(after=back).measuring("latency_after_network"))
