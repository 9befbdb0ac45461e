"""What the messaging service says: sessions and inboxes."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.accounts import (
    accepted,
    arrives,
    delivered,
    nothing_arrives,
    session_is,
    session_state,
    session_stays,
)
from harness.judging.observation import Undecided

AFTER = Stamp.exact(1 * S)
SOON = Limit("s", high=2.0)
WATCH = Limit("s", low=3.0)
ONE = Limit("1", low=1.0, high=1.0)


def answer(tape, question, limit: Limit, patience: int = 1 * S) -> Measurement:
    tape.clock.run_until(20 * S)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


def test_a_session_that_opens_is_measured_from_the_anchor(tape) -> None:
    tape.session("a", "opened", 500 * MS)
    tape.session("a", "closed", 2 * S)
    tape.session("b", "opened", 1500 * MS)
    tape.session("a", "opened", 2500 * MS)
    assert answer(tape, session_is("a", "opened", AFTER), SOON).value == Interval.exact(1.5)
    assert answer(tape, session_is("b", "opened", AFTER), SOON).value == Interval.exact(0.5)
    assert answer(tape, session_is("b", "closed", AFTER), SOON).value is None


@pytest.mark.parametrize("what", ["closed", "revoked"])
def test_a_session_closed_or_revoked_is_closed(tape, what: str) -> None:
    tape.session("a", what, 1700 * MS)
    assert answer(tape, session_is("a", "closed", AFTER), SOON).value == Interval.exact(0.7)


def test_a_session_stays_as_long_as_the_service_keeps_it(tape) -> None:
    tape.session("a", "opened", 500 * MS)
    tape.session("b", "opened", 500 * MS)
    tape.session("b", "revoked", 2 * S)
    assert answer(tape, session_stays("a", AFTER), WATCH).value == Interval.exact(3.0)
    assert answer(tape, session_stays("b", AFTER), WATCH).value == Interval.exact(1.0)


@pytest.mark.parametrize("before", [[], ["opened", "closed"]])
def test_what_was_not_open_cannot_stay_open(tape, before: list[str]) -> None:
    for n, what in enumerate(before):
        tape.session("a", what, n * 100 * MS)
    assert answer(tape, session_stays("a", AFTER), WATCH).value == Interval.exact(0.0)


@pytest.mark.parametrize(
    ("events", "wanted", "value"),
    [
        (["opened"], "opened", 1.0),
        (["opened"], "closed", 0.0),
        (["opened", "closed"], "closed", 1.0),
        (["opened", "revoked"], "closed", 1.0),
        (["opened", "closed"], "opened", 0.0),
        ([], "closed", 1.0),
        ([], "opened", 0.0),
    ],
)
def test_the_last_word_is_the_state(tape, events: list[str], wanted: str, value: float) -> None:
    for n, what in enumerate(events):
        tape.session("a", what, n * 100 * MS)
    tape.session("a", "opened" if wanted == "closed" else "closed", 2 * S)
    assert answer(tape, session_state("a", wanted, AFTER), ONE).value == Interval.exact(value)


def test_a_message_arrives_if_it_is_of_the_kind_and_after_the_anchor(tape) -> None:
    tape.delivers("a", 800 * MS)
    tape.delivers("a", 1200 * MS, kind="text")
    tape.delivers("a", 1900 * MS)
    assert answer(tape, arrives("a", AFTER), SOON).value == Interval.exact(0.9)
    assert answer(tape, arrives("a", AFTER, kind="text"), SOON).value == Interval.exact(0.2)
    assert answer(tape, arrives("b", AFTER), SOON).value is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_messages_are_counted_over_the_watch(tape, count: int) -> None:
    tape.delivers("a", 900 * MS)
    for n in range(count):
        tape.delivers("a", (1100 + 100 * n) * MS)
    tape.delivers("a", 6 * S)
    assert answer(tape, delivered("a", AFTER, 4 * S), ONE).value == Interval.exact(count)


def test_counting_waits_for_the_end_of_its_watch(tape) -> None:
    tape.delivers("a", 1100 * MS)
    tape.clock.run_until(5 * S - 1)
    assert isinstance(tape.ask(delivered("a", AFTER, 4 * S), ONE, 0), Undecided)


def test_nothing_arrives_until_something_does(tape) -> None:
    tape.delivers("a", 900 * MS)
    tape.delivers("b", 2500 * MS, kind="text")
    assert answer(tape, nothing_arrives("a", AFTER), WATCH).value == Interval.exact(3.0)
    assert answer(tape, nothing_arrives("b", AFTER), WATCH).value == Interval.exact(1.5)


def test_an_answer_of_the_phone_is_accepted_or_not(tape) -> None:
    assert answer(tape, accepted("accepted", AFTER), ONE).value == Interval.exact(1.0)
    assert answer(tape, accepted("used", AFTER), ONE).value == Interval.exact(0.0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: session_is("a", "closed", AFTER),
        lambda: session_stays("a", AFTER),
        lambda: session_state("a", "opened", AFTER),
        lambda: arrives("a", AFTER),
        lambda: nothing_arrives("a", AFTER),
        lambda: delivered("a", AFTER, 2 * S),
    ],
)
@pytest.mark.parametrize("late", [0, 300 * MS, 2 * S])
def test_asking_in_between_changes_no_answer(make_tape, ask, late: int) -> None:
    def recorded():
        tape = make_tape(late={"account/a": late})
        tape.session("a", "opened", 200 * MS)
        tape.session("a", "closed", 2 * S)
        tape.delivers("a", 1700 * MS)
        return tape

    limit = Limit("s", low=3.0, high=2.0)
    once, tape, question = answer(recorded(), ask(), limit), recorded(), ask()
    for step in range(200):
        tape.clock.run_until(step * 50 * MS)
        now = tape.ask(question, limit, 1 * S)
        assert isinstance(now, Undecided) or now == once
    assert now == once
