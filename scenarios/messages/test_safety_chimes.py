"""A safety chime sounds, and is over"""

import pytest

from harness.scenario import MS, S, verifies


@verifies("MSG-08")
def test_what_came_while_a_chime_sounded_is_announced_after_it(logged_in, contact, car, head_unit, judge):
    """A message that came while a warning sounded announces itself when the warning is over."""
    car.sounds_a_safety_chime()
    contact.sends_voice("ten_minutes.zh")
    car.goes_on(3 * S)
    over = car.silences_the_safety_chime()

    judge("MSG-08", head_unit.app.reaches("prompt", after=over))


@verifies("MSG-08")
@pytest.mark.parametrize("state", ["prompt", "playing"])
def test_what_a_chime_has_broken_off_announces_itself_again(logged_in, contact, driver, car, head_unit, judge, state):
    """A warning takes the message away, announced or half heard; when it is over the message announces itself again."""
    sent = contact.sends_voice("long_story.en")
    head_unit.prompts(after=sent)
    if state == "playing":
        head_unit.plays_for_a_while(after=driver.press("messaging"))
    chime = car.sounds_a_safety_chime()
    judge("MSG-08", head_unit.app.reaches("idle", after=chime))
    car.goes_on(2 * S)
    over = car.silences_the_safety_chime()

    judge("MSG-08", head_unit.app.reaches("prompt", after=over))


@verifies("MSG-08")
def test_nothing_is_replayed_over_a_chime(played, driver, car, head_unit, judge):
    """While a warning sounds a double press brings no message to the ear."""
    car.sounds_a_safety_chime()
    twice = driver.double_press("messaging", gap=200 * MS)

    judge("MSG-08", head_unit.speaker.plays_no_message(played, after=twice))
