"""Calls at the service: who rings whom, who takes it, when it is over, and what each ear gets."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, S
from harness.network.port import Link
from harness.phone.calls import LOST, RINGS, Call, CallBook
from harness.phone.events import CallArrived, CallEnded
from harness.phone.voice_link import PACKET, RATE, SAMPLES, Heard, index_at, packets


def call(name="c1", caller="a", callee="b", media="voice", began=0, **more):
    return Call(name, caller, callee, media, began, **more)


def told(book, account):
    return [(entry.what, entry.media) for entry in book.log(account)]


def test_a_call_rings_is_answered_and_ends_for_both():
    book = CallBook()
    assert book.place(call(), 0) == "accepted"
    assert book.answer("c1", "voice", 1) == "accepted"
    assert book.end("c1", "ended", 2) is not None
    assert told(book, "a") == told(book, "b") == [("rings", "voice"), ("answered", "voice"), ("ended", "voice")]
    assert book.of("a") is None


@pytest.mark.parametrize(("meant", "taken", "media"), [
    ("video", "voice", "voice"), ("video", "video", "video"), ("voice", "video", "voice"),
])  # fmt: skip
def test_a_call_carries_a_picture_only_when_both_sides_mean_it(meant, taken, media):
    book = CallBook()
    book.place(call(media=meant), 0)
    book.answer("c1", taken, 1)
    assert book.log("a")[-1].media == media


@pytest.mark.parametrize("said", [None, "", "picture"])
def test_who_does_not_say_what_a_call_is_to_carry_has_not_answered_it(said):
    book = CallBook()
    book.place(call(), 0)
    assert book.answer("c1", said, 1) == "bad_media"
    assert book.answer("c1", "voice", 2) == "accepted"


def test_who_has_a_call_is_busy_and_hears_nothing_of_the_other():
    book = CallBook()
    book.place(call(), 0)
    assert book.place(call("c2", "c", "b"), 1) == "busy"
    assert told(book, "c") == [("busy", "voice")]
    assert len(book.log("b")) == 1
    assert book.answer("c2", "voice", 2) == "unknown"


def test_a_name_is_used_once_and_what_is_over_stays_over():
    book = CallBook()
    book.place(call(), 0)
    assert book.place(call(), 1) == "duplicate"
    book.end("c1", "ended", 2)
    assert book.end("c1", "ended", 3) is None
    assert book.answer("c1", "voice", 3) == "unknown"


def test_nobody_answers_a_minute_long():
    book = CallBook()
    book.place(call(began=5), 5)
    assert book.next_end() == 5 + RINGS
    assert book.time_out(4 + RINGS) == []
    assert [c.id for c in book.time_out(5 + RINGS)] == ["c1"]
    assert told(book, "b")[-1] == ("missed", "voice")
    assert book.next_end() is None


def test_a_side_that_gave_signs_of_life_and_stops_is_lost():
    book = CallBook()
    book.place(call(), 0)
    book.answer("c1", "voice", 1)
    assert book.next_end() is None
    book.get("c1").alive = 7
    assert book.time_out(6 + LOST) == []
    assert book.time_out(7 + LOST)[0].id == "c1"
    assert told(book, "a")[-1] == ("lost", "voice")


def test_a_unit_is_rung_takes_the_call_and_hears_that_it_is_over(world):
    world.log_in()
    unit, contact = world.units[0], world.service.account("contact")
    contact.call("driver", video=True)
    world.later(S)
    (rung,) = unit.of(CallArrived)
    assert rung.video
    assert unit.ask("answer_call", unit.token, rung.call_id, "voice") == "accepted"
    assert unit.ask("answer_call", unit.token, rung.call_id, "voice") == "duplicate"
    contact.hang_up()
    world.later(S)
    assert [(e.call_id, e.why) for e in unit.of(CallEnded)] == [(rung.call_id, "ended")]
    heard = [(e.what, e.media) for e in contact.calls()]
    assert heard == [("rings", "video"), ("answered", "voice"), ("ended", "voice")]


def test_a_unit_can_hang_up_when_its_session_is_over(world):
    world.log_in()
    unit, contact = world.units[0], world.service.account("contact")
    contact.call("driver")
    world.later(S)
    (rung,) = unit.of(CallArrived)
    unit.ask("answer_call", unit.token, rung.call_id, "voice")
    unit.ask("close_session", unit.token)
    assert contact.calls()[-1].what == "answered"
    assert unit.ask("end_call", unit.token, rung.call_id) == "accepted"
    assert contact.calls()[-1].what == "ended"


def test_a_stranger_cannot_touch_a_call(world):
    world.log_in()
    world.log_in("stranger", 1)
    world.service.account("contact").call("driver")
    world.later(S)
    (rung,) = world.units[0].of(CallArrived)
    other = world.units[1]
    assert other.ask("answer_call", other.token, rung.call_id, "voice") == "unknown"
    assert other.ask("end_call", other.token, rung.call_id) == "unknown"
    assert world.service.backend.account_hangs_up("stranger", rung.call_id, world.clock.now()) == "unknown"


def test_nobody_hangs_up_what_is_not_there(world):
    with pytest.raises(HarnessError, match="no call"):
        world.service.account("contact").hang_up()


def tone(count):
    return (8000 * np.sin(np.arange(count) * 0.05)).astype(np.int16)


def between_phones(world, delay=0):
    contact, other = world.service.account("contact"), world.service.account("stranger")
    if delay:
        world.units[0].network.link(Link(delay=delay))
        other.joins_network()
    contact.call("stranger")
    other.answer()
    return contact, other


def test_an_ear_hears_a_packet_after_it_was_spoken(world):
    contact, other = between_phones(world)
    said = tone(SAMPLES * 10)
    at = world.clock.now() + 3 * MS
    contact.speak(said, RATE, at)
    world.later(S)
    heard, rate = other.ear(at + PACKET, at + 11 * PACKET)
    assert rate == RATE
    assert np.array_equal(heard, said)
    assert not other.ear(0, at + PACKET)[0].any()
    assert not contact.ear(0, world.clock.now())[0].any()


def test_a_phone_on_the_cars_network_hears_later_by_its_delay(world):
    world.service.unit_link(world.units[0].far, "HU-1")
    contact, other = between_phones(world, 45 * MS)
    said = tone(SAMPLES * 10)
    at = world.clock.now()
    contact.speak(said, RATE, at)
    world.later(S)
    late = other.ear(at + PACKET + 45 * MS, at + 11 * PACKET + 45 * MS)[0]
    assert np.array_equal(late, said)


def test_packets_are_lost_with_the_link_and_nothing_comes_late(world):
    contact, other = between_phones(world, 20 * MS)
    at = world.clock.now()
    contact.speak(tone(SAMPLES * 50), RATE, at)
    world.later(300 * MS)
    world.units[0].network.link(Link(up=False))
    world.later(300 * MS)
    world.units[0].network.link(Link(delay=20 * MS))
    world.later(2 * S)
    heard = other.ear(at, at + 2 * S)[0]
    hole = heard[index_at(400 * MS) : index_at(550 * MS)]
    assert not hole.any()
    assert heard[: index_at(300 * MS)].any()
    assert heard[index_at(700 * MS) : index_at(900 * MS)].any()


def test_nobody_hears_what_is_said_before_the_call_is_taken(world):
    contact, other = world.service.account("contact"), world.service.account("stranger")
    contact.call("stranger")
    contact.speak(tone(SAMPLES * 5), RATE, world.clock.now())
    world.later(S)
    assert not other.ear(0, world.clock.now())[0].any()


def test_packets_of_another_rate_last_as_long():
    cut = packets(tone(16_000), 16_000)
    assert {len(packet) for packet in cut} == {SAMPLES}
    assert len(cut) == 50


def test_what_arrives_too_early_waits_for_the_one_before():
    ear = Heard()
    one, two = np.full(SAMPLES, 1, np.int16), np.full(SAMPLES, 2, np.int16)
    ear.take(one, 100 * MS)
    ear.take(two, 105 * MS)
    heard = ear.between(100 * MS, 140 * MS)
    assert np.array_equal(heard, np.concatenate([one, two]))
    assert np.array_equal(ear.between(110 * MS, 130 * MS), heard[SAMPLES // 2 : SAMPLES // 2 * 3])
