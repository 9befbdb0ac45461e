"""How long a call rings, and how long it goes on"""

from harness.scenario import S, verifies


@verifies("CALL-01")
def test_a_call_that_is_taken_rings_no_more(logged_in, contact, driver, head_unit, judge):
    """Once the call is taken nothing rings into the talk."""
    head_unit.is_rung(after=contact.calls())
    answer = driver.answers()

    judge("CALL-01", contact.call_is("answered", after=answer))
    judge("CALL-01", head_unit.speaker.rings_no_more(after=answer.ended))


@verifies("CALL-01")
def test_a_call_that_was_given_up_rings_no_more(logged_in, contact, head_unit, judge):
    """Once the caller has given up it is quiet."""
    head_unit.is_rung(after=contact.calls())
    gone = contact.hangs_up()

    judge("CALL-01", head_unit.speaker.rings_no_more(after=gone))


@verifies("CALL-01")
def test_a_call_in_which_nobody_speaks_goes_on(in_a_call, car, contact, judge):
    """Both are silent for a while: the call is still there."""
    silence = car.goes_on(15 * S)

    judge("CALL-01", contact.call_goes_on(after=silence.ended))


@verifies("CALL-01")
def test_a_car_that_sleeps_does_not_ring(asleep, contact, head_unit, judge):
    """Somebody calls while the car is parked and asleep: nothing rings in the empty car."""
    call = contact.calls()

    judge("CALL-01", head_unit.speaker.rings_no_more(after=call))
