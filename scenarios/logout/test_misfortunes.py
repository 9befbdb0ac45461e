"""Leaving when something is missing"""

import pytest

from harness.scenario import S, verifies


@verifies("OUT-04")
@pytest.mark.parametrize("how", ["missing", "invalid"])
def test_locking_from_outside_logs_out(logged_in, car, head_unit, judge, how):
    """No presence signal says anything: locking from outside logs out all the same."""
    car.stops()
    car.loses_presence(how)
    car.goes_on(3 * S)
    locked = car.happens("lock_outside")

    judge("OUT-04", head_unit.session.reaches("logged_out", after=locked))
    judge("OUT-04", logged_in.account.session_closes(after=locked))


@verifies("OUT-08")
def test_leaving_without_network_logs_out_here_at_once_and_there_later(logged_in, car, network, head_unit, judge):
    """No network while leaving: logged out here in time, and at the service when the network is back."""
    network.drops()
    left = car.happens("driver_leaves")
    judge("OUT-08", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-08", head_unit.screen.shows("logged_out", after=left))
    back = network.returns()

    judge("OUT-08", logged_in.account.session_closes(after=back).measuring("latency_after_network"))


@verifies("OUT-08")
def test_what_the_service_must_be_told_survives_the_loss_of_power(logged_in, car, network, head_unit, judge):
    """No network while leaving, and then no battery: the service is told when both are back."""
    network.drops()
    head_unit.logs_out(after=car.happens("driver_leaves"))
    car.loses_power(10 * S)
    car.happens("driver_returns")
    network.stays_down(15 * S)
    back = network.returns()

    judge("OUT-08", logged_in.account.session_closes(after=back).measuring("latency_after_network"))
