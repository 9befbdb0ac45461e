"""Whose fault it is, in one line."""

from __future__ import annotations

from pathlib import Path

from harness.foundation.errors import BadInput, SeveralBadInputs


def test_bad_input_reads_place_value_problem_remedy() -> None:
    error = BadInput(Path("rigs/x.yaml"), 7, "clock = 'sundial'", "unknown clock", "Write virtual.")
    assert str(error) == "rigs/x.yaml:7: clock = 'sundial': unknown clock. Write virtual."


def test_without_line_or_value_nothing_stands_in_their_place() -> None:
    assert str(BadInput("command line", None, "", "no rig", "Name one.")) == "command line: no rig. Name one."


def test_several_are_one_line_each() -> None:
    error = BadInput("a", 1, "", "p", "r.")
    assert str(SeveralBadInputs([error, error])) == f"{error}\n{error}"
