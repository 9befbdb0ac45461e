"""Phones, accounts and units on one clock: time-outs happen by themselves, a unit's link delays and loses."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S
from harness.network.port import Link
from harness.phone.events import CodeConfirmed, CodeExpired, CodeTimedOut, MessageArrived, SessionRevoked
from harness.phone.messages import Voice


def test_time_outs_reach_the_unit_at_their_instant_plus_the_links_delay(world):
    unit = world.units[0]
    made = world.clock.now()
    unit.code()
    world.later(400 * S)
    expired = [t for t, e in unit.events if isinstance(e, CodeExpired)]
    assert expired == [made + 30 * MS + 300 * S + 30 * MS]


def test_scanning_without_confirming_times_out_by_itself(world):
    unit = world.units[0]
    code = unit.code()
    scanned = world.service.phone("driver").scan(code).stamp.t
    world.later(100 * S)
    assert [(t, e) for t, e in unit.events if isinstance(e, CodeTimedOut)] == [
        (scanned + 60 * S + 30 * MS, CodeTimedOut(code))
    ]
    assert world.service.phone("driver").confirm().outcome == "expired"


def test_a_confirmation_waits_for_the_units_link(world):
    unit = world.units[0]
    phone = world.service.phone("driver")
    phone.scan(unit.code())
    world.later(1 * S)
    unit.network.link(Link(up=False))
    assert phone.confirm().outcome == "accepted"
    world.later(20 * S)
    assert unit.of(CodeConfirmed) == []
    unit.network.link(Link())
    world.later(1 * S)
    assert len(unit.of(CodeConfirmed)) == 1


def test_a_phone_without_network_is_offline(world):
    phone = world.service.phone("driver")
    phone.online = False
    assert phone.scan(world.units[0].code()).outcome == "offline"
    phone.online = True
    assert phone.confirm().outcome == "refused"


def test_a_lost_answer_leads_to_one_message(world):
    world.log_in()
    unit = world.units[0]
    args = ("send", unit.token, "contact", "text", "hi", "u1")
    got: list[str] = []
    unit.client.call(*args, answer=got.append, failed=got.append)
    world.later(40 * MS)
    unit.network.link(Link(up=False))
    unit.network.link(Link())
    world.later(3 * S)
    assert got == ["timeout"]
    assert unit.ask(*args) == "duplicate"
    assert [m.text for m in world.service.account("contact").inbox()] == ["hi"]


def test_messages_pushed_over_a_broken_link_keep_their_order(world):
    world.log_in()
    unit, contact = world.units[0], world.service.account("contact")
    for n in range(6):
        contact.send_text("driver", str(n))
        world.later(20 * MS)
        unit.network.link(Link(up=n % 2 == 1))
    unit.network.link(Link())
    world.later(5 * S)
    assert [e.message.payload for e in unit.of(MessageArrived)] == list("012345")


def test_logging_in_on_another_unit_revokes_the_first(world):
    world.log_in(unit=0)
    first = world.units[0].token
    world.log_in(unit=1)
    assert world.units[0].of(SessionRevoked) == [SessionRevoked(first)]
    what = [(s.what, s.unit) for s in world.service.account("driver").sessions()]
    assert what == [("opened", "HU-1"), ("revoked", "HU-1"), ("opened", "HU-2")]


def test_events_carry_the_instant_at_which_they_happened(world):
    world.later(5 * S)
    at = world.clock.now()
    assert world.service.account("contact").send_text("driver", "hi").t == at
    world.later(9 * S)
    assert [m.stamp for m in world.service.account("driver").inbox()] == [(at, at, at)]


def test_speech_no_codec_understands_is_delivered_without_samples(world):
    world.log_in()
    unit = world.units[0]
    for n, voice in enumerate((Voice(b"noise", "opus", 1 * S), Voice(b"#!SILK_V3", "silk", 1 * S))):
        assert unit.ask("send", unit.token, "contact", "voice", voice, f"u{n}") == "accepted"
    inbox = world.service.account("contact").inbox()
    assert [(m.kind, m.samples, m.rate) for m in inbox] == [("voice", None, 0)] * 2


def test_the_inbox_grows_and_what_was_read_stays_the_same(world):
    contact = world.service.account("contact")
    world.service.account("driver").send_voice("contact", np.zeros(1600, np.int16), 16_000)
    first = contact.inbox()
    world.service.account("driver").send_text("contact", "second")
    assert contact.inbox()[0] is first[0]
    assert [m.kind for m in contact.inbox()] == ["voice", "text"]
    assert len(first) == 1


def test_message_ids_do_not_tell_their_sender(world):
    world.service.account("driver").send_text("contact", "hi")
    assert "driver" not in world.service.account("contact").inbox()[0].id


def test_muting_and_unread_are_the_accounts_own(world):
    world.log_in()
    driver, contact, unit = world.service.account("driver"), world.service.account("contact"), world.units[0]
    driver.mute("contact")
    contact.send_text("driver", "psst")
    world.later(1 * S)
    (event,) = unit.of(MessageArrived)
    assert event.muted
    assert driver.unread() == 1
    unit.ask("mark_played", unit.token, event.message.id)
    assert driver.unread() == 0


def test_a_unit_that_stops_listening_is_not_told_what_was_under_way(world):
    world.log_in()
    heard: list[object] = []
    stop = world.units[0].client.on_push(heard.append)
    world.service.account("contact").send_text("driver", "hi")
    stop()
    world.later(1 * S)
    assert heard == []
    assert len(world.units[0].of(MessageArrived)) == 1


def test_a_unit_can_ask_only_what_units_ask(world):
    with pytest.raises(HarnessError, match="new_code"):
        world.units[0].client.call("add_account", "me", answer=print, failed=print)


def test_unknown_people_are_a_misuse(world):
    for ask in (world.service.phone, world.service.account):
        with pytest.raises(HarnessError, match="driver"):
            ask("drivr")
    with pytest.raises(HarnessError, match="unknown_receiver"):
        world.service.account("driver").send_text("nobody", "hi")


def test_a_closed_service_closes_its_people_and_does_nothing_more(world):
    phone = world.service.phone("driver")
    world.units[0].code()
    world.service.close()
    world.service.close()
    with pytest.raises(HarnessError):
        phone.scan("x")
    world.later(400 * S)
    assert world.units[0].of(CodeExpired) == []
    assert world.service.seen_to() == world.clock.now()


def test_a_closed_account_sends_nothing_and_can_be_read(world):
    account = world.service.account("driver")
    account.close()
    with pytest.raises(HarnessError):
        account.send_text("contact", "hi")
    assert account.inbox() == ()
