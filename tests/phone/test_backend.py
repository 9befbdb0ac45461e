"""The messaging service's core: login, sessions, messages, and what units are told."""

from __future__ import annotations

from random import Random

import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.units import S
from harness.phone.backend import Backend
from harness.phone.events import (
    CallArrived,
    CodeConfirmed,
    CodeExpired,
    CodeRefused,
    CodeScanned,
    CodeTimedOut,
    Contact,
    MessageArrived,
    SessionRevoked,
)
from harness.phone.messages import Voice


@pytest.fixture
def backend() -> Backend:
    service = Backend(Random(3))
    for name in ("driver", "contact", "stranger"):
        service.add_account(name, name.title())
    service.befriend("driver", "contact")
    for serial in ("HU-1", "HU-2"):
        service.register_unit(serial, "key", 0)
    return service


def log_in(backend: Backend, account: str = "driver", serial: str = "HU-1", now: int = 0) -> str:
    code = backend.new_code(serial, now)
    assert backend.scan(account, code, now) == "accepted"
    assert backend.confirm(account, code, now) == "accepted"
    session = backend.active_session(account)
    assert session is not None
    return session.token


def told(backend: Backend, serial: str = "HU-1") -> list:
    events: list = []
    backend.on_push(serial, events.append)
    return events


def test_a_unit_follows_its_login_step_by_step(backend):
    events = told(backend)
    code = backend.new_code("HU-1", 0)
    backend.scan("driver", code, 1 * S)
    assert events == [CodeScanned(code, 61 * S)]
    backend.confirm("driver", code, 2 * S)
    token = backend.active_session("driver").token
    assert events[1:] == [CodeConfirmed(code, token, "driver", "Driver", (Contact("contact", "Contact"),))]


def test_only_the_unit_that_shows_the_code_is_told(backend):
    others = told(backend, "HU-2")
    log_in(backend)
    assert others == []


def test_refusing_tells_the_unit(backend):
    events = told(backend)
    code = backend.new_code("HU-1", 0)
    backend.scan("driver", code, 0)
    assert backend.refuse("driver", code, 1 * S) == "accepted"
    assert events[-1] == CodeRefused(code)
    assert backend.confirm("driver", code, 2 * S) == "refused"
    assert backend.session_log("driver") == ()


def test_scanning_and_never_confirming_tells_the_unit_after_60_seconds(backend):
    events = told(backend)
    code = backend.new_code("HU-1", 0)
    backend.scan("driver", code, 10 * S)
    assert backend.advance(20 * S) == 70 * S
    assert backend.advance(70 * S - 1) == 70 * S
    assert events[1:] == []
    assert backend.advance(70 * S) is None
    assert events[1:] == [CodeTimedOut(code)]
    assert backend.confirm("driver", code, 71 * S) == "expired"


def test_a_code_nobody_scanned_ends_after_300_seconds(backend):
    events = told(backend)
    code = backend.new_code("HU-1", 5 * S)
    assert backend.advance(5 * S) == 305 * S
    assert backend.scan("driver", code, 305 * S) == "expired"
    assert events == [CodeExpired(code)]


def test_a_login_elsewhere_revokes_the_first_session_and_says_so_to_its_unit(backend):
    first = log_in(backend)
    events = told(backend)
    second = log_in(backend, serial="HU-2", now=9 * S)
    assert events == [SessionRevoked(first)]
    assert backend.session(first, 9 * S) is None
    assert backend.session(second, 9 * S).account == "driver"
    log = [(e.what, e.serial, e.at) for e in backend.session_log("driver")]
    assert log == [("opened", "HU-1", 0), ("revoked", "HU-1", 9 * S), ("opened", "HU-2", 9 * S)]


def test_the_next_driver_of_a_unit_ends_the_last_ones_session(backend):
    first = log_in(backend)
    events = told(backend)
    log_in(backend, "stranger", now=9 * S)
    assert backend.session(first, 9 * S) is None
    assert [type(e) for e in events] == [CodeScanned, CodeConfirmed]
    assert [e.what for e in backend.session_log("driver")] == ["opened", "revoked"]


def test_a_login_leaves_no_other_code_of_the_unit_valid(backend):
    forgotten = backend.new_code("HU-1", 0)
    elsewhere = backend.new_code("HU-2", 0)
    token = log_in(backend)
    assert backend.scan("stranger", forgotten, 1) == "expired"
    assert backend.scan("stranger", elsewhere, 1) == "accepted"
    assert backend.session(token, 2).account == "driver"


def test_closing_may_be_repeated_and_ends_all_rights(backend):
    token = log_in(backend)
    assert backend.close_session(token, 1) == "accepted"
    assert backend.close_session(token, 2) == "duplicate"
    assert backend.close_session("no such token", 2) == "invalid_session"
    assert backend.send(token, "contact", "text", "hi", "1", 3) == "invalid_session"
    assert backend.fetch(token, 3) is None
    assert backend.mark_played(token, "1", 3) == "invalid_session"
    assert [e.what for e in backend.session_log("driver")] == ["opened", "closed"]


def test_a_message_sent_again_is_delivered_once(backend):
    token = log_in(backend)
    voice = Voice(b"...", "opus", 1 * S)
    answers = [backend.send(token, "contact", "voice", voice, "u1", t) for t in (1, 2, 3)]
    assert answers == ["accepted", "duplicate", "duplicate"]
    (message,) = backend.inbox("contact")
    assert (message.sender, message.kind, message.payload, message.at) == ("driver", "voice", voice, 1)


def test_a_message_sent_again_after_a_new_login_is_still_the_same(backend):
    token = log_in(backend)
    backend.send(token, "contact", "text", "hi", "u1", 1)
    token = log_in(backend, now=2)
    assert backend.send(token, "contact", "text", "hi", "u1", 3) == "duplicate"
    assert len(backend.inbox("contact")) == 1


def test_an_unknown_receiver_gets_nothing_and_the_id_stays_free(backend):
    token = log_in(backend)
    assert backend.send(token, "nobody", "text", "hi", "u1", 1) == "unknown_receiver"
    assert backend.send(token, "contact", "text", "hi", "u1", 2) == "accepted"


def test_messages_reach_the_unit_with_name_mute_and_count(backend):
    token = log_in(backend)
    events = told(backend)
    backend.mute("driver", "stranger")
    backend.account_send("contact", "driver", "text", "one", "m1", 1)
    backend.account_send("stranger", "driver", "text", "two", "m2", 2)
    backend.mute("driver", "stranger", on=False)
    backend.account_send("stranger", "driver", "text", "three", "m3", 3)
    assert all(isinstance(e, MessageArrived) and e.token == token for e in events)
    assert [(e.message.payload, e.sender_name, e.muted, e.unread) for e in events] == [
        ("one", "Contact", False, 1),
        ("two", "Stranger", True, 2),
        ("three", "Stranger", False, 3),
    ]


def test_what_came_while_logged_out_is_fetched_oldest_first(backend):
    events = told(backend)
    for n in range(3):
        backend.account_send("contact", "driver", "text", str(n), f"m{n}", n)
    assert events == []
    token = log_in(backend, now=10)
    backend.mark_played(token, "m1", 11)
    assert [told.message.id for told in backend.fetch(token, 12)] == ["m0", "m2"]
    assert [m.id for m in backend.unread("driver")] == ["m0", "m2"]


@pytest.mark.parametrize(("kind", "video"), [("voice_call", False), ("video_call", True)])
def test_calls_ring_and_are_no_messages(backend, kind, video):
    token = log_in(backend)
    events = told(backend)
    backend.account_send("contact", "driver", kind, "", "m1", 1)
    assert events == [CallArrived(token, "m1", "contact", "Contact", video)]
    assert backend.fetch(token, 2) == ()


def test_a_unit_that_is_not_registered_gets_no_code(backend):
    assert backend.new_code("HU-9", 0) == ""
    assert backend.register_unit("HU-1", "another key", 0) == "refused"
    assert backend.register_unit("HU-1", "key", 0) == "accepted"


def test_who_stops_listening_is_told_nothing(backend):
    events: list = []
    stop = backend.on_push("HU-1", events.append)
    stop()
    stop()
    log_in(backend)
    assert events == []


def test_time_does_not_go_back(backend):
    backend.advance(10)
    with pytest.raises(HarnessError, match="go back"):
        backend.advance(9)


def test_misuse_by_the_program_is_named(backend):
    with pytest.raises(HarnessError, match="driver"):
        backend.scan("drivr", "code", 0)
    with pytest.raises(HarnessError, match="red_envelope"):
        backend.account_send("driver", "contact", "redenvelope", "", "m1", 0)
    with pytest.raises(HarnessError, match="carry"):
        backend.account_send("driver", "contact", "voice", "text", "m1", 0)
    with pytest.raises(HarnessError, match="already"):
        backend.add_account("driver")
