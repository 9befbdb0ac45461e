"""Quantities and limits in the report's language: the catalogue's all have words, and no word is left over."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.paper.naming import OURS, bounds, quantity, source
from harness.evidence.paper.words import words
from harness.foundation.values import Limit
from harness.judging.requirements import load_requirements

ROOT = Path(__file__).resolve().parents[2]
MEASURED = {"watch"}
"""Quantities that have no limit in a requirement of their own: the watch time is the requirement's."""
FORMS = {"l_for", "l_part", "l_status", "l_line", "l_strip"}
STATUSES = {"law", "standard", "guideline", "draft", "maker's value"}


@pytest.fixture(scope="module")
def limits() -> list[tuple[str, Limit]]:
    known = load_requirements(ROOT / "scenarios" / "requirements")
    return [(name, limit) for id_ in known for name, limit in known[id_].limits.items()]


def clauses(limits: list[tuple[str, Limit]]) -> set[str]:
    """What follows a source of ours, and sources that are no standard's name."""
    sources = {limit.source for _, limit in limits}
    return {s.removeprefix(f"{ours} ") for ours in OURS for s in sources if s.startswith(f"{ours} ")}


def test_every_quantity_of_the_catalogue_has_a_word_and_no_other(limits: list[tuple[str, Limit]]) -> None:
    assert {k.removeprefix("q_") for k in words("zh") if k.startswith("q_")} == {n for n, _ in limits} | MEASURED


def test_no_two_quantities_share_a_chinese_word() -> None:
    called = [word for key, word in words("zh").items() if key.startswith("q_")]
    assert sorted(set(called)) == sorted(called)


def test_every_plain_clause_has_a_word_and_no_other(limits: list[tuple[str, Limit]]) -> None:
    found = {k.removeprefix("l_") for k in words("zh") if k.startswith("l_")} - {f.removeprefix("l_") for f in FORMS}
    plain = clauses(limits) | set(OURS) | STATUSES
    assert plain <= found
    assert found - plain <= {limit.source for _, limit in limits}


def test_english_says_what_was_recorded(limits: list[tuple[str, Limit]]) -> None:
    english = words("en")
    for name, limit in limits:
        as_json = asdict(limit)
        assert quantity(name, english) == name.replace("_", " ")
        assert source(as_json, english).startswith(limit.source)
        assert bounds(as_json, english) == limit.text


def test_chinese_says_it_in_chinese() -> None:
    chinese = words("zh")
    maker: dict[str, Any] = {"text": "<= 10 s", "source": "maker's value cold start", "status": "maker's value"}
    assert source(maker, chinese) == "制造商规定值，冷启动"
    assert source({"source": "project figure", "status": "maker's value"}, chinese) == "项目规定值（制造商规定值）"
    assert source({"source": "ISO 14229-1 DTC", "status": "standard"}, chinese) == "ISO 14229-1 DTC（标准）"
    assert bounds({"text": "for 3 s"}, chinese) == "持续 3 s"
    assert bounds(maker, chinese) == "<= 10 s"
    assert quantity("latency", chinese) == "响应时间"


def test_what_a_project_adds_stays_as_it_is() -> None:
    chinese = words("zh")
    assert quantity("wobble_rate", chinese) == "wobble rate"
    assert source({"source": "our lab 7.3", "status": "agreed"}, chinese) == "our lab 7.3（agreed）"
    assert source({"source": "maker's value at night", "status": ""}, chinese) == "制造商规定值，at night"
