"""Phones worked by a dialog file: the phone contract as far as a screen can tell, on the demonstration app."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from harness.contracts.phone import PhoneContract, PhoneEnds, speech
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.units import MS, S
from harness.phone.android import picture_of

CODE = "https://login.example.invalid/c/AAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def ends(street: Any) -> PhoneEnds:
    rig = street.open()
    return PhoneEnds(
        street.clock, rig.phone("acct-driver"), rig.account("acct-driver"), rig.phone("acct-contact"),
        rig.account("acct-contact"), street.cars[0], street.cars[1], patience=500 * MS,
    )  # fmt: skip


class TestAndroidPhone(PhoneContract):
    """What a screen cannot tell (sessions, the sound of voice) is not offered; the rest of those tests is kept."""

    def test_scan_and_confirm_opens_a_session(self, ends: PhoneEnds) -> None:
        assert ends.phone.scan(ends.unit.code()).outcome == "accepted"
        assert not ends.unit.logged_in()
        answer = ends.phone.confirm()
        assert answer.outcome == "accepted"
        assert ends.unit.logged_in()
        with pytest.raises(NotOffered, match="sessions"):
            ends.account.sessions()

    def test_a_code_works_once(self, ends: PhoneEnds) -> None:
        code = ends.unit.code()
        assert ends.phone.scan(code).outcome == "accepted"
        assert ends.contact_phone.scan(code).outcome == "used"
        assert ends.contact_phone.confirm().outcome != "accepted"
        assert ends.phone.confirm().outcome == "accepted"
        assert ends.phone.scan(code).outcome != "accepted"

    def test_refusing_opens_nothing(self, ends: PhoneEnds) -> None:
        ends.phone.scan(ends.unit.code())
        assert ends.phone.refuse().outcome == "accepted"
        assert ends.phone.confirm().outcome != "accepted"
        assert not ends.unit.logged_in()

    def test_logging_in_elsewhere_ends_the_first_session(self, ends: PhoneEnds) -> None:
        for unit in (ends.unit, ends.other_unit):
            ends.phone.scan(unit.code())
            ends.phone.confirm()
        assert not ends.unit.logged_in()
        assert ends.other_unit.logged_in()

    def test_text_arrives_as_it_is_once_and_in_order(self, street: Any) -> None:  # type: ignore[override]
        """With uiautomator2, which types any text."""
        rig = street.open(dump=False)
        before = street.clock.now()
        driver, contact = rig.account("acct-driver"), rig.account("acct-contact")
        words = ["早上好", "I am late", "🚗 \U0001f600"]
        for word in words:
            sent = contact.send_text("acct-driver", word)
            assert before <= sent.early <= sent.t <= sent.late <= street.clock.now()
        street.wait(lambda: len(driver.inbox()) == 3)
        inbox = driver.inbox()
        assert [(m.kind, m.text, m.sender) for m in inbox] == [("text", w, "acct-contact") for w in words]
        assert len({m.id for m in inbox}) == 3
        assert all(m.stamp.early <= m.stamp.t <= m.stamp.late and m.stamp.late >= before for m in inbox)
        assert contact.inbox() == ()

    def test_other_kinds_keep_their_kind(self, ends: PhoneEnds, street: Any) -> None:  # type: ignore[override]
        """They are seen; sending them needs an action that the demonstration's dialog does not have."""
        kinds = ["picture", "red_envelope", "transfer", "link", "location"]
        for kind in kinds:
            street.service.send("Wang Fang", "Lin Yue", kind, f"a {kind}")
        street.wait(lambda: len(ends.account.inbox()) == 5)
        assert [(m.kind, m.text) for m in ends.account.inbox()] == [(k, f"a {k}") for k in kinds]
        with pytest.raises(NotOffered, match="send_picture"):
            ends.contact.send_text("acct-driver", "x", "picture")

    def test_voice_arrives_whole_and_in_place(self, ends: PhoneEnds) -> None:
        with pytest.raises(NotOffered, match="'mouth' in the rig file"):
            ends.contact.send_voice("acct-driver", speech(0.5, 16_000), 16_000)

    def test_voice_of_the_unit_arrives_whole_and_in_place(self, ends: PhoneEnds, street: Any) -> None:  # type: ignore[override]
        from harness.phone.messages import Voice

        street.service.send("Lin Yue", "Wang Fang", "voice", Voice(b"?", "unknown", S))
        street.wait(lambda: ends.contact.inbox())
        (message,) = ends.contact.inbox()
        assert (message.kind, message.samples, message.text, message.sender) == ("voice", None, "", "acct-driver")


def test_stamps_run_from_before_the_tap_to_after_the_answer_was_seen(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    before = street.clock.now()
    scan = phone.scan(street.cars[0].code())
    between = street.clock.now()
    confirm = phone.confirm()
    assert before < scan.stamp.early <= scan.stamp.t <= scan.stamp.late <= between
    assert between <= confirm.stamp.early <= confirm.stamp.t <= confirm.stamp.late <= street.clock.now()


def test_a_code_is_scanned_and_confirmed_by_uiautomator2(street: Any) -> None:
    rig = street.open(dump=False)
    phone = rig.phone("acct-driver")
    assert phone.scan(CODE).outcome == "unknown"
    assert phone.scan(street.cars[0].code()).outcome == "accepted"
    assert phone.confirm().outcome == "accepted"
    assert street.cars[0].logged_in()
    assert not [asked for asked in street.phones[0].shell.asked if asked.startswith("uiautomator")]
    assert 9008 in street.phones[0].ports
    rig.close()
    street.wait(lambda: 9008 not in street.phones[0].ports)


def test_time_passes_while_a_phone_is_worked(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(street.clock.now())
        street.clock.at(street.clock.now() + 10 * MS, tick, name="tick")

    street.clock.at(street.clock.now(), tick, name="tick")
    phone.scan(street.cars[0].code())
    assert len(ticks) > 5
    assert max(b - a for a, b in itertools.pairwise(ticks)) < 300 * MS


@pytest.mark.parametrize("outcome", ["expired", "offline", "refused"])
def test_what_the_app_answers_is_the_outcome(street: Any, outcome: str) -> None:
    phone = street.open().phone("acct-driver")
    code = street.cars[0].code()
    if outcome == "expired":
        street.cars[0].token = ""
        street.service.now = lambda: street.clock.now() + 301 * S
    if outcome == "offline":
        street.apps[0].online = False
    if outcome == "refused":
        phone.scan(code)
        phone.refuse()
    assert phone.scan(code).outcome == outcome


def test_the_code_goes_as_a_picture_that_is_taken_away_again_and_its_name_tells_nothing(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    code = street.cars[0].code()
    phone.scan(code)
    secret = code.rpartition("/")[2]
    assert not [path for path in street.phones[0].files.content if path.endswith(".png")]
    assert not [asked for asked in street.phones[0].shell.asked if secret in asked]
    assert not [request for request in street.server.requests if secret in request]
    assert picture_of(code).startswith(b"\x89PNG")


def test_an_app_that_was_updated_is_a_fault_of_the_dialog_and_no_text_of_the_screen_is_told(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    street.apps[0].words = {"Scan": "Scan QR"}
    with pytest.raises(RigFault, match=r"step 3 of 'scan'.*Has the app been updated") as told:
        phone.scan(CODE)
    assert "Lin Yue" not in str(told.value)


def test_an_app_that_is_not_there_is_told(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    steps = phone._service.dialog.actions["scan"].steps
    steps[1] = steps[1].model_copy(update={"launch": "com.example.other/.Main"})
    with pytest.raises(RigFault, match=r"step 2 of 'scan'.*does not exist.*Is the app of the dialog there"):
        phone.scan(CODE)


def test_an_answer_that_the_dialog_does_not_know_is_a_fault(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    street.apps[0].words = {"This is no login code": "Something else"}
    phone._service.dialog.actions["scan"] = phone._service.dialog.actions["scan"].model_copy(update={"within": 50 * MS})
    with pytest.raises(RigFault, match="none of the outcomes of 'scan' came"):
        phone.scan(CODE)


def test_a_login_is_counted_before_it_is_done_and_the_budget_holds(street: Any) -> None:
    rig = street.open(budget=1)
    phone = rig.phone("acct-driver")
    phone.scan(street.cars[0].code())
    phone.confirm()
    assert street.cars[0].logged_in()
    phone.scan(street.cars[1].code())
    with pytest.raises(RigFault, match="used up until 2026-05-06T12:00"):
        phone.confirm()
    assert not street.cars[1].logged_in()
    rig.close()
    with pytest.raises(RigFault, match="used up until"):
        street.open(budget=1).phone("acct-driver").scan(CODE)


def test_a_phone_that_goes_in_the_middle_is_a_fault(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    phone.scan(street.cars[0].code())
    street.server.set_state("PHONE1", "offline")
    with pytest.raises(RigFault, match=r"PHONE1.*offline"):
        phone.confirm()
    street.server.set_state("PHONE1", "device")
    assert phone.confirm().outcome == "accepted"


def test_a_full_phone_takes_no_picture_and_says_so(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    street.phones[0].files.full = True
    with pytest.raises(RigFault, match="PHONE1"):
        phone.scan(CODE)


def test_a_screen_that_never_rests_is_told_with_its_remedy(street: Any) -> None:
    phone = street.open().phone("acct-driver")
    street.phones[0].refuses_dump = "ERROR: could not get idle state."
    with pytest.raises(RigFault, match="eyes: uiautomator2"):
        phone.scan(CODE)


def test_another_reader_of_the_screen_is_told_with_its_remedy(street: Any) -> None:
    street.phones[0].shell.fails["CLASSPATH"] = "already registered!"
    with pytest.raises(RigFault, match="end other programs that read its screen"):
        street.open(dump=False).phone("acct-driver").scan(CODE)


def test_a_closed_phone_and_account_are_not_used(street: Any) -> None:
    rig = street.open()
    phone, account = rig.phone("acct-driver"), rig.account("acct-driver")
    rig.close()
    with pytest.raises(HarnessError):
        phone.scan(CODE)
    with pytest.raises(HarnessError):
        account.send_text("acct-contact", "x")


def test_who_has_no_phone_on_this_rig_is_not_offered_and_disturbs_nobody(street: Any) -> None:
    rig = street.open()
    phone, account = rig.phone("acct-other"), rig.account("acct-other")
    assert account.offered is False
    for use in (lambda: phone.scan(CODE), account.inbox, account.sessions, lambda: account.send_text("x", "y")):
        with pytest.raises(NotOffered, match="no phone for the role 'other'"):
            use()
    assert rig.phone("acct-driver").scan(street.cars[0].code()).outcome == "accepted"


def test_a_phone_that_no_scenario_uses_is_not_touched(street: Any) -> None:
    rig = street.open(budget=0)
    rig.phone("acct-driver").close()
    assert street.server.requests == []


def test_the_names_of_the_accounts_are_told_as_secrets(street: Any) -> None:
    assert [secret.value for secret in street.open().owners()] == ["Lin Yue", "Wang Fang"]
