"""The driver leaves"""

import pytest

from harness.scenario import S, verifies


@verifies("OUT-01")
def test_leaving_logs_out(logged_in, car, head_unit, judge):
    """The driver leaves by the car's rule: CAN, screen and account agree on the logout."""
    left = car.happens("driver_leaves")

    judge("OUT-01", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-01", head_unit.screen.shows("logged_out", after=left))
    judge("OUT-01", logged_in.account.session_closes(after=left))


@verifies("OUT-01")
def test_leaving_with_the_engine_running_logs_out(logged_in, car, head_unit, judge):
    """Leaving with the key while the engine runs logs out as well."""
    left = car.happens("driver_leaves_engine_running")

    judge("OUT-01", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-01", logged_in.account.session_closes(after=left))


@verifies("OUT-01")
def test_leaving_after_a_call_logs_out(in_a_call, driver, car, head_unit, judge):
    """A call that is over changes nothing: who leaves after it is logged out."""
    head_unit.comes_to_rest(after=driver.hangs_up())
    left = car.happens("driver_leaves")

    judge("OUT-01", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-01", head_unit.screen.shows("logged_out", after=left))


@verifies("OUT-02")
@pytest.mark.parametrize("event", ["engine_stop_start", "passenger_leaves", "driver_door_opens_seated"])
def test_only_leaving_logs_out(logged_in, car, head_unit, judge, event):
    """What is not leaving logs nobody out."""
    happened = car.happens(event)

    judge("OUT-02", head_unit.session.stays("active", after=happened))
    judge("OUT-02", logged_in.account.session_stays_open(after=happened))


@verifies("OUT-02")
def test_ignition_off_while_seated_logs_nobody_out(logged_in, car, head_unit, judge):
    """Ignition off with the driver seated keeps the session, also over standby."""
    off = car.happens("ignition_off_seated")
    judge("OUT-02", logged_in.account.session_stays_open(after=off))

    on = car.happens("ignition_on")
    judge("OUT-02", head_unit.session.says("active", after=on))


@verifies("OUT-03")
def test_a_flickering_seat_logs_nobody_out(logged_in, car, judge):
    """Presence that is lost for less than the confirm time is no leaving."""
    flicker = car.happens("seat_flickers", within="OUT-03.confirm_leave")

    judge("OUT-03", logged_in.account.session_stays_open(after=flicker))


@verifies("OUT-10")
def test_coming_back_in_time_keeps_the_session(logged_in, car, head_unit, judge):
    """Back on the seat within the confirm time: nothing has happened."""
    left = car.happens("driver_leaves_and_returns_in_time", within="OUT-10.confirm_leave")

    judge("OUT-10", logged_in.account.session_stays_open(after=left))
    judge("OUT-10", head_unit.session.says("active", after=left.ended))


@verifies("OUT-10")
def test_coming_back_late_needs_a_new_login(logged_in, car, head_unit, judge):
    """Back after the confirm time: logged out, with a code to log in anew."""
    car.happens("driver_leaves")
    car.goes_on(10 * S)
    back = car.happens("driver_returns")

    judge("OUT-10", head_unit.screen.shows_a_code(after=back))
    judge("OUT-10", head_unit.session.never_reaches("active", after=back))
