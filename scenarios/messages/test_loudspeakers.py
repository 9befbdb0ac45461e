"""Where a message is heard"""

import pytest

from harness.scenario import verifies


@verifies("MSG-07")
@pytest.mark.parametrize("sentence", ["ten_minutes.zh", "call_me_later.en"])
def test_a_message_stays_with_the_driver(logged_in, contact, driver, head_unit, judge, sentence):
    """Played on the driver's loudspeaker, and far below it on all others."""
    sent = contact.sends_voice(sentence)
    head_unit.prompts(after=sent)
    press = driver.press("messaging")

    judge("MSG-07", head_unit.loudspeakers.separate(sentence, after=press))
