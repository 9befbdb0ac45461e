"""Names within a pack: one name is one file on every system."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.pack.names import clashes, problem_of


@pytest.mark.parametrize("name", ["run/run.json", "cases/消息.1/mic.wav", "a b/c-d_e.f", "README.md", "Türen"])
def test_usual_names_are_good(name: str) -> None:
    assert problem_of(name) == ""


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a//b", "../a", "a/..", "./a", "a/", "C:/a", "a\\b", "NUL", "a/com1.log", "a\nb", "a\u202eb", "a\u200bb",
     "e\u0301", "a.", "a /b", "-a", "a:b", 'a"b', "{a}", "x" * 256, "a/" * 600 + "b", "\udc80"],
)  # fmt: skip
def test_names_that_mean_something_else_elsewhere_are_not(name: str) -> None:
    assert problem_of(name) != ""


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (["a", "A"], ("A", "a")),
        (["straße", "STRASSE"], ("STRASSE", "straße")),
        (["a/b", "A/c"], ("A/c", "a")),
        (["a", "a/b"], ("a/b", "a")),
        (["a/b", "a"], ("a", "a")),
        (["a", "a"], ("a", "a")),
        (["ﬁ", "fi"], ("fi", "ﬁ")),
    ],
)
def test_names_that_some_system_takes_for_one_clash(names: list[str], clash: tuple[str, str]) -> None:
    assert clashes(names) == [clash]


def test_names_that_differ_do_not_clash() -> None:
    assert clashes(["a/b", "a/c", "ab/c", "b/a", "消息", "信息"]) == []


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("aAbB/é", min_size=1, max_size=6), max_size=6))
def test_a_clash_is_found_whenever_two_names_fold_to_one(names: list[str]) -> None:
    folded = [name.casefold() for name in names]
    if len(set(folded)) < len(folded):
        assert clashes(names) != []
