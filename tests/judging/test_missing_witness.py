"""A witness the rig lacks judges nothing and says so; the others judge; with none left a requirement is unwitnessed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.foundation.errors import NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Check, Verdict
from harness.judging.judge import Judge
from harness.judging.observation import Observation
from harness.judging.signals import reaches

AFTER = Stamp.exact(1 * S)


def heard() -> Observation:
    """A question to a source this rig does not have; asking it would be an error."""

    def look(*_: Any) -> Any:
        raise AssertionError("a missing witness was asked")

    return replace(reaches("head_unit.app", "listening", AFTER), source="audio", look=look, sentence="a chime is heard")


@pytest.fixture(autouse=True)
def _no_sound(tape: Any) -> None:
    tape.lacks.add("audio")
    tape.says("head_unit.app", (0, "idle"), (1100 * MS, "listening"), until=20 * S)


def test_the_others_judge_and_the_missing_one_is_written_down(judge: Judge, written: list[Check]) -> None:
    seen = reaches("head_unit.app", "listening", AFTER)
    assert judge("AAA-01", seen, heard()) == [Verdict.PASS, Verdict.NOT_APPLICABLE]
    assert [check.verdict for check in written] == [Verdict.PASS, Verdict.NOT_APPLICABLE]
    assert "a chime is heard" in written[1].reason
    assert "audio" in written[1].reason
    assert judge.unwitnessed == []


def test_a_requirement_without_any_witness_is_told(judge: Judge) -> None:
    assert judge("AAA-01", heard()) == [Verdict.NOT_APPLICABLE]
    (told,) = judge.unwitnessed
    assert told.startswith("AAA-01")
    assert "a chime is heard" in told
    judge.close(finished=True)


def test_another_judgement_of_the_same_requirement_is_its_witness(judge: Judge) -> None:
    judge("AAA-01", heard())
    judge("AAA-01", reaches("head_unit.app", "listening", AFTER))
    assert judge.unwitnessed == []


def test_repetitions_say_it_once(judge: Judge) -> None:
    for _ in range(3):
        judge.repeat()
        judge("AAA-01", heard())
    judge.close(finished=True)
    assert len(judge.checks) == 1


def test_what_is_required_or_waited_for_ends_the_scenario(judge: Judge) -> None:
    with pytest.raises(NotOffered):
        judge.require("AAA-01", heard())
    with pytest.raises(NotOffered):
        judge.reached(heard(), 5 * S, "the recording ends")
