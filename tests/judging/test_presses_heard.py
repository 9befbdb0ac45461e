"""A row of presses, answered by ear: the chime opens with each odd press, and with no even one."""

from __future__ import annotations

import pytest

from harness.audio.port import RATE
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit
from harness.judging.observation import Undecided
from harness.judging.presses import LAST_ANSWER, OF_ALL, TAIL, answered, by_sound, by_state, slowest, slowing
from harness.judging.sounds import read_sound

LINE = "amp.front_left"
ANY = Limit("1", low=0.0)


def row(count: int, spread: Ns = 0) -> tuple[tuple[Stamp, Stamp], ...]:
    """A press each second from 1 s on, 120 ms long."""
    instants = [(n + 1) * S for n in range(count)]
    return tuple((Stamp.within(t, spread), Stamp.within(t + 120 * MS, spread)) for t in instants)


@pytest.fixture
def chimes(tape, gs4):
    def play(*instants: Ns) -> None:
        for t in instants:
            tape.play(LINE, read_sound(gs4.sounds["chime"]), t)

    return play


@pytest.fixture
def heard(tape):
    """The answers to ``count`` presses, one by one: right, changes, latency in ms."""

    def ask(count: int) -> list[tuple[bool, int, float | None]]:
        tape.clock.run_until(30 * S)
        found = by_sound("chime", LINE, row(count))(tape)
        return [(a.right, a.changes, a.latency and round(a.latency.value * 1000)) for a in found]

    return ask


def test_each_odd_press_sounds_once(chimes, heard) -> None:
    chimes(1100 * MS, 3200 * MS)
    assert heard(4) == [(True, 1, 100), (True, 0, None), (True, 1, 200), (True, 0, None)]


def test_a_press_that_sounds_twice_or_not_at_all_is_not_answered_once(chimes, heard, gs4) -> None:
    length = len(read_sound(gs4.sounds["chime"])) * S // RATE
    chimes(1100 * MS, 1100 * MS + length + 50 * MS)
    assert heard(3) == [(False, 2, 100), (True, 0, None), (False, 0, None)]


def test_a_sound_with_an_even_press_is_one_too_many(chimes, heard) -> None:
    chimes(1100 * MS, 2300 * MS)
    assert heard(2) == [(True, 1, 100), (False, 1, None)]


def test_the_last_press_is_listened_to_for_two_seconds(chimes, heard, gs4) -> None:
    length = len(read_sound(gs4.sounds["chime"])) * S // RATE
    chimes(1100 * MS, 3120 * MS + LAST_ANSWER - length)
    assert heard(3)[2] == (True, 1, round((120 * MS + LAST_ANSWER - length) / MS))


def test_a_sound_that_ends_later_than_that_is_no_answer(chimes, heard) -> None:
    chimes(1100 * MS, 3120 * MS + LAST_ANSWER - 20 * MS)
    assert heard(3)[2] == (False, 0, None)


@pytest.mark.parametrize("question", OF_ALL)
def test_all_three_questions_are_asked_of_the_sound_too(tape, chimes, question) -> None:
    chimes(1100 * MS, 3120 * MS, 5160 * MS, 7180 * MS)
    presses = row(7, spread=3 * MS)
    asked = question(by_sound("chime", LINE, presses), "audio", presses, "chime")
    end = presses[-1][1].late + LAST_ANSWER + TAIL
    tape.clock.run_until(end - 1)
    assert tape.ask(asked, ANY, 0) == Undecided(end)
    tape.clock.run_until(end)
    found = tape.ask(asked, ANY, 0)
    assert found.samples == 7
    assert asked.arguments["by"] == {"sound": "chime", "line": LINE}
    assert asked.arguments["presses"][0] == [list(presses[0][0]), list(presses[0][1])]
    assert asked.roles == ()


@pytest.mark.parametrize("role", ["head_unit.app"])
def test_without_answers_there_is_no_slowest_and_no_trend(tape, role: str) -> None:
    presses = row(6)
    tape.frame(role, "idle", 0)
    tape.clock.run_until(30 * S)
    asked = [question(by_state(role, "listening", presses), f"role/{role}", presses, "the bus") for question in OF_ALL]
    found = [tape.ask(question, ANY, 0) for question in asked]
    assert [one.value for one in found] == [Interval.exact(0.0), None, None]
    assert found[0].detail.startswith(
        "0 of 6 presses answered once by the bus; 6 lost, 0 answered otherwise, the first"
    )
    assert found[1].detail.startswith("no press was answered by the bus, 1.000 s to ")
    assert found[2].detail.startswith("only 0 presses were answered by the bus")
    assert {question.roles for question in asked} == {(role,)}


def three_answers(tape, presses):
    """Every other press opens the microphone, each 10 ms later than the one before."""
    tape.frame("head_unit.app", "idle", 0)
    for n, latency in ((0, 40), (2, 50), (4, 60)):
        tape.frame("head_unit.app", "listening", presses[n][0].t + latency * MS)
        tape.frame("head_unit.app", "idle", presses[n + 1][1].t + 40 * MS)
    tape.clock.run_until(30 * S)
    return by_state("head_unit.app", "listening", presses)


def test_three_answers_are_a_trend_and_two_are_none(tape) -> None:
    presses = row(6)
    by = three_answers(tape, presses)
    found = tape.ask(slowing(by, "role/head_unit.app", presses, "it"), ANY, 0)
    assert found.value.value == pytest.approx(0.02)
    few = by_state("head_unit.app", "listening", presses[:4])
    found = tape.ask(slowing(few, "role/head_unit.app", presses[:4], "it"), ANY, 0)
    assert found.value is None


def test_stamps_that_are_known_to_some_milliseconds_widen_the_answers(make_tape) -> None:
    tape, presses = make_tape(spread=2 * MS), row(6, spread=3 * MS)
    by = three_answers(tape, presses)
    slow = tape.ask(slowest(by, "role/head_unit.app", presses, "it"), ANY, 0)
    assert tuple(slow.value) == pytest.approx((0.06, 0.055, 0.065))
    grown = tape.ask(slowing(by, "role/head_unit.app", presses, "it"), ANY, 0)
    assert tuple(grown.value) == pytest.approx((0.02, 0.01, 0.03))
    assert tape.ask(answered(by, "role/head_unit.app", presses, "it"), ANY, 0).value == Interval.exact(100.0)


@pytest.mark.parametrize(("t", "counts"), [(2 * S - 1, True), (2 * S, False)])
def test_the_answer_to_a_press_comes_before_the_next_one_begins(tape, t: Ns, counts: bool) -> None:
    tape.frame("head_unit.app", "idle", 0)
    tape.frame("head_unit.app", "listening", t)
    tape.clock.run_until(30 * S)
    first, second = by_state("head_unit.app", "listening", row(2))(tape)
    assert (first.changes, first.right) == ((1, True) if counts else (0, False))
    assert second.changes == (0 if counts else 1)
