"""Leaving while something is being said"""

from harness.scenario import verifies


@verifies("OUT-09")
def test_leaving_during_a_call_ends_it(in_a_call, car, contact, head_unit, judge):
    """The driver gets out during a call: the other side hears that it is over, and the screen shows nothing of it."""
    left = car.happens("driver_leaves_engine_running")

    judge("OUT-09", contact.call_is("ended", after=left))
    judge("OUT-09", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-09", head_unit.screen.leaves("call", after=left))


@verifies("OUT-09")
def test_leaving_during_a_recording_sends_nothing(logged_in, driver, car, contact, head_unit, judge):
    """The driver gets out in the middle of a sentence: the recording ends with the session, and nothing is sent."""
    press = driver.press("messaging")
    driver.begins_to_say("long_story.zh", after=head_unit.speaker.plays("chime", after=press))
    left = car.happens("driver_leaves_engine_running")

    judge("OUT-09", head_unit.app.reaches("idle", after=left))
    judge("OUT-09", head_unit.session.reaches("logged_out", after=left))
    judge("OUT-09", contact.inbox.stays_empty(after=press))
