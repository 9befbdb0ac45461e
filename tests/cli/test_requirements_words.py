"""``hil requirements``: the table and what --strict finds, the exports, the import."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main, parser

ROOT = Path(__file__).resolve().parents[2]
STRAYS = '''
"""BTN: the steering-wheel button."""
from harness.scenario import verifies


@verifies("BTN-01")
def test_known(head_unit):
    """Verifies something."""


def test_nothing(head_unit):
    """Verifies nothing."""


@verifies("BTN-99")
def test_unknown(head_unit):
    """Verifies what is not there."""
'''
ONE = """\
schema: 1
requirements:
  BTN-01:
    title: A press wakes messaging
    text: It does.
    rationale: Why not.
    version: 1
    status: active
    limits:
      latency: {max: 250 ms, source: "maker's value"}
"""
ROBOT = """\
*** Settings ***
Library    harness.robot_library

*** Test Cases ***
Verifies Nothing
    Log    nothing

Verifies Something
    [Tags]    BTN-01
    Log    nothing
"""


@pytest.fixture
def small(project: Any) -> Any:
    """A project with one requirement, and a car that asks for no limits of its own."""
    car = project.root / "dbc" / "gs4"
    shutil.copytree(ROOT / "dbc" / "gs4", car)
    text = (car / "vehicle.yaml").read_text(encoding="utf-8")
    (car / "vehicle.yaml").write_text(re.sub(r"^limits:.*\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE), "utf-8")
    link = project.root / "scenarios" / "requirements"
    link.unlink()
    link.mkdir()
    (link / "btn.yaml").write_text(ONE, encoding="utf-8")
    return project


def test_strict_is_content_when_each_has_the_other(small: Any) -> None:
    small.scenario(STRAYS.partition("\n\ndef test_nothing")[0])
    done = small.hil("requirements", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 requirements have a scenario" in done.stdout


@pytest.mark.parametrize("stray", ["test_nothing", "test_unknown"])
def test_strict_fails_on_a_scenario_without_id_or_with_an_unknown_one(small: Any, stray: str) -> None:
    head, *tests = STRAYS.split("\n\n\n")
    small.scenario("\n\n\n".join([head, tests[0], *(t for t in tests if stray in t)]))
    done = small.hil("requirements", "--strict", "--json")
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    found = (data["unknown"], [case.partition("[")[0].rpartition("::")[2] for case in data["without_id"]])
    assert found == (([], ["test_nothing"]) if stray == "test_nothing" else (["BTN-99"], []))


def test_a_robot_scenario_without_a_tag_is_found_too(small: Any) -> None:
    small.scenario(ROBOT, "press.robot")
    done = small.hil("requirements", "scenarios/press.robot", "--strict")
    assert done.returncode == 1
    assert "names no requirement: Press::Verifies Nothing" in done.stdout


@pytest.mark.parametrize("name", ["trace.csv", "needs.json", "trace.reqif"])
def test_what_is_exported_can_be_imported(small: Any, name: str) -> None:
    small.scenario(ROBOT, "press.robot")
    done = small.hil("requirements", "export", "scenarios/press.robot", "--out", name)
    assert done.returncode == 0, done.stderr
    assert "1 requirements, 2 scenarios" in done.stdout
    assert "without scenario: none" in done.stdout
    assert "btn-01-" in (small.root / name).read_text(encoding="utf-8")  # a seeded defect
    back = small.hil("requirements", "import", name, "--out", "imported")
    assert back.returncode == 0, back.stderr
    assert "latency" in (small.root / "imported" / "btn.yaml").read_text(encoding="utf-8")


def test_a_format_is_chosen_by_word_where_the_ending_says_nothing(small: Any) -> None:
    small.scenario(ROBOT, "press.robot")
    done = small.hil("requirements", "export", "scenarios/press.robot", "--format", "html", "--out", "matrix")
    assert done.returncode == 0, done.stderr
    assert (small.root / "matrix").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["export"], "where to is missing"),
        (["export", "--out", "x"], "names no format"),
        (["export", "--out", "x.csv", "--strict"], "mean nothing to export"),
        (["export", "--out", "x.csv", "--run", "."], "no run.json"),
        (["import", "--out", "x"], "one file is read at a time"),
        (["import", "a.csv", "b.csv", "--out", "x"], "one file is read at a time"),
        (["import", "none.csv", "--out", "x"], "no such file"),
        (["import", __file__], "where to is missing"),
        (["import", __file__, "--out", "x"], "is no format we read"),
        (["import", "a.csv", "--out", "x", "--format", "csv"], "mean nothing to import"),
        (["--format", "csv"], "are for export"),
    ],
)
def test_wrong_words_exit_with_2(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["requirements", *words]) == 2
    said = capsys.readouterr().err
    assert problem in said
    assert "Traceback" not in said


def test_a_bad_file_to_import_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.csv").write_text("id,title,text\nBTN1,T,x\n")
    assert main(["requirements", "import", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "out")]) == 2
    assert "bad.csv:2" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_words_are_told_from_paths() -> None:
    read = parser().parse_args
    assert (read(["requirements"]).what, read(["requirements"]).paths) == ("show", [])
    assert read(["requirements", "scenarios/login"]).paths == ["scenarios/login"]
    assert read(["requirements", "./export"]).what == "show"
    assert read(["requirements", "export", "a", "--out", "b"]).paths == ["a"]
    assert read(["requirements", "import", "f.csv"]).file == Path("f.csv")
