"""YAML as people write it: lines, suggestions, and nothing but BadInput for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from harness.foundation.config import load, load_yaml, suggest
from harness.foundation.errors import BadInput, SeveralBadInputs


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: str
    weight: float = 1.0


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int = Field(alias="schema")
    name: str = ""
    on: str = "off"
    parts: list[Part] = []
    named: dict[str, Part] = {}

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if len(name) > 10:
            raise ValueError("the name is long. Write at most 10 letters.")
        return name


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "file.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(path: Path) -> BadInput:
    with pytest.raises(BadInput) as why:
        load(path, File)
    return why.value


def test_a_right_file_becomes_its_model(write: Write) -> None:
    model, _ = load(write("schema: 1\nname: x\nparts:\n  - {colour: red}\n"), File)
    assert (model.name, model.parts[0].colour) == ("x", "red")


def test_each_value_knows_its_line(write: Write) -> None:
    located = load_yaml(write("schema: 1\nparts:\n  - colour: red\n  - colour: blue\n    weight: 2\n"))
    assert located.line(("schema",)) == 1
    assert located.line(("parts", 0, "colour")) == 3
    assert located.line(("parts", 1, "weight")) == 5
    assert located.line(("parts", 1, "height")) == 4, "what is not there is told at its parent"
    assert located.line(("nowhere", "at", "all")) == 1


def test_a_wrong_value_is_told_with_line_value_problem_and_remedy(write: Write) -> None:
    error = refused(write("schema: 1\n\nparts:\n  - {colour: red}\n  - colour: blue\n    weight: heavy\n"))
    assert error.line == 6
    assert error.value == "parts.1.weight = 'heavy'"
    assert "number" in error.problem
    assert error.remedy


def test_an_unknown_key_gets_a_suggestion_from_its_own_place(write: Write) -> None:
    assert refused(write("schema: 1\nnaem: x\n")).remedy == "Did you mean 'name'?"
    nested = refused(write("schema: 1\nnamed:\n  one:\n    colour: red\n    weihgt: 2\n"))
    assert (nested.line, nested.problem, nested.remedy) == (5, "unknown key", "Did you mean 'weight'?")


def test_a_missing_key_is_told_where_it_should_stand(write: Write) -> None:
    error = refused(write("schema: 1\nparts:\n  - {weight: 2}\n"))
    assert (error.line, error.problem, error.remedy) == (3, "is missing", "Add 'colour'.")


def test_our_own_rules_say_problem_and_remedy(write: Write) -> None:
    error = refused(write("schema: 1\nname: far too long a name\n"))
    assert (error.line, error.problem, error.remedy) == (2, "the name is long", "Write at most 10 letters.")


def test_several_mistakes_are_told_at_once(write: Write) -> None:
    with pytest.raises(SeveralBadInputs) as why:
        load(write("schema: 1\nnaem: x\nparts: 7\n"), File)
    assert [e.line for e in why.value.errors] == [3, 2] or [e.line for e in why.value.errors] == [2, 3]
    assert str(why.value).count("\n") == 1


def test_a_key_that_stands_twice_is_told_at_its_second_line(write: Write) -> None:
    error = refused(write("schema: 1\nname: x\nparts: []\nname: y\n"))
    assert (error.line, error.value, error.problem) == (4, "name", "the key stands twice")


def test_on_and_off_stay_words_and_true_is_a_truth(write: Write) -> None:
    data = load_yaml(write("schema: 1\na: on\nb: off\nc: yes\nd: true\ne: 2026-01-01\n")).data
    assert data == {"schema": 1, "a": "on", "b": "off", "c": "yes", "d": True, "e": "2026-01-01"}


@pytest.mark.parametrize(("text", "line"), [("a: [1, 2", 1), ("a: 1\nb: 'x\n", 3), ("a: 1\n\tb: 2\n", 2)])
def test_what_is_no_yaml_is_told_with_its_line(write: Write, text: str, line: int) -> None:
    error = refused(write(text))
    assert error.problem.startswith("not YAML")
    assert error.line is not None
    assert error.line <= line


def test_a_missing_file_is_told_with_a_neighbour_of_like_name(write: Write) -> None:
    path = write("schema: 1\n")
    error = refused(path.with_name("fiel.yaml"))
    assert (error.problem, error.remedy) == ("no such file", "Did you mean file.yaml?")
    assert refused(path.parent / "no" / "where.yaml").remedy == "Check the path."


def test_a_folder_or_bytes_are_no_text(tmp_path: Path) -> None:
    assert refused(tmp_path).problem.startswith("cannot be read")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    assert refused(tmp_path / "bytes.yaml").remedy == "It must be a UTF-8 text file."


def test_a_newer_schema_is_refused(write: Write) -> None:
    error = refused(write("name: x\nschema: 2\n"))
    assert (error.line, error.remedy) == (2, "Update the harness.")


@pytest.mark.parametrize("text", ["name: x\n", "schema: one\n", "schema: true\n", "- 1\n", "", "text\n"])
def test_a_file_without_schema_number_is_refused(write: Write, text: str) -> None:
    assert "schema: 1" in refused(write(text)).remedy


def test_an_older_schema_is_migrated_step_by_step(write: Write) -> None:
    steps = {
        1: lambda d: {**{k: v for k, v in d.items() if k != "title"}, "label": d["title"], "schema": 2},
        2: lambda d: {**{k: v for k, v in d.items() if k != "label"}, "name": d["label"], "schema": 3},
    }
    path = write("schema: 1\ntitle: old\n")
    model, located = load(path, File, schema=3, migrations=steps)
    assert (model.name, located.data["schema"]) == ("old", 3)
    with pytest.raises(BadInput, match="schema 1 is too old"):
        load(path, File, schema=3, migrations={2: steps[2]})


def test_a_suggestion_is_the_nearest_word_or_all_of_them() -> None:
    assert suggest("memroy", ["memory", "serial"]) == "Did you mean 'memory'?"
    assert suggest("xyz", ["serial", "memory"]) == "Known: memory, serial."


ODD = ["{[1]: 2}", "? {a: b}\n: c", "&a [*a]", "&a {x: *a}", "\x00", "\x07bell", "a: *nobody", "!!int x", "!!float x",
       "9" * 5000, "!!timestamp 2026-13-45", "!!binary %%%", "[" * 3000, "a: !unknown 1", "--- 1\n--- 2",
       "%YAML 9.9\n---\n1",
       "<<: {a: 1}", "? \n: 1", ".inf: .nan", "schema: 1\nparts: .nan", "!!set {a}", "!!omap [a: 1]", "\ud7ff: \ufeff",
       "schema: 1e999", "schema: 99999999999999999999", "190:20:30: 1", "!!bool maybe", "!!null x", "schema: !!int ''",
       "!!python/object:os.system {}", "0b: 0x: 0o9", "schema: 1\nname: 0x", "- - - - -", "{? a, b}",
       "a:\n<<: *b"]  # fmt: skip


def gives_a_model_or_bad_input(path: Path) -> None:
    try:
        load(path, File)
    except (BadInput, SeveralBadInputs) as why:
        for error in getattr(why, "errors", [why]):
            assert error.problem
            assert error.remedy
            assert error.line is None or error.line >= 1


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_an_odd_text_gives_a_model_or_bad_input(write: Write, text: str) -> None:
    gives_a_model_or_bad_input(write(text))


@settings(deadline=None, max_examples=200)
@example("\x85")
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("{}[]:,-?&*!|>'\"%@`# \n\tabs01.schema:<~"), st.characters(codec="utf-8")),
        max_size=60,
    )
)
def test_any_text_gives_a_model_or_bad_input(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    for beginning in ("", "schema: 1\n"):
        path.write_text(beginning + text, encoding="utf-8")
        gives_a_model_or_bad_input(path)
