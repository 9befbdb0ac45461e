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


@verifies("CALL-02")
def test_a_video_call_is_a_voice_call(logged_in, contact, driver, head_unit, judge):
    """What is meant with picture is offered and taken as voice, and no picture is shown."""
    call = contact.calls(video=True)
    judge("CALL-02", head_unit.screen.shows("ringing", after=call))
    judge("CALL-02", head_unit.speaker.rings(after=call))
    head_unit.is_rung(after=call)

    answer = driver.answers()
    judge("CALL-02", contact.call_is("answered", after=answer))
    judge("CALL-02", contact.taken_with_picture(after=call))
    judge("CALL-02", head_unit.screen.stays_free_of("video", "picture", after=call))


@verifies("CALL-02")
def test_a_video_call_shows_nothing_that_moves(in_a_video_call, head_unit, judge):
    """During the call the screen stands still."""
    judge("CALL-02", head_unit.screen.stays_still(after=in_a_video_call))
