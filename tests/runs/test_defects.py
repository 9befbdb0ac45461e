"""Tests that bite: each seeded defect turns a scenario of its own requirement red.

A kill is a violated requirement of the defect's, found by a scenario that got as far as judging it. A unit that does
not even get to where the scenario begins is no kill, and a crash is none either.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from harness.headunit.defects import Defect, catalogue

ROOT = Path(__file__).resolve().parents[2]
DEFECTS = catalogue()


@lru_cache(maxsize=1)
def verified() -> frozenset[str]:
    """The requirement ids some scenario verifies."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "scenarios").rglob("test_*.py"))
    marks = (mark for text in texts for mark in re.findall(r"^@verifies\((.*)\)", text, re.MULTILINE))
    return frozenset(re.findall(r"[A-Z]+-\d+", " ".join(marks)))


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_scenario_of_its_requirement_finds_the_defect(defect: Defect, scenarios, tmp_path: Path) -> None:
    if defect.requirements[0] not in verified():
        pytest.skip(f"no scenario verifies {defect.requirements[0]} yet")
    ids = [id_ for id_ in defect.requirements if id_ in verified()]
    wanted = [argument for id_ in ids for argument in ("--requirement", id_)]

    # the first red is nearly always the one; only where it is not, all of them are run
    run = scenarios(tmp_path / "first", "scenarios", "--defect", defect.id, *wanted, "-x")
    if not killed(run, ids):
        run = scenarios(tmp_path / "all", "scenarios", "--defect", defect.id, *wanted)

    assert run.cases, run.output
    assert run.with_verdict("ERROR", "BLOCKED", "NOT_EXECUTED", "INCONCLUSIVE") == []
    assert killed(run, ids), "\n".join([defect.symptom, *(f"{c.id} {c.verdict}: {c.reason}" for c in run.cases)])


def killed(run, ids: list[str]) -> list[str]:
    return [case.id for case in run.cases if case.violated() & set(ids)]


def test_what_the_suite_is_for_has_defects_enough() -> None:
    findable = [d.id for d in DEFECTS.values() if d.requirements[0] in verified()]
    assert len(findable) >= 12
