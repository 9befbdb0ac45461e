"""Messages that wait for the driver, and those that shall not disturb him"""

import pytest

from harness.scenario import verifies

SENTENCES = ("on_my_way.zh", "ten_minutes.en", "call_me_later.zh")


@verifies("MSG-09")
def test_waiting_messages_play_oldest_first(logged_in, contact, driver, head_unit, judge, require):
    """Three messages are heard in the order they came, and the count follows."""
    sent = [contact.sends_voice(sentence) for sentence in SENTENCES]
    judge("MSG-09", head_unit.unread.agrees_with_the_account(after=sent[-1]))

    before = sent[0]
    for sentence in SENTENCES:
        head_unit.prompts(after=before)
        before = driver.press("messaging")
        require("MSG-09", head_unit.speaker.message_is(sentence, after=before))
        judge("MSG-09", head_unit.unread.agrees_with_the_account(after=before))

    rest = head_unit.comes_to_rest(after=before)
    judge("MSG-09", head_unit.unread.agrees_with_the_account(after=rest))
    judge("MSG-09", head_unit.loudspeakers.play_in_order(*SENTENCES, after=sent[0]))


@verifies("MSG-09")
def test_what_came_before_the_login_plays_oldest_first(head_unit, phone, contact, driver, judge, require):
    """Messages that waited for the driver to log in keep their order too."""
    for sentence in SENTENCES[:2]:
        contact.sends_voice(sentence)
    phone.scans(head_unit.screen.code())
    before = login = phone.confirms()
    for sentence in SENTENCES[:2]:
        head_unit.prompts(after=before)
        judge("MSG-09", head_unit.unread.agrees_with_the_account(after=before))
        before = driver.press("messaging")
        require("MSG-09", head_unit.speaker.message_is(sentence, after=before))
    head_unit.comes_to_rest(after=before)

    judge("MSG-09", head_unit.loudspeakers.play_in_order(*SENTENCES[:2], after=login))


@verifies("MSG-10")
@pytest.mark.parametrize("kind", ["voice", "text"])
def test_a_muted_conversation_does_not_prompt(logged_in, contact, head_unit, judge, kind):
    """What comes from a muted conversation is neither shown nor heard."""
    logged_in.mutes(contact)
    sent = contact.sends_voice("ten_minutes.zh") if kind == "voice" else contact.sends("text", "嗯")

    judge("MSG-10", head_unit.app.never_reaches("prompt", after=sent))
    judge("MSG-10", head_unit.speaker.plays_no("prompt", after=sent))
    judge("MSG-10", head_unit.screen.stays_free_of("prompt", after=sent))


@verifies("MSG-10")
def test_a_muted_conversation_does_not_prompt_at_login(head_unit, phone, contact, judge):
    """Nor does it when its messages have waited for the login."""
    phone.mutes(contact)
    contact.sends_voice("ten_minutes.zh")
    phone.scans(head_unit.screen.code())
    login = phone.confirms()

    judge("MSG-10", head_unit.app.never_reaches("prompt", after=login))
    judge("MSG-10", head_unit.speaker.plays_no("prompt", after=login))


@verifies("MSG-10")
def test_others_are_still_announced(logged_in, contact, other_contact, head_unit, judge):
    """To mute one conversation mutes no other, before or after."""
    logged_in.mutes(contact)
    other = other_contact.sends("text", "嗯")
    head_unit.prompts(after=other)
    head_unit.comes_to_rest(after=other)
    sent = contact.sends_voice("ten_minutes.zh")

    judge("MSG-10", head_unit.app.never_reaches("prompt", after=sent))
    judge("MSG-10", head_unit.speaker.plays_no("prompt", after=sent))
