"""Mailboxes: each message once, in order, unread until played."""

from __future__ import annotations

from harness.phone.messages import Mailboxes, Message


def message(name: str, sender: str = "contact", kind: str = "text") -> Message:
    return Message(name, sender, "driver", kind, name, 0)


def test_the_same_id_of_the_same_sender_is_the_same_message():
    mail = Mailboxes()
    assert mail.put(message("1"))
    assert not mail.put(message("1"))
    assert mail.put(message("1", sender="stranger"))
    assert [m.sender for m in mail.inbox("driver")] == ["contact", "stranger"]


def test_played_messages_are_no_longer_unread_and_stay_in_the_inbox():
    mail = Mailboxes()
    for name in ("1", "2", "3"):
        mail.put(message(name))
    assert mail.mark_played("driver", "2") == "accepted"
    assert mail.mark_played("driver", "2") == "duplicate"
    assert mail.mark_played("driver", "9") == "unknown"
    assert mail.mark_played("stranger", "1") == "unknown"
    assert [m.id for m in mail.unread("driver")] == ["1", "3"]
    assert [m.id for m in mail.inbox("driver")] == ["1", "2", "3"]


def test_equal_ids_of_two_senders_are_played_oldest_first():
    mail = Mailboxes()
    mail.put(message("1", sender="a"))
    mail.put(message("1", sender="b"))
    mail.mark_played("driver", "1")
    assert [m.sender for m in mail.unread("driver")] == ["b"]


def test_calls_are_not_read():
    mail = Mailboxes()
    mail.put(message("1", kind="voice_call"))
    assert mail.unread("driver") == ()
    assert len(mail.inbox("driver")) == 1
