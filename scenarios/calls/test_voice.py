"""What both sides of a call hear"""

from harness.scenario import verifies


@verifies("CALL-03")
def test_a_call_carries_speech_both_ways(in_a_call, contact, driver, conversation, judge):
    """What either side says reaches the other one, clear and whole."""
    heard = contact.speaks("call_me_later.en")
    said = driver.says("ten_minutes.en", after=heard.ended)

    judge("CALL-03", *conversation.driver_hears(heard))
    judge("CALL-03", *conversation.heard_by(contact, said))


@verifies("CALL-03")
def test_the_unit_adds_little_delay(reference_client, contact, driver, head_unit, conversation, judge):
    """Hearing and being heard take little longer than with a reference client on the same network."""
    contact.calls(reference_client)
    reference_client.answers()
    there = contact.speaks("ten_minutes.zh")
    back = reference_client.speaks("on_my_way.zh")
    contact.hangs_up()

    head_unit.is_rung(after=contact.calls())
    driver.answers()
    heard = contact.speaks("ten_minutes.zh")
    said = driver.says("on_my_way.zh", after=heard.ended)

    judge("CALL-03", conversation.adds_delay(contact, heard, said, reference_client, there, back))
