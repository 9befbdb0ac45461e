"""The table of questions: whatever the judging asks has an entry, and an entry rebuilds what it is named for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.evidence.rejudge.question import NotPossible, Question, rebuilt
from harness.evidence.rejudge.questions import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
MAKERS = {"Observation": "{}", "_observation": "{}", "_until": "{}", "_over_all": "{}", "_figure": "{}", "_count": "{}",
          "_most": "{}", "_on_message": "{}", "_on_line": "{}_of", "_of_tour": "{}"}  # fmt: skip
"""Who makes an observation out of its name, and what becomes of the first argument."""
OF_ANOTHER_NAME = {"stoi_narrow", "call_stoi", "call_gaps", "code_shown", "code_gone"}
"""Made with a name that is put together elsewhere."""


def asked() -> Iterator[str]:
    """The names of all observations, as the modules that make them write them."""
    for path in sorted([*(ROOT / "harness" / "judging").glob("*.py"), *(ROOT / "harness" / "bench").glob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield MAKERS[node.func.id].format(first.value)


def question(name: str, **arguments: object) -> Question:
    return Question(name, arguments, "latency", 3, None, None, None)  # type: ignore[arg-type]


def test_every_observation_has_an_entry() -> None:
    names = set(asked())
    assert len(names) > 60
    assert names - set(QUESTIONS) == set()


def test_every_entry_is_of_an_observation() -> None:
    assert set(QUESTIONS) - set(asked()) == OF_ANOTHER_NAME


def test_a_question_is_rebuilt_with_the_quantity_it_was_judged_by() -> None:
    asked_again = rebuilt(question("reaches", role="head_unit.app", state="idle", after=[5, 4, 6]), QUESTIONS)
    assert (asked_again.name, asked_again.anchor.late, asked_again.quantity) == ("reaches", 6, "latency")


def test_an_argument_that_is_missing_is_named() -> None:
    with pytest.raises(NotPossible, match="'state'"):
        rebuilt(question("reaches", role="head_unit.app", after=[5, 4, 6]), QUESTIONS)


def test_what_nobody_knows_is_said() -> None:
    with pytest.raises(NotPossible, match="no observation 'dreams'"):
        rebuilt(question("dreams"), QUESTIONS)


@pytest.mark.parametrize("name", ["half_states", "kept", "cut_spacing"])
def test_what_no_recording_tells_says_why(name: str) -> None:
    with pytest.raises(NotPossible, match="written down"):
        rebuilt(question(name), QUESTIONS)
