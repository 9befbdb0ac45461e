"""What every driver of phones and accounts must keep.

Use: make a class of tests that inherits ``PhoneContract`` beside a pytest fixture ``ends`` that returns
``PhoneEnds``. The far end stands for a unit: it gets login codes, and writes as whoever is logged in. ``patience`` is
how long the service may take to deliver, as the driver declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns, S
from harness.phone.port import AccountPort, PhonePort


class FarEnd(Protocol):
    """A unit at the service."""

    serial: str

    def code(self) -> str:
        """The text of a fresh login code."""
        ...

    def logged_in(self) -> bool: ...

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> None: ...


@dataclass(frozen=True)
class PhoneEnds:
    """The clock; the driver's phone and account; the contact's; two units."""

    clock: Clock
    phone: PhonePort
    account: AccountPort
    contact_phone: PhonePort
    contact: AccountPort
    unit: FarEnd
    other_unit: FarEnd
    patience: Ns = 1 * S


def speech(seconds: float, rate: int, seed: int = 1) -> NDArray[np.int16]:
    """Noise in the band and with the pauses of speech."""
    count = int(seconds * rate)
    window = np.hanning(rate // 1000)
    noise = np.convolve(np.random.default_rng(seed).normal(size=count), window / window.sum(), "same")
    syllables = np.clip(np.sin(np.arange(count) * 2 * np.pi * 4 / rate) + 0.4, 0, None)
    shaped = noise * syllables
    scaled: NDArray[np.int16] = np.rint(shaped / np.abs(shaped).max() * 12_000).astype(np.int16)
    return scaled


def _calling(account: Any) -> Any:
    """A ``CallPort``, and a ``VoicePort`` where there is one; skips where the driver cannot call."""
    if not hasattr(account, "calls"):
        pytest.skip("this driver cannot call")
    return account


class PhoneContract:
    def test_scan_and_confirm_opens_a_session(self, ends: PhoneEnds) -> None:
        assert ends.phone.scan(ends.unit.code()).outcome == "accepted"
        assert not ends.unit.logged_in()
        assert ends.phone.confirm().outcome == "accepted"
        self._pass(ends)
        assert ends.unit.logged_in()
        assert [(s.what, s.unit) for s in ends.account.sessions()] == [("opened", ends.unit.serial)]

    def test_a_code_works_once(self, ends: PhoneEnds) -> None:
        code = ends.unit.code()
        assert ends.phone.scan(code).outcome == "accepted"
        assert ends.contact_phone.scan(code).outcome == "used"
        assert ends.contact_phone.confirm().outcome != "accepted"
        assert ends.phone.confirm().outcome == "accepted"
        self._pass(ends)
        assert ends.phone.scan(code).outcome != "accepted"
        assert len(ends.account.sessions()) == 1
        assert len(ends.contact.sessions()) == 0

    def test_refusing_opens_nothing(self, ends: PhoneEnds) -> None:
        ends.phone.scan(ends.unit.code())
        assert ends.phone.refuse().outcome == "accepted"
        assert ends.phone.confirm().outcome != "accepted"
        self._pass(ends)
        assert not ends.unit.logged_in()
        assert ends.account.sessions() == ()

    def test_what_no_service_made_is_unknown(self, ends: PhoneEnds) -> None:
        assert ends.phone.scan("https://login.example.invalid/c/AAAAAAAAAAAAAAAAAAAAAAAAAA").outcome == "unknown"

    def test_confirming_without_scanning_is_a_misuse(self, ends: PhoneEnds) -> None:
        with pytest.raises(HarnessError):
            ends.phone.confirm()

    def test_logging_in_elsewhere_ends_the_first_session(self, ends: PhoneEnds) -> None:
        for unit in (ends.unit, ends.other_unit):
            ends.phone.scan(unit.code())
            ends.phone.confirm()
            self._pass(ends)
        assert not ends.unit.logged_in()
        assert ends.other_unit.logged_in()
        events = [(s.what, s.unit) for s in ends.account.sessions()]
        assert sorted(events[1:]) == [("opened", ends.other_unit.serial), ("revoked", ends.unit.serial)]

    def test_text_arrives_as_it_is_once_and_in_order(self, ends: PhoneEnds) -> None:
        before = ends.clock.now()
        words = ["早上好", "I am late", "🚗 \U0001f600"]
        for word in words:
            ends.contact.send_text(ends.account.name, word)
        self._pass(ends)
        inbox = ends.account.inbox()
        assert [(m.kind, m.text, m.sender) for m in inbox] == [("text", w, ends.contact.name) for w in words]
        assert len({m.id for m in inbox}) == 3
        assert all(m.stamp.early <= m.stamp.t <= m.stamp.late and m.stamp.late >= before for m in inbox)
        assert ends.contact.inbox() == ()

    def test_other_kinds_keep_their_kind(self, ends: PhoneEnds) -> None:
        kinds = ["picture", "red_envelope", "transfer", "link", "location"]
        for kind in kinds:
            ends.contact.send_text(ends.account.name, f"a {kind}", kind)
        self._pass(ends)
        assert [(m.kind, m.text) for m in ends.account.inbox()] == [(k, f"a {k}") for k in kinds]

    def test_voice_arrives_whole_and_in_place(self, ends: PhoneEnds) -> None:
        said = speech(1.5, 16_000)
        ends.contact.send_voice(ends.account.name, said, 16_000)
        self._pass(ends)
        self._is_heard(said, 16_000, ends.account)

    def test_voice_of_the_unit_arrives_whole_and_in_place(self, ends: PhoneEnds) -> None:
        ends.phone.scan(ends.unit.code())
        ends.phone.confirm()
        self._pass(ends)
        said = speech(1.5, 16_000, seed=2)
        ends.unit.send_voice(ends.contact.name, said, 16_000)
        self._pass(ends)
        self._is_heard(said, 16_000, ends.contact)

    # What a driver may lack: it has no such method then, and these are skipped.

    def test_a_call_rings_and_is_given_up(self, ends: PhoneEnds) -> None:
        caller, called = _calling(ends.contact), _calling(ends.account)
        before = caller.call(ends.account.name, video=True)
        self._pass(ends)
        assert [(e.what, e.media) for e in called.calls()] == [("rings", "video")]
        assert called.calls() == caller.calls()
        assert all(e.stamp.late >= before.early for e in caller.calls())
        caller.hang_up()
        self._pass(ends)
        assert [e.what for e in caller.calls()] == ["rings", "refused"]
        with pytest.raises(HarnessError):
            caller.hang_up()

    def test_a_call_is_answered_as_voice_and_ended(self, ends: PhoneEnds) -> None:
        caller, called = _calling(ends.contact), _calling(ends.account)
        caller.call(ends.account.name, video=True)
        self._pass(ends)
        called.answer()
        self._pass(ends)
        called.hang_up()
        self._pass(ends)
        told = [("rings", "video"), ("answered", "voice"), ("ended", "voice")]
        assert [(e.what, e.media) for e in caller.calls()] == told
        assert len({e.call for e in caller.calls()}) == 1

    def test_what_is_not_played_is_counted(self, ends: PhoneEnds) -> None:
        account = _calling(ends.account)
        for word in ("one", "two"):
            ends.contact.send_text(ends.account.name, word)
            self._pass(ends)
        assert [entry.count for entry in account.unread_log()] == [1, 2]

    def test_a_voice_reaches_the_other_ear(self, ends: PhoneEnds) -> None:
        caller, called = _calling(ends.contact), _calling(ends.account)
        if not hasattr(caller, "speak"):
            pytest.skip("this driver does not carry the voice of a call")
        caller.call(ends.account.name)
        self._pass(ends)
        called.answer()
        said, began = speech(1.0, 48_000, seed=3), ends.clock.now() + 10 * MS
        caller.speak(said, 48_000, began)
        self._pass(ends)
        self._pass(ends)
        heard, rate = called.ear(began, ends.clock.now())
        assert rate == 48_000
        scores = correlate(heard.astype(float), said.astype(float), "valid", "fft")
        assert scores.max() / (np.linalg.norm(said.astype(float)) ** 2) > 0.95

    def test_the_watermark_follows_time(self, ends: PhoneEnds) -> None:
        first = (ends.phone.seen_to(), ends.account.seen_to())
        self._pass(ends)
        assert first[0] < ends.phone.seen_to() <= ends.clock.now()
        assert first[1] < ends.account.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless(self, ends: PhoneEnds) -> None:
        for port in (ends.phone, ends.account):
            port.close()
            port.close()

    def _is_heard(self, said: NDArray[np.int16], rate: int, account: AccountPort) -> None:
        (message,) = account.inbox()
        assert message.kind == "voice"
        assert message.samples is not None
        assert message.samples.dtype == np.int16
        heard = message.samples.astype(float)
        assert len(heard) / message.rate == pytest.approx(len(said) / rate, abs=0.001)
        if message.rate == rate:
            scores = correlate(heard, said.astype(float), "same", "fft")
            assert abs(int(np.argmax(scores)) - len(heard) // 2) / rate < 0.001
            assert scores.max() / (np.linalg.norm(heard) * np.linalg.norm(said.astype(float))) > 0.6

    def _pass(self, ends: PhoneEnds) -> None:
        """Let the service's patience pass."""
        goal = ends.clock.now() + ends.patience
        ends.clock.run_until(goal)
        for _ in range(50):
            if min(ends.phone.seen_to(), ends.account.seen_to(), ends.contact.seen_to()) >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"a watermark stalls before {goal} ns")
