"""How often a judge looks, when it gives up, and what it says of witnesses, steps and samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Check, Limit, Measurement, Verdict
from harness.judging.judge import Judge, PrerequisiteFailed, RequirementFailed, limit_for, unjudged
from harness.judging.observation import Observation, Undecided
from harness.judging.requirements import Catalogue
from harness.judging.signals import reaches, stays

APP = "head_unit.app"
AFTER = Stamp.exact(1 * S)
ANY = Limit("s", high=1.0)


class Source:
    """A recording of one source, that lies ``lag`` behind until it stands still at ``stands``."""

    vehicle: Any = None

    def __init__(self, clock: VirtualClock, lag: Ns = 0, stands: Ns = 1 << 62) -> None:
        self._clock, self._lag, self._stands = clock, lag, stands

    def offers(self, source: str) -> bool:
        return source != "nothing"

    def stalled(self, source: str) -> Ns:
        return 1 * S

    def seen_to(self, source: str) -> Ns:
        return min(self._clock.now() - self._lag, self._stands)


def question(clock: VirtualClock, until: Ns, decided: Ns, looks: list[Ns] | None = None) -> Observation:
    """Undecided ``until``; answered from ``decided`` on. Each look is noted in ``looks``."""

    def look(_recording: Any, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if looks is not None:
            looks.append(clock.now())
        return Measurement("latency", "s", Interval.exact(0.1)) if clock.now() >= decided else Undecided(until)

    return Observation("asked", {}, "latency", "screen", Stamp.exact(0), look, "it is asked")


def test_it_looks_every_20_ms_at_first_and_at_most_every_half_second_later(catalogue: Catalogue) -> None:
    clock, looks = VirtualClock(), list[Ns]()
    clock.run_until(3 * S)
    judge = Judge(clock, Source(clock), catalogue, lambda check: None)  # type: ignore[arg-type]
    judge.decide(question(clock, 60 * S, 30 * S, looks), ANY, 0)
    steps = [later - earlier for earlier, later in pairwise(looks)]
    assert looks[0] == 3 * S
    assert steps == [min(max((t - 3 * S) // 16, 20 * MS), 500 * MS) for t in looks[:-1]]
    assert (min(steps), max(steps)) == (20 * MS, 500 * MS)


@pytest.mark.parametrize(("lag", "fault"), [(1 * S, False), (1 * S + 1, True)])
def test_a_source_may_lie_behind_as_long_as_its_driver_says(catalogue: Catalogue, lag: Ns, fault: bool) -> None:
    clock = VirtualClock()
    judge = Judge(clock, Source(clock, lag), catalogue, lambda check: None)  # type: ignore[arg-type]
    asked = question(clock, 2 * S, 2900 * MS)
    if not fault:
        assert judge.decide(asked, ANY, 0).value == (0.1, 0.1, 0.1)
        return
    with pytest.raises(RigFault, match=r"^screen has delivered nothing for 1\.000 s; 'it is asked' cannot be decided"):
        judge.decide(asked, ANY, 0)
    assert 2 * S < clock.now() < 2200 * MS


def test_a_source_that_lies_behind_is_no_fault_before_silence_could_decide(catalogue: Catalogue) -> None:
    clock = VirtualClock()
    judge = Judge(clock, Source(clock, 0, 1 * S), catalogue, lambda check: None)  # type: ignore[arg-type]
    judge.decide(question(clock, 9 * S, 9 * S), ANY, 0)
    assert clock.now() >= 9 * S


@pytest.mark.parametrize(("decided", "fault"), [(2900 * MS, False), (3500 * MS, True)])
def test_what_is_needed_beside_the_source_has_as_long(catalogue: Catalogue, decided: Ns, fault: bool) -> None:
    clock = VirtualClock()
    judge = Judge(clock, Source(clock), catalogue, lambda check: None)  # type: ignore[arg-type]
    if not fault:
        assert judge.decide(question(clock, 2 * S, decided), ANY, 0)
        return
    with pytest.raises(RigFault, match=r"something that 'it is asked' needs beside screen .* since 2\.000 s"):
        judge.decide(question(clock, 2 * S, decided), ANY, 0)
    assert 3 * S < clock.now() < 3300 * MS


def test_a_witness_that_is_missing_is_named(catalogue: Catalogue) -> None:
    clock = VirtualClock()
    judge = Judge(clock, Source(clock), catalogue, lambda check: None)  # type: ignore[arg-type]
    asked = replace(question(clock, 2 * S, 2 * S), source="nothing")
    with pytest.raises(NotOffered, match=r"no witness on this rig for 'it is asked' \(nothing\)"):
        judge.decide(asked, ANY, 0)
    with pytest.raises(NotOffered, match=r"^AAA-01: no witness on this rig for 'it is asked'$"):
        judge.require("AAA-01", asked)
    assert judge.unwitnessed == ["AAA-01: no witness on this rig for 'it is asked'"]


def pressed(tape: Any, listening: Ns) -> None:
    tape.says(APP, (0, "idle"), (listening, "listening"), until=20 * S)


@pytest.mark.parametrize(("within", "made"), [(500 * MS, True), (500 * MS - 1, False)])
def test_a_step_on_the_way_is_made_at_the_last_instant_or_not_at_all(
    tape, judge: Judge, within: Ns, made: bool
) -> None:
    pressed(tape, 1500 * MS)
    asked = judge.asked(reaches(APP, "listening", AFTER))
    if made:
        assert judge.reached(asked, within, "the unit listens") is asked
        assert asked.judged
        return
    with pytest.raises(PrerequisiteFailed, match=r"^the unit listens: infotainment/HU_Status\.AppState "):
        judge.reached(asked, within, "the unit listens")
    assert judge.checks[0].limit.text == "<= 0.500 s"
    assert judge.verdict() is Verdict.FAIL


@pytest.mark.parametrize(("low", "made"), [(0.5, True), (0.501, False)])
def test_a_step_that_may_have_been_made_in_time_was_made(catalogue: Catalogue, low: float, made: bool) -> None:
    clock = VirtualClock()
    judge = Judge(clock, Source(clock), catalogue, lambda check: None)  # type: ignore[arg-type]
    found = Measurement("latency", "s", Interval(0.52, low, 0.54), "it came")
    asked = replace(question(clock, 0, 0), look=lambda _recording, _limit, _patience: found)
    if made:
        assert judge.reached(asked, 500 * MS, "the unit listens").judged
        return
    with pytest.raises(PrerequisiteFailed, match=r"^the unit listens: it came$"):
        judge.reached(asked, 500 * MS, "the unit listens")


def test_two_questions_of_a_repetition_are_pooled_apart(tape, judge: Judge, written: list[Check]) -> None:
    pressed(tape, 1100 * MS)
    for _ in range(2):
        judge.repeat()
        judge("AAA-01", reaches(APP, "listening", AFTER), reaches(APP, "listening", AFTER))
        judge("AAA-01", stays(APP, "listening", Stamp.exact(1200 * MS)))
    assert written == []
    judge.close(finished=True)
    assert [(c.observation, c.measurement.samples) for c in written] == [("reaches", 2), ("reaches", 2), ("stays", 2)]


def test_what_is_judged_after_the_repetitions_stands_alone(tape, judge: Judge, written: list[Check]) -> None:
    pressed(tape, 1100 * MS)
    judge.repeat()
    judge("AAA-01", reaches(APP, "listening", AFTER))
    judge.close(finished=False)
    judge("AAA-01", reaches(APP, "listening", AFTER))
    assert [c.measurement.samples for c in written] == [1, 1]
    assert [c.also for c in written] == [{}, {}]


def test_a_sample_that_never_came_is_kept_as_none(tape, judge: Judge, written: list[Check]) -> None:
    pressed(tape, 1100 * MS)
    judge.repeat()
    judge("AAA-01", reaches(APP, "listening", AFTER))
    judge.repeat()
    judge("AAA-01", reaches(APP, "listening", Stamp.exact(2 * S)))
    judge.close(finished=True)
    assert written[0].also["values"] == [pytest.approx(0.1), None]


class Pressed:
    began, ended = Stamp.exact(1 * S), Stamp.exact(1120 * MS)


class Tapped:
    """Began and ended at one instant."""

    began, ended = Stamp.exact(1 * S), Stamp.exact(1 * S)


@pytest.mark.parametrize(("from_", "right", "wrong"), [("began", "began", "ended"), ("ended", "ended", "began")])
def test_a_latency_is_counted_from_where_the_requirement_says(
    tape, clock: VirtualClock, catalogue: Catalogue, from_, right: str, wrong: str
) -> None:
    pressed(tape, 1200 * MS)
    judge = Judge(clock, tape, Catalogue({"AAA-01": replace(catalogue["AAA-01"], from_=from_)}), lambda check: None)
    judge.did(Tapped())
    judge.did(Pressed())
    asked = f"AAA-01 counts from where a stimulus {from_}; 'head_unit.app reaches listening' was counted from its other"
    with pytest.raises(HarnessError, match=asked):
        judge("AAA-01", reaches(APP, "listening", getattr(Pressed, wrong)))
    judge("AAA-01", reaches(APP, "listening", getattr(Pressed, right)))
    for instant in (Tapped.began, Tapped.ended):
        judge("AAA-01", reaches(APP, "listening", instant))
    judge("AAA-01", replace(reaches(APP, "listening", getattr(Pressed, wrong)), quantity="hold"))


def test_a_limit_is_the_requirements_and_a_watch_is_one(catalogue: Catalogue) -> None:
    at_all = reaches(APP, "listening", AFTER)
    assert limit_for(catalogue["AAA-01"], at_all) is catalogue["AAA-01"].limits["latency"]
    watch = limit_for(catalogue["AAA-01"], stays(APP, "listening", AFTER))
    assert watch == Limit("s", low=2.0, text="for 2 s", source="maker's value")
    with pytest.raises(HarnessError, match=r"AAA-02 has no 'watch': how long must 'head_unit.app stays idle' hold\?"):
        limit_for(catalogue["AAA-02"], stays(APP, "idle", AFTER))
    none = replace(catalogue["AAA-02"], limits={})
    with pytest.raises(HarnessError, match=r"sets no limit for 'latency' \(it has: none\)"):
        limit_for(none, at_all)


def test_what_is_required_ends_the_scenario_even_when_it_is_open(make_tape, catalogue: Catalogue) -> None:
    tape = make_tape(spread=10 * MS)
    pressed(tape, 1245 * MS)
    judge = Judge(tape.clock, tape, catalogue, lambda check: None)
    with pytest.raises(RequirementFailed, match="AAA-01"):
        judge.require("AAA-01", reaches(APP, "listening", AFTER))
    assert judge.verdict() is Verdict.INCONCLUSIVE


def test_a_requirement_is_judged_by_any_check_of_it(tape, judge: Judge) -> None:
    pressed(tape, 1100 * MS)
    judge("AAA-03", reaches(APP, "listening", AFTER))
    assert unjudged(judge.checks, ["AAA-01", "AAA-03"]) == ["AAA-01"]
    assert unjudged([], []) == []


def test_a_figure_reads_with_its_unit_and_a_count_without(tape, judge: Judge, written: list[Check]) -> None:
    from harness.judging.accounts import delivered

    pressed(tape, 1100 * MS)
    tape.delivers("acct", 2 * S)
    judge("AAA-01", reaches(APP, "listening", AFTER), delivered("acct", AFTER, 3 * S), reaches(APP, "idle", AFTER))
    assert [c.reason for c in written] == [
        "head_unit.app reaches listening: 0.1 s, limit <= 250 ms (maker's value)",
        "messages that reach acct in 3 s: 1, limit = 1 (maker's value)",
        "head_unit.app reaches idle: never, limit <= 250 ms (maker's value); infotainment/HU_Status.AppState still "
        "'listening' at 6.000 s; first 'idle' never (watched 5.000 s)",
    ]
