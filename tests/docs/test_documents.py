"""The documents say nothing of the tree that is not so: links, commands, options, ids, examples."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from harness.cli.main import parser
from harness.foundation.values import Verdict, exit_code
from harness.headunit.defects import catalogue
from harness.judging.requirements import load_requirements

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BY_NAME = pytest.mark.parametrize("path", DOCUMENTS, ids=[str(p.relative_to(ROOT)) for p in DOCUMENTS])

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:(?<=[\s`'])|^)(?:\./)?hil ((?:run|test|report|requirements|rig|vehicle)\b[^`\n]*)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[a-z])(?![\w-])")


def code(path: Path) -> str:
    """Fenced and indented blocks and inline spans, a line each."""
    text = path.read_text(encoding="utf-8")
    blocks = [block for _, block in FENCE.findall(text)]
    rest = FENCE.sub("", text)
    indented = [line.strip() for line in rest.splitlines() if line.startswith("    ")]
    spans = re.findall(r"`([^`\n]+)`", rest)
    return "\n".join([*blocks, *indented, *spans])


def commands(path: Path) -> Iterator[list[str]]:
    """The words behind ``hil`` of every command the document names, without a comment at its end."""
    for match in COMMAND.findall(code(path)):
        yield shlex.split(match, comments=True)


def words_of(command: str) -> ArgumentParser:
    actions = parser()._actions
    return next(a for a in actions if isinstance(a, _SubParsersAction)).choices[command]


def options_of(command: str) -> set[str]:
    """Those of the command and of what it can be told to do (hil rig learn)."""
    words, found = [words_of(command)], set()
    for one in words:
        found |= {o for action in one._actions for o in action.option_strings}
        words += [w for a in one._actions if isinstance(a, _SubParsersAction) for w in a.choices.values()]
    return found - {"-h", "--help"}


def only_a_name(words: list[str]) -> bool:
    """ "hil rig check", "hil run [PATHS]", "hil run -k": a command or an option is spoken of, not used."""
    if words[1:] in ([], ["check"]) or any(w.isupper() or w.startswith("[") or "..." in w for w in words[1:]):
        return True
    last = next((a for a in words_of(words[0])._actions if words[-1] in a.option_strings), None)
    return last is not None and last.nargs != 0


def blocks(path: Path, language: str) -> list[str]:
    return [block for kind, block in FENCE.findall(path.read_text(encoding="utf-8")) if kind == language]


@BY_NAME
def test_relative_links_resolve(path: Path) -> None:
    targets = [t.partition("#")[0] for t in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8")))]
    broken = [t for t in targets if t and "://" not in t and not (path.parent / t).exists()]
    assert broken == []


@BY_NAME
def test_options_of_named_commands_exist(path: Path) -> None:
    unknown = [
        (words[0], option)
        for words in commands(path)
        if words[0] != "test"  # everything behind it is pytest's
        for option in OPTION.findall(" ".join(w for w in words if w.startswith("-")))
        if option not in options_of(words[0])
    ]
    assert unknown == []


@BY_NAME
def test_named_commands_can_be_given(path: Path) -> None:
    """Commands without a placeholder are read by the program's own parser, and name what is there."""
    for words in commands(path):
        if words[0] == "test" or only_a_name(words):
            continue
        options = parser().parse_args(words)
        for defect in getattr(options, "defect", []):
            assert defect in catalogue(), words
        for place in getattr(options, "paths", []):
            assert (ROOT / place).exists(), words


@BY_NAME
def test_options_used_in_an_example_are_described(path: Path) -> None:
    described = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    for words in commands(path):
        for option in OPTION.findall(" ".join(w for w in words if w.startswith("-"))):
            assert words[0] == "test" or option in described, (words, option)


def test_the_command_line_reference_has_every_option_of_run_and_no_other() -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    section = text.partition("## hil run\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(-{1,2}[\w-]+)", section, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == options_of("run")


@pytest.mark.parametrize("command", ["report", "requirements"])
def test_the_command_line_reference_has_every_option_of(command: str) -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    section = text.partition(f"## hil {command}\n")[2].partition("\n## ")[0]
    assert set(OPTION.findall(section)) == options_of(command)


def test_the_exit_codes_in_the_readme_are_the_programs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([A-Z_]+) \|[^|]*\| (\d) \|$", text, re.MULTILINE))
    assert rows == {str(verdict): str(exit_code([verdict])) for verdict in Verdict}


@BY_NAME
def test_python_examples_compile_and_use_what_there_is(path: Path) -> None:
    requirements = load_requirements(ROOT / "scenarios" / "requirements")
    fixtures = set(re.findall(r"^def (\w+)\(", (ROOT / "harness/pytest_fixtures.py").read_text(), re.MULTILINE))
    for block in blocks(path, "python"):
        compile(block, str(path), "exec")
        for id_ in re.findall(r"(?:judge|require|verifies|repeats)\(\"([A-Z]+-\d+)\"", block):
            assert id_ in requirements
        for arguments in re.findall(r"^def test_\w+\(([^)]*)\)", block, re.MULTILINE):
            assert {a.strip() for a in arguments.split(",")} <= fixtures


@BY_NAME
def test_yaml_examples_can_be_read(path: Path) -> None:
    for block in blocks(path, "yaml"):
        assert yaml.safe_load(block), block


def test_the_rig_in_the_reference_is_the_rig_of_the_tree() -> None:
    shown = yaml.safe_load(blocks(ROOT / "docs/reference/rig-file.md", "yaml")[0])
    assert shown == yaml.safe_load((ROOT / "rigs/virtual.yaml").read_text(encoding="utf-8"))


def test_the_page_of_requirements_is_up_to_date() -> None:
    """If not: .venv/bin/python tools/make_requirements_page.py, and the figures in README.md."""
    text = (ROOT / "docs/reference/requirements.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([A-Z]+-\d+) \|[^|]*\| (.*) \|$", text, re.MULTILINE))
    assert set(rows) == set(load_requirements(ROOT / "scenarios" / "requirements"))
    sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "scenarios").rglob("test_*.py"))
    written = set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    assert set(re.findall(r"\btest_\w+", text)) == written
    assert "none yet" not in rows.values()
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"all {len(rows)} requirements have scenarios" in readme


def test_pictures_are_small_enough_to_be_kept() -> None:
    pictures = sorted((ROOT / "docs/pictures").glob("*.png"))
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > 300_000] == []
