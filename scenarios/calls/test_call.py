"""A friend's call"""

from harness.scenario import verifies


@verifies("CALL-01")
def test_a_call_is_announced(logged_in, contact, head_unit, judge):
    """An incoming voice call makes itself heard and seen."""
    call = contact.calls()

    judge("CALL-01", head_unit.app.reaches("ringing", after=call))
    judge("CALL-01", head_unit.speaker.rings(after=call))
    judge("CALL-01", head_unit.screen.shows("ringing", after=call))


@verifies("CALL-01")
def test_a_call_is_taken_and_ended_by_button(logged_in, contact, driver, head_unit, judge):
    """One press takes the call, another one ends it, and the other side notices."""
    call = contact.calls()
    head_unit.is_rung(after=call)

    answer = driver.answers()
    judge("CALL-01", contact.call_is("answered", after=answer))
    judge("CALL-01", head_unit.app.reaches("call", after=answer))
    judge("CALL-01", head_unit.screen.shows("call", after=answer))

    hang_up = driver.hangs_up()
    judge("CALL-01", contact.call_is("ended", after=hang_up))
    judge("CALL-01", head_unit.app.reaches("idle", after=hang_up))


@verifies("CALL-01")
def test_a_caller_who_gives_up_is_noticed(logged_in, contact, head_unit, judge):
    """When the caller hangs up first the unit stops ringing."""
    call = contact.calls()
    head_unit.is_rung(after=call)

    gone = contact.hangs_up()
    judge("CALL-01", head_unit.app.reaches("idle", after=gone))
