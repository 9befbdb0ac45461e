"""Logging in at a bad moment"""

import pytest

from harness.scenario import S, needs, verifies


@verifies("DRV-06", "QR-02")
def test_a_confirmation_in_a_moving_car_is_given_back(head_unit, phone, car, judge):
    """Scanned when parked and confirmed when under way: nobody is logged in, here or at the service."""
    phone.scans(head_unit.screen.code())
    car.happens("drive_off")
    confirmed = phone.confirms()

    judge("DRV-06", head_unit.session.never_reaches("active", after=confirmed))
    judge("QR-02", phone.account.session_closes(after=confirmed))


@verifies("QR-07")
def test_the_network_goes_between_scan_and_confirmation(head_unit, phone, network, judge):
    """Scanned, and then there is no network: a notice, and with the network another code."""
    code = head_unit.screen.code()
    phone.scans(code)
    gone = network.drops()
    judge("QR-07", head_unit.screen.shows("no_network", after=gone))
    network.stays_down(5 * S)
    back = network.returns()

    judge("QR-07", head_unit.screen.shows_another_code(than=code, after=back))


@verifies("OUT-04")
def test_locking_at_once_after_the_confirmation_logs_out(head_unit, phone, car, judge):
    """Confirmed, and in the next moment the car is locked from outside: nobody stays logged in."""
    phone.scans(head_unit.screen.code())
    phone.confirms()
    locked = car.happens("lock_outside")

    judge("OUT-04", phone.account.session_closes(after=locked))
    judge("OUT-04", head_unit.session.says("logged_out", after=locked))


@verifies("QR-01")
def test_parking_brings_the_code_back(head_unit, car, judge):
    """A code that went when the car moved off is back, readable, when it is parked again."""
    head_unit.screen.code()
    car.is_("moving")
    parked = car.is_("parked")

    judge("QR-01", head_unit.screen.shows_a_code(after=parked))


@verifies("QR-09")
@needs("head_unit.session")
@pytest.mark.parametrize("seconds", [5, 30])
def test_a_login_on_another_car_is_noticed_with_the_ignition_off(logged_in, car, head_unit, judge, seconds):
    """The account logs in elsewhere a while after the ignition was switched off here: it is over here at once."""
    car.happens("ignition_off_seated")
    car.goes_on(seconds * S)
    elsewhere = logged_in.logs_in_elsewhere()

    judge("QR-09", head_unit.session.reaches("logged_out", after=elsewhere))


@verifies("QR-09")
def test_a_login_on_another_car_is_noticed_at_the_next_start(asleep, logged_in, head_unit, judge):
    """The account logs in elsewhere while this car is parked and asleep: at the next start it is over here."""
    logged_in.logs_in_elsewhere()
    asleep.goes_on(5 * S)
    started = asleep.starts()

    judge("QR-09", head_unit.session.says("logged_out", after=started))


@verifies("QR-09")
def test_a_login_on_another_car_is_noticed_after_a_loss_of_power(logged_in, network, car, head_unit, judge):
    """Likewise when the battery was off meanwhile, and the network came later."""
    network.drops()
    logged_in.logs_in_elsewhere()
    car.loses_power(2 * S)
    network.stays_down(15 * S)
    back = network.returns()

    judge("QR-09", head_unit.session.says("logged_out", after=back))


@verifies("QR-02", "OUT-01")
@needs("head_unit.cluster")
def test_the_cluster_is_asked_to_say_who_comes_and_goes(head_unit, phone, car, judge):
    """Login and logout are shown by the second display too."""
    phone.scans(head_unit.screen.code())
    confirmed = phone.confirms()
    judge("QR-02", head_unit.cluster.reaches("logged_in", after=confirmed))
    left = car.happens("driver_leaves")

    judge("OUT-01", head_unit.cluster.reaches("logged_out", after=left))
