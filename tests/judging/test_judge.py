"""How a judgement lets time pass, and what is whose fault."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Check, Interval, Limit, Measurement, Verdict
from harness.judging.accounts import arrives, delivered, session_stays
from harness.judging.judge import Judge, PrerequisiteFailed, RequirementFailed, unjudged
from harness.judging.observation import Observation, Undecided, anchor
from harness.judging.requirements import Catalogue
from harness.judging.signals import avoids, reaches, stays

APP = "head_unit.app"
AFTER = Stamp.exact(1 * S)


def pressed(tape: Any, listening: Ns = 1100 * MS, until: Ns = 20 * S) -> None:
    """Idle, and listening from ``listening`` on."""
    tape.says(APP, (0, "idle"), (listening, "listening"), until=until)


def test_a_thing_in_time_passes_and_what_was_decided_is_written(tape, judge: Judge, written: list[Check]) -> None:
    pressed(tape)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.PASS]
    (check,) = written
    assert check is judge.checks[0]
    assert check.measurement.value is not None
    assert check.measurement.value.value == pytest.approx(0.1)
    assert check.margin == pytest.approx(0.15)
    assert check.requirement == "AAA-01"
    assert "limit" in check.reason


def test_time_goes_on_only_until_it_is_decided(tape, clock: VirtualClock, judge: Judge) -> None:
    pressed(tape)
    judge("AAA-01", reaches(APP, "listening", AFTER))
    assert 1100 * MS <= clock.now() < 1400 * MS


def test_after_a_miss_patience_gives_the_figure_and_the_verdict_stays(tape, judge: Judge) -> None:
    pressed(tape, listening=3 * S)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.FAIL]
    (check,) = judge.checks
    assert check.measurement.value is not None
    assert check.measurement.value.value == pytest.approx(2.0)


def test_beyond_patience_it_never_happened(tape, clock: VirtualClock, judge: Judge) -> None:
    pressed(tape, listening=7 * S)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.FAIL]
    assert judge.checks[0].measurement.value is None
    assert "never" in judge.checks[0].reason
    assert clock.now() >= 6 * S


# What was done: listening in time, one message, the session kept, never playing; one of the five is missed.
QUESTIONS: dict[str, tuple[Callable[[], Observation], Verdict]] = {
    "reaches": (lambda: reaches(APP, "listening", AFTER), Verdict.PASS),
    "late": (lambda: reaches(APP, "sending", AFTER), Verdict.FAIL),
    "arrives": (lambda: arrives("acct", AFTER), Verdict.PASS),
    "count": (lambda: delivered("acct", AFTER, 8 * S), Verdict.PASS),
    "avoids": (lambda: avoids(APP, "playing", AFTER), Verdict.PASS),
    "stays": (lambda: stays("head_unit.session", "active", AFTER), Verdict.PASS),
    "session": (lambda: session_stays("acct", AFTER), Verdict.PASS),
}


@pytest.mark.parametrize("order", list(permutations(QUESTIONS))[::97], ids=lambda o: "-".join(w[:2] for w in o))
def test_judgements_in_any_order_give_the_same_verdicts(
    order: tuple[str, ...], make_tape, catalogue: Catalogue
) -> None:
    tape = make_tape()
    for start, stop, state in (
        (0, 1100, "idle"),
        (1100, 2000, "listening"),
        (2000, 3000, "sending"),
        (3000, 30000, "idle"),
    ):
        for t in range(start, stop, 100):
            tape.frame(APP, state, t * MS, {"head_unit.session": "active"})
    tape.late["role/head_unit.session"] = 300 * MS
    tape.session("acct", "opened", 500 * MS)
    tape.late["account/acct"] = tape.late["role/head_unit.app"] = 300 * MS
    tape.delivers("acct", 1200 * MS)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    found = {name: judge("AAA-01", QUESTIONS[name][0]())[0] for name in order}
    assert found == {name: verdict for name, (_, verdict) in QUESTIONS.items()}


def test_a_late_capture_does_not_turn_a_pass_into_a_fail(make_tape, catalogue: Catalogue) -> None:
    tape = make_tape(late={f"role/{APP}": 200 * MS})
    pressed(tape, listening=1200 * MS)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    tape.clock.run_until(1300 * MS)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.PASS]
    assert judge.checks[0].measurement.value == (0.2, 0.2, 0.2)


@pytest.mark.parametrize("spread", [0, 20 * MS])
@pytest.mark.parametrize("lag", [0, 200 * MS, 800 * MS])
def test_never_is_said_only_when_the_watermark_has_passed_window_and_uncertainty(
    make_tape, lag: Ns, spread: Ns
) -> None:
    tape = make_tape(lag={f"role/{APP}": lag})
    tape.says(APP, (0, "idle"), until=20 * S)
    after = Stamp.within(1 * S, spread)
    question = reaches(APP, "listening", after)
    from harness.foundation.values import Limit, Measurement

    end = 1 * S + spread + 250 * MS + lag
    tape.clock.run_until(end - 1)
    assert not isinstance(tape.ask(question, Limit("s", high=0.25), 0), Measurement)
    tape.clock.run_until(end)
    answer = tape.ask(question, Limit("s", high=0.25), 0)
    assert isinstance(answer, Measurement)
    assert answer.value is None


def test_a_source_that_stands_still_is_the_rigs_fault(make_tape, catalogue: Catalogue) -> None:
    tape = make_tape(stands={f"role/{APP}": 1500 * MS})
    tape.says(APP, (0, "idle"), until=20 * S)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    with pytest.raises(RigFault, match=r"role/head_unit\.app has delivered nothing .* cannot be decided"):
        judge("AAA-01", reaches(APP, "listening", AFTER))
    assert judge.checks == []


def test_what_a_source_delivered_before_it_stood_still_is_believed(make_tape, catalogue: Catalogue) -> None:
    tape = make_tape(stands={f"role/{APP}": 1500 * MS})
    pressed(tape)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.PASS]


@pytest.mark.parametrize("question", [stays, avoids])
def test_a_silent_unit_on_a_living_source_fails(tape, judge: Judge, question) -> None:
    tape.says(APP, (0, "idle"), until=1500 * MS)
    state = "idle" if question is stays else "playing"
    assert judge("AAA-01", question(APP, state, AFTER)) == [Verdict.FAIL]
    assert "fell silent" in judge.checks[0].measurement.detail


def test_uncertainty_astride_the_limit_is_inconclusive(make_tape, catalogue: Catalogue) -> None:
    tape = make_tape(spread=10 * MS)
    tape.says(APP, (0, "idle"), (1245 * MS, "listening"), until=5 * S)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    assert judge("AAA-01", reaches(APP, "listening", Stamp.within(1 * S, 10 * MS))) == [Verdict.INCONCLUSIVE]
    assert judge.checks[0].margin == pytest.approx(-0.015)


def test_exactly_on_the_limit_is_inside(tape, judge: Judge) -> None:
    pressed(tape, listening=1250 * MS)
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.PASS]
    assert judge.checks[0].margin == 0


@pytest.mark.parametrize(("listening", "verdict"), [(740, "FAIL"), (750, "PASS"), (850, "PASS"), (860, "FAIL")])
def test_both_sides_of_a_limit_are_kept(tape, judge: Judge, listening: int, verdict: str) -> None:
    pressed(tape, listening=1 * S + listening * MS)
    assert judge("AAA-01", reaches(APP, "listening", AFTER).measuring("hold")) == [Verdict(verdict)]


def test_judging_goes_on_after_a_fail(tape, judge: Judge) -> None:
    pressed(tape)
    assert judge("AAA-01", reaches(APP, "playing", AFTER), reaches(APP, "listening", AFTER)) == ["FAIL", "PASS"]
    assert judge.verdict() is Verdict.FAIL
    assert len(judge.checks) == 2


def test_require_stops_at_what_is_not_a_pass(tape, judge: Judge) -> None:
    pressed(tape)
    judge.require("AAA-01", reaches(APP, "listening", AFTER))
    with pytest.raises(RequirementFailed, match="AAA-01"):
        judge.require("AAA-01", reaches(APP, "playing", AFTER))
    assert [c.verdict for c in judge.checks] == ["PASS", "FAIL"]


def test_an_observation_that_nobody_judged_is_our_error(tape, judge: Judge) -> None:
    pressed(tape)
    judge.asked(reaches(APP, "playing", AFTER))
    judge("AAA-01", judge.asked(reaches(APP, "listening", AFTER)))
    with pytest.raises(HarnessError, match=r"never judged: head_unit\.app reaches playing"):
        judge.close(finished=True)


def test_a_scenario_that_was_cut_short_owes_no_judgements(tape, judge: Judge) -> None:
    judge.asked(reaches(APP, "playing", AFTER))
    judge.close(finished=False)


def test_a_scenario_that_judges_nothing_is_our_error(judge: Judge) -> None:
    with pytest.raises(HarnessError, match="judged nothing"):
        judge.close(finished=True)
    with pytest.raises(HarnessError, match="without an observation"):
        judge("AAA-01")


def test_a_requirement_named_and_never_judged_is_found(tape, judge: Judge) -> None:
    pressed(tape)
    judge("AAA-01", reaches(APP, "listening", AFTER))
    assert unjudged(judge.checks, ["AAA-01", "AAA-02"]) == ["AAA-02"]


def test_a_quantity_without_limit_and_a_watch_without_time_are_our_errors(tape, judge: Judge) -> None:
    tape.says(APP, (0, "idle"), until=9 * S)
    with pytest.raises(HarnessError, match=r"AAA-01 sets no limit for 'colour' .*latency, delivered, hold"):
        judge("AAA-01", reaches(APP, "listening", AFTER).measuring("colour"))
    with pytest.raises(HarnessError, match="AAA-02 has no 'watch'"):
        judge("AAA-02", stays(APP, "idle", AFTER))


def test_samples_are_judged_together_at_the_end(tape, judge: Judge) -> None:
    states = [
        (n * S + offset, s) for n in range(1, 4) for offset, s in ((0, "idle"), ((100 + 40 * n) * MS, "listening"))
    ]
    tape.says(APP, (0, "idle"), *states, until=20 * S)
    for n in range(1, 4):
        judge.repeat()
        assert judge("AAA-01", reaches(APP, "listening", Stamp.exact(n * S))) == [Verdict.PASS]
    assert judge.checks == []
    judge.close(finished=True)
    (check,) = judge.checks
    assert check.measurement.samples == 3
    assert check.also["values"] == pytest.approx([0.14, 0.18, 0.22])
    wanted = {"role": APP, "state": "listening"}
    assert check.also["each"] == [{**wanted, "after": list(Stamp.exact(n * S))} for n in range(1, 4)]
    assert check.margin == pytest.approx(0.03)


def test_one_bad_sample_fails_all_of_them(tape, judge: Judge) -> None:
    tape.says(APP, (0, "idle"), (1100 * MS, "listening"), (2 * S, "idle"), (2900 * MS, "listening"), until=20 * S)
    judge.repeat()
    assert judge("AAA-01", reaches(APP, "listening", AFTER)) == [Verdict.PASS]
    judge.repeat()
    assert judge("AAA-01", reaches(APP, "listening", Stamp.exact(2 * S))) == [Verdict.FAIL]
    judge.close(finished=True)
    assert [c.verdict for c in judge.checks] == [Verdict.FAIL]


def test_a_step_on_the_way_that_fails_is_a_prerequisite(tape, judge: Judge) -> None:
    pressed(tape)
    found = judge.reached(reaches(APP, "listening", AFTER), 1 * S, "the unit listens")
    assert found.found == Stamp.exact(1100 * MS)
    assert judge.checks == [], "a step that was made is nobody's finding"
    with pytest.raises(PrerequisiteFailed, match="the unit plays: "):
        judge.reached(reaches(APP, "playing", AFTER), 1 * S, "the unit plays")
    (check,) = judge.checks
    assert (check.verdict, check.prerequisite, check.requirement) == (Verdict.FAIL, True, "")


def test_an_observation_can_be_an_instant_once_it_was_seen(tape, judge: Judge) -> None:
    pressed(tape)
    question = reaches(APP, "listening", AFTER)
    with pytest.raises(HarnessError, match="before it was seen"):
        anchor(question)
    judge("AAA-01", question)
    assert anchor(question) == Stamp.exact(1100 * MS)
    assert anchor(AFTER) is AFTER
    with pytest.raises(HarnessError, match="no stimulus, observation or stamp"):
        anchor(1.5)


def test_a_source_behind_the_question_that_stands_still_is_the_rigs_fault_too(make_tape, catalogue: Catalogue) -> None:
    """A question about all buses names one of them; another one stalls."""
    from harness.judging.privacy import on_the_buses

    tape = make_tape(stands={"can/body": 1500 * MS})
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    tape.clock.at(60 * S, lambda: pytest.fail("waited for ever"), name="patience of the test")
    with pytest.raises(RigFault, match="cannot be decided"):
        judge("AAA-01", on_the_buses(("canary",), AFTER, 3 * S).measuring("delivered"))


class Computing(VirtualClock):
    """A clock on which computing costs time, as on a wall clock."""

    def compute(self, span: Ns) -> None:
        self._now += span


class Living:
    """A source whose news are taken over while time is let pass, and only then."""

    def __init__(self, clock: Computing) -> None:
        self._clock = clock

    def offers(self, source: str) -> bool:
        return True

    def stalled(self, source: str) -> Ns:
        return 1 * S

    def seen_to(self, source: str) -> Ns:
        return self._clock.settled() - 10 * MS


def test_a_long_look_is_no_stall_of_the_source(catalogue: Catalogue) -> None:
    clock = Computing()
    clock.run_until(5 * S)
    living: Any = Living(clock)
    looks: list[Ns] = []

    def look(recording: Any, limit: Limit, patience: Ns) -> Undecided | Measurement:
        clock.compute(4 * S)  # a search for an icon on a slow computer
        looks.append(recording.seen_to("screen"))
        if len(looks) < 4:
            return Undecided(clock.settled() - 500 * MS)
        return Measurement("latency", "s", Interval(0.1, 0.1, 0.1))

    observation = Observation("shows", {}, "latency", "screen", Stamp.exact(0), look, "the screen shows it")
    judge = Judge(clock, living, catalogue, lambda check: None)
    assert judge.decide(observation, Limit("s", high=1.0), 2 * S).value == Interval(0.1, 0.1, 0.1)


class Pressed:
    """A stimulus of 120 ms."""

    began = Stamp.exact(1 * S)
    ended = Stamp.exact(1120 * MS)


def test_a_latency_counted_from_the_wrong_end_of_a_stimulus_is_our_mistake(tape, judge: Judge) -> None:
    pressed(tape, listening=1200 * MS)
    judge.did(Pressed())
    with pytest.raises(HarnessError, match="AAA-03 counts from where a stimulus ended"):
        judge("AAA-03", reaches(APP, "listening", anchor(Pressed())))
    assert judge("AAA-03", reaches(APP, "listening", Pressed.ended)) == [Verdict.PASS]


def test_where_the_requirement_does_not_say_either_end_will_do(tape, judge: Judge) -> None:
    pressed(tape, listening=1200 * MS)
    judge.did(Pressed())
    for instant in (Pressed.began, Pressed.ended):
        assert judge("AAA-01", reaches(APP, "listening", instant)) == [Verdict.PASS]


def test_from_is_about_latencies_and_about_stimuli_alone(tape, judge: Judge) -> None:
    pressed(tape, listening=1200 * MS)
    judge.did(Pressed())
    assert judge("AAA-03", stays(APP, "listening", Stamp.exact(1300 * MS))) == [Verdict.PASS]
    assert judge("AAA-03", reaches(APP, "listening", Stamp.exact(1100 * MS))) == [Verdict.PASS]


@pytest.mark.parametrize(("requirement", "speaks"), [("AAA-03", True), ("AAA-01", False)])
def test_repeated_samples_speak_for_all_where_the_statistic_is_max(
    tape, judge: Judge, requirement: str, speaks: bool
) -> None:
    pressed(tape)
    for _ in range(3):
        judge.repeat()
        judge(requirement, reaches(APP, "listening", AFTER))
    judge.close(finished=True)
    (check,) = judge.checks
    assert check.measurement.samples == 3
    assert ("covers" in check.also) is speaks
    assert ("the worst of 3; with 59 it would speak for 95 % of all" in check.reason) is speaks


def test_a_miss_among_the_samples_speaks_for_nothing(tape, judge: Judge) -> None:
    pressed(tape, listening=1300 * MS)
    for _ in range(2):
        judge.repeat()
        judge("AAA-03", reaches(APP, "listening", AFTER))
    judge.close(finished=True)
    assert judge.checks[0].verdict is Verdict.FAIL
    assert "covers" not in judge.checks[0].also
