"""States on the bus: reached, said, kept, avoided; and that an answer does not depend on when one asks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.signals import avoids, reaches, says, silent, stays

APP = "head_unit.app"
AFTER = Stamp.exact(1 * S)
SOON = Limit("s", high=0.25)
WATCH = Limit("s", low=2.0)


def answer(tape, question: Observation, limit: Limit, patience: Ns = 1 * S, at: Ns = 20 * S) -> Measurement:
    tape.clock.run_until(at)
    found = tape.ask(question, limit, patience)
    assert isinstance(found, Measurement), found
    return found


def test_reaches_is_the_first_frame_that_carries_the_state(tape) -> None:
    tape.says(APP, (0, "idle"), (1200 * MS, "listening"), until=5 * S)
    question = reaches(APP, "listening", AFTER)
    found = answer(tape, question, SOON)
    assert found.value == (0.2, 0.2, 0.2)
    assert question.found == Stamp.exact(1200 * MS)
    assert found.refs[0]["t"] == 1200 * MS
    assert found.window == (1 * S, 1200 * MS)


def test_reaches_asks_for_a_state_that_was_left_before(tape) -> None:
    tape.says(APP, (0, "listening"), until=9 * S)
    found = answer(tape, reaches(APP, "listening", AFTER), SOON)
    assert found.value is None
    assert "it was 'listening' all the time" in found.detail


def test_reaches_sees_a_state_that_was_left_and_came_again(tape) -> None:
    tape.says(APP, (0, "listening"), (1100 * MS, "idle"), (1300 * MS, "listening"), until=9 * S)
    assert answer(tape, reaches(APP, "listening", AFTER), SOON).value == (0.3, 0.3, 0.3)


def test_reaches_does_not_look_before_its_anchor(tape) -> None:
    tape.says(APP, (0, "idle"), (500 * MS, "listening"), (800 * MS, "idle"), until=9 * S)
    assert answer(tape, reaches(APP, "listening", AFTER), SOON).value is None


def test_reaches_carries_the_doubt_of_both_ends(make_tape) -> None:
    tape = make_tape(spread=3 * MS)
    tape.says(APP, (0, "idle"), (1200 * MS, "listening"), until=5 * S)
    found = answer(tape, reaches(APP, "listening", Stamp.within(1 * S, 5 * MS)), SOON)
    assert found.value == pytest.approx((0.2, 0.192, 0.208))


def test_says_takes_a_state_that_was_there_all_along(tape) -> None:
    tape.says(APP, (0, "idle"), until=9 * S)
    assert answer(tape, says(APP, "idle", AFTER), SOON).value == (0.0, 0.0, 0.0)
    assert answer(tape, says(APP, "playing", AFTER), SOON).value is None


def test_stays_is_the_whole_watch_when_it_was_kept(tape) -> None:
    tape.says(APP, (0, "idle"), until=9 * S)
    assert answer(tape, stays(APP, "idle", AFTER), WATCH).value == (2.0, 2.0, 2.0)


def test_stays_ends_where_the_state_was_left(tape) -> None:
    tape.says(APP, (0, "idle"), (2500 * MS, "listening"), (2600 * MS, "idle"), until=9 * S)
    assert answer(tape, stays(APP, "idle", AFTER), WATCH).value == (1.5, 1.5, 1.5)


def test_stays_ends_where_the_unit_fell_silent(tape) -> None:
    tape.says(APP, (0, "idle"), (2 * S, "silent"), (2800 * MS, "idle"), until=9 * S)
    found = answer(tape, stays(APP, "idle", AFTER), WATCH)
    assert found.value is not None
    assert found.value.value < 1.0
    assert "fell silent" in found.detail


@pytest.mark.parametrize("before", ["listening", "silent"])
def test_what_was_not_there_before_cannot_stay(tape, before: str) -> None:
    tape.says(APP, (0, before), (1 * S, "idle"), until=9 * S)
    found = answer(tape, stays(APP, "idle", AFTER), WATCH)
    assert found.value == (0.0, 0.0, 0.0)
    assert "before the watch began" in found.detail


def test_stays_is_not_answered_before_what_was_there_is_known(make_tape) -> None:
    tape = make_tape(late={f"role/{APP}": 400 * MS})
    tape.says(APP, (700 * MS, "idle"), until=9 * S)
    tape.clock.run_until(1050 * MS)
    assert isinstance(tape.ask(stays(APP, "idle", AFTER), WATCH, 0), Undecided)
    assert answer(tape, stays(APP, "idle", AFTER), WATCH).value == (2.0, 2.0, 2.0)


def test_avoids_is_the_whole_watch_or_ends_at_the_state(tape) -> None:
    tape.says(APP, (0, "idle"), (2 * S, "playing"), (2100 * MS, "idle"), until=9 * S)
    assert answer(tape, avoids(APP, "listening", AFTER), WATCH).value == (2.0, 2.0, 2.0)
    assert answer(tape, avoids(APP, "playing", AFTER), WATCH).value == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("back", [2900 * MS, 30 * S])
def test_avoids_asks_the_unit_to_keep_reporting(tape, back: Ns) -> None:
    tape.says(APP, (0, "idle"), (1500 * MS, "silent"), (back, "idle"), until=40 * S)
    found = answer(tape, avoids(APP, "playing", AFTER), WATCH)
    assert found.value is not None
    assert found.value.value < 1.0
    assert "fell silent" in found.detail


def test_silent_is_the_whole_watch_or_ends_at_the_first_frame(tape) -> None:
    tape.says(APP, (0, "idle"), (900 * MS, "silent"), (1800 * MS, "idle"), until=9 * S)
    assert answer(tape, silent(APP, AFTER), WATCH).value == (0.8, 0.8, 0.8)
    assert answer(tape, silent(APP, Stamp.exact(10 * S)), WATCH).value == (2.0, 2.0, 2.0)


SLOW = "head_unit.view"


@pytest.mark.parametrize(("gap", "silent"), [(1000 * MS, False), (1001 * MS, True)])
@pytest.mark.parametrize("keeps", [stays, avoids])
def test_a_slow_message_may_be_away_for_five_of_its_cycles(tape, gs4, keeps, gap: Ns, silent: bool) -> None:
    where = gs4.role(SLOW)
    assert where.message.cycle == 200 * MS
    there, away = sorted(map(str, where.values))[:2]
    state = there if keeps is stays else away
    for t in (*range(0, 1 * S + 1, 200 * MS), *range(1 * S + gap, 9 * S, 200 * MS)):
        tape.frame(SLOW, there, t)
    found = answer(tape, keeps(SLOW, state, AFTER), WATCH)
    assert found.value is not None
    assert ("fell silent" in found.detail) is silent
    assert found.value == ((0.0, 0.0, 0.0) if silent else (2.0, 2.0, 2.0))


@pytest.mark.parametrize(("gap", "silent"), [(500 * MS, False), (501 * MS, True)])
@pytest.mark.parametrize("keeps", [stays, avoids])
def test_a_message_is_not_gone_before_half_a_second(tape, keeps, gap: Ns, silent: bool) -> None:
    for t in (*range(0, 1500 * MS + 1, 100 * MS), *range(1500 * MS + gap, 9 * S, 100 * MS)):
        tape.frame(APP, "idle", t)
    found = answer(tape, keeps(APP, "idle" if keeps is stays else "playing", AFTER), WATCH)
    assert found.value == ((0.5, 0.5, 0.5) if silent else (2.0, 2.0, 2.0))


@pytest.mark.parametrize("last", [2499 * MS, 2500 * MS])
@pytest.mark.parametrize("keeps", [stays, avoids])
def test_a_message_that_is_gone_at_the_end_of_the_watch_fell_silent(tape, keeps, last: Ns) -> None:
    for t in (*range(0, 2401 * MS, 100 * MS), last):
        tape.frame(APP, "idle", t)
    found = answer(tape, keeps(APP, "idle" if keeps is stays else "playing", AFTER), WATCH)
    assert (found.value.value == 2.0) is (last == 2500 * MS)
    assert ("fell silent" in found.detail) is (last < 2500 * MS)


ASKED = {
    "reaches": (lambda: reaches(APP, "listening", AFTER), SOON),
    "says": (lambda: says(APP, "listening", AFTER), SOON),
    "stays": (lambda: stays(APP, "idle", AFTER), WATCH),
    "avoids": (lambda: avoids(APP, "listening", AFTER), WATCH),
    "silent": (lambda: silent(APP, AFTER), WATCH),
}


@pytest.mark.parametrize("name", ASKED)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_answer_is_the_same_whenever_and_however_often_one_asks(make_tape, name: str, data: st.DataObject) -> None:
    ask, limit = ASKED[name]
    starts = [0, *sorted(data.draw(st.lists(st.integers(1, 39), max_size=5, unique=True)))]
    states = [data.draw(st.sampled_from(["idle", "listening", "playing", "silent"])) for _ in starts]
    late = data.draw(st.sampled_from([0, 30, 700])) * MS
    lag = late + data.draw(st.sampled_from([0, 200])) * MS
    spread = data.draw(st.sampled_from([0, 5])) * MS
    steps = data.draw(st.lists(st.integers(1, 2000), max_size=8))

    def recorded():
        tape = make_tape(late={f"role/{APP}": late}, lag={f"role/{APP}": lag}, spread=spread)
        tape.says(APP, *((s * 100 * MS, state) for s, state in zip(starts, states, strict=True)), until=6 * S)
        return tape

    once = answer(recorded(), ask(), limit)

    tape, question, found = recorded(), ask(), None
    for step in [*steps, *[1000] * 20]:
        tape.clock.run_until(tape.clock.now() + step * MS)
        now = tape.ask(question, limit, 1 * S)
        assert found is None or now == found, "an answer that was given is not taken back"
        found = now if isinstance(now, Measurement) else None
    assert found == once
