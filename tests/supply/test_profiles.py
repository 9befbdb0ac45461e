"""Profiles as files: what they say, and what is told of a wrong one."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS, S
from harness.supply.course import Course
from harness.supply.port import Point
from harness.supply.profiles import names, read_profile, shipped, span_of


def written(folder: Path, text: str, name: str = "p.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


STEPS = """schema: 1
title: all that a step can do
start: 12 V
steps:
  - {hold: 1 s}
  - {to: 8 V, within: 100 ms}
  - {dip: 4.5 V, for: 10 ms}
  - {repeat: 2, steps: [{cut: 5 ms}, {hold: 5 ms}]}
  - {to: 12 V}
"""


def test_steps_become_corners(tmp_path: Path) -> None:
    points = read_profile(written(tmp_path, STEPS))
    t = 1100 * MS
    assert points == (
        Point(0, 12.0), Point(S, 12.0), Point(t, 8.0),
        Point(t, 4.5), Point(t + 10 * MS, 4.5), Point(t + 10 * MS, 8.0),
        Point(t + 10 * MS, 0.0), Point(t + 15 * MS, 0.0), Point(t + 15 * MS, 8.0), Point(t + 20 * MS, 8.0),
        Point(t + 20 * MS, 0.0), Point(t + 25 * MS, 0.0), Point(t + 25 * MS, 8.0), Point(t + 30 * MS, 8.0),
        Point(t + 30 * MS, 12.0),
    )  # fmt: skip
    course = Course()
    course.follow(0, points)
    assert course.volts(1050 * MS) == pytest.approx(10.0)
    assert course.volts(t + 12 * MS) == 0.0


def test_points_and_csv_say_the_same(tmp_path: Path) -> None:
    yaml = "schema: 1\ntitle: t\npoints:\n  - {after: 0 ms, volts: 12.6 V}\n  - {after: 5 ms, volts: 8.0 V}\n"
    table = "# a remark\nafter [ms],volts [mV]\n0,12600\n5,8000\n"
    expected = (Point(0, 12.6), Point(5 * MS, 8.0))
    assert read_profile(written(tmp_path, yaml)) == read_profile(written(tmp_path, table, "p.csv")) == expected


@pytest.mark.parametrize("name", names())
def test_each_profile_that_comes_along_begins_and_ends_in_the_normal_range(name: str) -> None:
    points = shipped(name)
    assert 9.0 <= points[0].volts <= 16.0
    assert 9.0 <= points[-1].volts <= 16.0
    assert span_of(points) > 0
    assert all(a.after <= b.after for a, b in pairwise(points))


def test_the_first_starting_level_has_the_shape_of_the_standard() -> None:
    assert shipped("iso-16750-2-start-1") == (
        Point(0, 12.6), Point(5 * MS, 8.0), Point(20 * MS, 8.0), Point(70 * MS, 9.5), Point(1070 * MS, 9.5),
        Point(1110 * MS, 12.6),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("schema: 1\ntitle: t\nstart: 12 V\nsteps:\n  - {hold: 1}\n", 5, "unit is missing"),
        ("schema: 1\ntitle: t\nstart: 12 V\nsteps:\n  - {hold: 1 s}\n  - {dip: 4 V}\n", 6, "belong together"),
        ("schema: 1\ntitle: t\nstart: 12 V\nsteps:\n  - {to: 900 V}\n", 5, "no supply of a car"),
        ("schema: 1\ntitle: t\nsteps:\n  - {hold: 1 s}\n", 1, "'start' and 'steps'"),
        ("schema: 1\ntitle: t\nstart: 12 V\n", 1, "either points or steps"),
        ("schema: 1\ntitle: t\npoints:\n  - {after: 5 ms, volts: 1 V}\n  - {after: 0 s, volts: 1 V}\n", 5, "earlier"),
        ("schema: 1\ntitle: t\nstart: 12 V\nsteps:\n  - {hodl: 1 s}\n", 5, "unknown key"),
        ("schema: 2\ntitle: t\n", 1, "schema 2"),
    ],
)
def test_what_is_wrong_in_yaml_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises((BadInput, SeveralBadInputs)) as told:
        read_profile(written(tmp_path, text))
    first = told.value.errors[0] if isinstance(told.value, SeveralBadInputs) else told.value
    assert first.line == line
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "has no lines"),
        ("t,u\n0,12\n", 1, "is no header"),
        ("after [m],volts [V]\n0,12\n", 1, "no unit of after"),
        ("after [ms],volts [V]\n", 1, "no corner"),
        ("after [ms],volts [V]\n0,12\n5,zwölf\n", 3, "zwölf"),
        ("after [ms],volts [V]\n0,12\n5\n", 3, "1 columns"),
        ("after [ms],volts [V]\n5,12\n\n0,12\n", 4, "earlier"),
        ("after [ms],volts [V]\n0,-3\n", 2, "no supply"),
    ],
)
def test_what_is_wrong_in_csv_is_told_with_its_line(tmp_path: Path, text: str, line: int | None, says: str) -> None:
    with pytest.raises(BadInput) as told:
        read_profile(written(tmp_path, text, "p.csv"))
    assert told.value.line == line
    assert says in str(told.value)


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(BadInput, match="iso-16750-2-start-1"):
        shipped("iso-16750-2-strt-1")


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="after [ms],volts\n0123456789.V-#", max_size=80))
def test_no_csv_makes_anything_but_bad_input(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.getbasetemp(), text, "any.csv")
    with suppress(BadInput):
        read_profile(path)
