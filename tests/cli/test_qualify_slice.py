"""The slice of the catalogue that is tried after each change."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from harness.cli.qualify_slice import in_car, read
from harness.foundation.errors import BadInput
from harness.headunit.defects import Kind, catalogue
from harness.judging.requirements import load_requirements

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios/qualification_slice.yaml"


@pytest.fixture(scope="module")
def slice_():
    return read(FILE, dict(catalogue()))


def test_it_has_one_defect_of_each_requirement_and_all_kinds(slice_):
    known = catalogue()
    assert sorted(known[name].requirements[0] for name in slice_) == sorted(
        load_requirements(ROOT / "scenarios/requirements")
    )
    assert {known[name].kind for name in slice_} == set(Kind)


def test_its_cases_are_there_and_judge_the_requirement(slice_):
    for name, case in slice_.items():
        place, _, rest = case.partition("::")
        tree = ast.parse((ROOT / place).read_text("utf-8"))
        functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
        marks = [ast.unparse(mark) for mark in functions[rest.partition("[")[0]].decorator_list]
        assert any(catalogue()[name].requirements[0] in mark for mark in marks if mark.startswith("verifies"))


def test_a_case_is_named_for_the_car():
    assert in_car("a.py::test_x", "f5") == "a.py::test_x[f5]"
    assert in_car("a.py::test_x[left-on]", "f5") == "a.py::test_x[f5-left-on]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 1\nslice: {btn-01-screen-lat: 'a.py::b'}\n", "btn-01-screen-late"),
        ("schema: 1\nslice: {btn-01-screen-late: a.py}\n", "no slice"),
        ("schema: 2\nslice: {}\n", "no slice"),
        ("nothing\n", "no slice"),
    ],
)
def test_what_is_no_slice_is_told(tmp_path, text, said):
    path = tmp_path / "slice.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=said):
        read(path, dict(catalogue()))
