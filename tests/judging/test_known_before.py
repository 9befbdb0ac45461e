"""What was there before a question's instant: it is taken once it is known, at the last instant and not earlier, and of
several things the last one counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging import absences, accounts, calls, foreground, pictures, seen, signals
from harness.judging.observation import Observation, Undecided
from harness.judging.queue import SETTLES, count_difference

APP, WHO = "head_unit.app", "driver"
AFTER = Stamp(5 * S, 5 * S - 30 * MS, 5 * S + 40 * MS)
WATCH = Limit("s", low=2.0)
SOON = Limit("s", high=2.0)


def front(tape: Any, view: str, t: Ns) -> None:
    tape.show(np.array(Image.open(tape.vehicle.screens[view]).convert("RGB")), t)


STAYS: dict[str, tuple[Callable[[], Observation], str, Ns]] = {
    "signals.stays": (
        lambda: signals.stays(APP, "idle", AFTER),
        "infotainment/HU_Status.AppState was None, not 'idle', before the watch began", AFTER.early,
    ),
    "session_stays": (
        lambda: accounts.session_stays(WHO, AFTER), "the session was never opened before", AFTER.early,
    ),
    "call_stays": (lambda: calls.call_stays(WHO, AFTER), "the call was never there before", AFTER.early),
    "seen.stays": (
        lambda: seen.stays(APP, "listening", AFTER), "the screen does not show head_unit.app 'listening' at 5.290 s",
        AFTER.late + seen.FOLLOWS,
    ),
    "seen.avoids": (
        lambda: seen.avoids(APP, "idle", AFTER), "the screen shows head_unit.app 'idle' at 0.000 s",
        AFTER.late + seen.FOLLOWS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STAYS)
def test_what_was_not_there_decides_as_soon_as_it_is_known(tape, name: str) -> None:
    ask, said, known = STAYS[name]
    front(tape, "home", 0)
    tape.clock.run_until(known - 1)
    assert isinstance(tape.ask(ask(), WATCH, 0), Undecided)
    tape.clock.run_until(known)
    found = tape.ask(ask(), WATCH, 0)
    assert isinstance(found, Measurement)
    assert (found.value.value, found.value.low, found.detail) == (0.0, 0.0, said)


def test_of_many_sessions_and_calls_before_the_last_one_counts(tape) -> None:
    for t, what in ((1, "opened"), (2, "closed"), (3, "opened"), (4, "revoked")):
        tape.session(WHO, what, t * S)
    tape.called(WHO, (1 * S, "rings"), (2 * S, "answered"), (3 * S, "ended"))
    tape.clock.run_until(20 * S)
    assert tape.ask(accounts.session_stays(WHO, AFTER), WATCH, 0).detail == "the session was revoked before"
    assert tape.ask(calls.call_stays(WHO, AFTER), WATCH, 0).detail == "the call was ended before"
    assert tape.ask(accounts.session_state(WHO, "opened", AFTER), WATCH, 0).value == (0.0, 0.0, 0.0)


def test_what_is_known_from_the_first_instant_on_counts(tape) -> None:
    tape.session(WHO, "opened", 0)
    tape.called(WHO, (0, "answered"))
    tape.clock.run_until(20 * S)
    assert tape.ask(accounts.session_stays(WHO, AFTER), WATCH, 0).value == (2.0, 2.0, 2.0)
    assert tape.ask(calls.call_stays(WHO, AFTER), WATCH, 0).value == (2.0, 2.0, 2.0)
    assert tape.ask(accounts.session_state(WHO, "opened", AFTER), WATCH, 0).value == (1.0, 1.0, 1.0)


def test_of_what_breaks_a_watch_the_first_counts_and_other_events_do_not(tape) -> None:
    tape.session(WHO, "opened", 1 * S)
    tape.session(WHO, "opened", 5500 * MS)
    tape.session(WHO, "revoked", 6 * S)
    tape.session(WHO, "closed", 6500 * MS)
    tape.called(WHO, (1 * S, "answered"), (5500 * MS, "rings"), (6 * S, "lost"), (6500 * MS, "ended"))
    tape.delivers(WHO, 6 * S, "text")
    tape.delivers(WHO, 6500 * MS)
    tape.clock.run_until(20 * S)
    for question in (accounts.session_stays(WHO, AFTER), calls.call_stays(WHO, AFTER),
                     accounts.nothing_arrives(WHO, AFTER)):  # fmt: skip
        assert tape.ask(question, WATCH, 0).value == (1.0, 0.96, 1.03)


@pytest.mark.parametrize("shown", [AFTER.early, AFTER.early + 1])
def test_a_code_that_was_in_front_as_the_instant_began_is_there_at_once(tape, shown: Ns) -> None:
    """A picture that came no later than the anchor's earliest instant was there before it."""
    from harness.headunit.render import Style, View, picture

    icons = tuple(sorted(tape.vehicle.screens.items()))
    tape.show(picture(View("code", code="weixin://HIL-0417-TEST"), Style(0, "zh", icons)), shown)
    front(tape, "playing", 9 * S)
    tape.clock.run_until(20 * S)
    there = shown == AFTER.early
    for question in (pictures.code_there(AFTER), seen.says("head_unit.session", "code_shown", AFTER)):
        found = tape.ask(question, SOON, 0)
        assert question.found == (AFTER if there else Stamp.exact(shown))
        assert found.value.value == (0.0 if there else pytest.approx((shown - AFTER.t) / S))
        assert found.refs == ({"track": "screen", "t": shown},)


def test_a_view_that_came_as_the_instant_began_is_in_front_of_it(tape) -> None:
    front(tape, "home", 0)
    front(tape, "listening", AFTER.early)
    front(tape, "home", AFTER.early + 10 * MS)
    tape.clock.run_until(20 * S)
    found = tape.ask(absences.leaves("listening", AFTER), SOON, 0)
    assert tuple(found.value) == pytest.approx((-0.02, -0.06, 0.01))
    assert tape.ask(pictures.shows("listening", AFTER), SOON, 0).value is None


def test_a_session_that_was_closed_after_messaging_had_gone_leaves_at_zero(tape) -> None:
    """What left before the instant has left at it; what left within its bounds is measured with them."""
    front(tape, "listening", 0)
    front(tape, "home", 4 * S)
    tape.clock.run_until(20 * S)
    assert tape.ask(foreground.messaging_leaves(AFTER), SOON, 0).value == (0.0, 0.0, 0.0)
    front(tape, "prompt", AFTER.t + 10 * MS)
    front(tape, "home", AFTER.t + 20 * MS)
    found = tape.ask(foreground.messaging_leaves(AFTER), SOON, 0)
    assert tuple(found.value) == pytest.approx((0.02, -0.02, 0.05))


UNREAD = "head_unit.unread"


def test_a_count_that_nobody_told_is_no_difference(tape) -> None:
    tape.counts(WHO, (1 * S, 2))
    tape.clock.run_until(20 * S)
    found = tape.ask(count_difference(UNREAD, WHO, AFTER), Limit("1", low=0.0, high=0.0), 0)
    assert (found.value, found.detail) == (None, "infotainment/HU_Status.UnreadCount says None")
    assert found.window == (AFTER.t, AFTER.late + SETTLES)


def test_an_account_that_never_held_a_message_holds_none(tape) -> None:
    tape.frame(UNREAD, 3.0, 6 * S)
    tape.clock.run_until(20 * S)
    found = tape.ask(count_difference(UNREAD, WHO, AFTER), Limit("1", low=0.0, high=0.0), 0)
    assert found.value == (3.0, 3.0, 3.0)


@pytest.mark.parametrize("source", ["role/head_unit.unread", "account/driver"])
def test_both_sides_of_a_count_are_waited_for(make_tape, source: str) -> None:
    tape = make_tape(lag={source: 100 * MS})
    tape.frame(UNREAD, 3.0, 6 * S)
    question = count_difference(UNREAD, WHO, AFTER)
    tape.clock.run_until(AFTER.late + SETTLES + 100 * MS - 1)
    assert isinstance(tape.ask(question, SOON, 0), Undecided)
    tape.clock.run_until(AFTER.late + SETTLES + 100 * MS)
    assert isinstance(tape.ask(question, SOON, 0), Measurement)


FAST = "wheel.messaging"


@pytest.mark.parametrize(("gap", "silent"), [(500 * MS, False), (501 * MS, True)])
@pytest.mark.parametrize("keeps_", [signals.stays, signals.avoids])
def test_a_fast_message_may_be_away_for_half_a_second_all_the_same(tape, gs4, keeps_, gap: Ns, silent: bool) -> None:
    there, away = sorted(map(str, gs4.role(FAST).values))[:2]
    at = Stamp.exact(1 * S)
    for t in (*range(0, 1 * S + 1, 20 * MS), *range(1 * S + gap, 9 * S, 20 * MS)):
        tape.frame(FAST, there, t)
    tape.clock.run_until(20 * S)
    found = tape.ask(keeps_(FAST, there if keeps_ is signals.stays else away, at), WATCH, 0)
    assert ("fell silent" in found.detail) is silent


@pytest.mark.parametrize("keeps_", [signals.stays, signals.avoids])
@pytest.mark.parametrize(("now", "silent"), [(1500 * MS, False), (1500 * MS + 1, True)])
def test_a_silence_that_goes_on_is_told_as_soon_as_it_is_one(tape, keeps_, now: Ns, silent: bool) -> None:
    tape.says(APP, (0, "idle"), until=1001 * MS)
    tape.clock.run_until(now)
    answer = tape.ask(keeps_(APP, "idle" if keeps_ is signals.stays else "playing", Stamp.exact(900 * MS)), WATCH, 0)
    assert isinstance(answer, Measurement) is silent
