"""The login code"""

import pytest

from harness.scenario import S, verifies


@verifies("QR-01")
def test_cold_start_shows_a_code(cold, head_unit, judge):
    """From ignition on, a cold unit shows a code that a phone reads."""
    started = cold.starts()

    judge("QR-01", head_unit.screen.shows_a_code(after=started))


@verifies("QR-01")
def test_resume_shows_a_code(head_unit, car, judge):
    """From ignition on, a unit that was in standby shows a code sooner."""
    car.stops()
    car.goes_on(30 * S)
    started = car.starts()

    judge("QR-01", head_unit.screen.shows_a_code(after=started).measuring("latency_resume"))


@verifies("QR-01")
@pytest.mark.parametrize("camera", ["blur", "glare", "tilt", "half brightness"])
def test_a_camera_reads_the_code(head_unit, judge, camera):
    """The code can be read from a picture such as a phone's camera takes."""
    judge("QR-01", head_unit.screen.code_reads_through(camera))


@verifies("QR-01")
@pytest.mark.parametrize("kind", ["blur", "tilt", "moire", "low light", "noise", "dimming"])
def test_the_code_is_read_with_room_to_spare(head_unit, judge, kind):
    """A picture may be spoiled much further than a steady hand spoils it, and the code is still read."""
    judge("QR-01", head_unit.screen.code_bears(kind))


@verifies("QR-03")
def test_a_code_expires_and_is_replaced(head_unit, phone, judge):
    """The code is replaced in time, and the old one no longer logs in."""
    old = head_unit.screen.code_in_front()

    judge("QR-03", head_unit.screen.shows_another_code(than=old.text, after=old).measuring("code_validity"))
    phone.scans(old.text, at=old.began.t + 306 * S)
    judge("QR-03", phone.accepted())


@verifies("QR-08")
@pytest.mark.parametrize("event", ["drive_off", "crawl"])
def test_driving_off_takes_the_code_away(head_unit, car, judge, event):
    """As soon as the car moves, from the brake or rolling at once, there is nothing to scan."""
    moving = car.happens(event)

    judge("QR-08", head_unit.screen.shows_no_code(after=moving))
