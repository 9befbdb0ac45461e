"""What is said in a fast car reaches the contact"""

import pytest

from harness.scenario import verifies


@verifies("MSG-11")
@pytest.mark.parametrize("sentence", ["on_my_way.zh", "ten_minutes.en"])
def test_what_is_said_at_speed_is_understood(logged_in, car, driver, contact, head_unit, judge, sentence):
    """With the cabin noise of 120 km/h at the microphone, the message can be understood."""
    car.drives_at(120)
    press = driver.press("messaging")
    said = driver.says(sentence, after=head_unit.speaker.plays("chime", after=press))
    heard = contact.inbox.message(after=said.ended)

    judge("MSG-11", heard.intelligibility(said))
