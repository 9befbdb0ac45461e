"""No limit stands in the requirements that no scenario holds a unit against."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from harness.judging.requirements import load_requirements

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
ROWS = {name: (figure, said) for name, figure, said in re.findall(r"^\| (\S+\.\w+) \| (.*) \| (.*) \|$", PAGE, re.M)}
REMEDY = "run tools/make_limits_page.py with runs that hold its scenarios"


def verified(path: Path, function: str) -> set[str]:
    """The requirements that a scenario says it verifies."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for call in (d for d in node.decorator_list if isinstance(d, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "verifies":
                    found |= {arg.value for arg in call.args if isinstance(arg, ast.Constant)}
    return found


def test_the_page_holds_every_limit_as_it_stands() -> None:
    known = load_requirements(ROOT / "scenarios" / "requirements").requirements.values()
    limits = {f"{r.id}.{quantity}": limit.text for r in known for quantity, limit in r.limits.items()}
    assert {name: figure for name, (figure, _) in ROWS.items()} == limits, REMEDY


@pytest.mark.parametrize("name", ROWS)
def test_something_judges_it(name: str) -> None:
    requirement, _, quantity = name.partition(".")
    said = ROWS[name][1]
    places = re.findall(r"`([^`]+)`", said)
    assert places, f"{name}: judge it in a scenario, or take it out; then {REMEDY}"
    for place in places:
        path, _, function = place.partition("::")
        if said.startswith("tried by"):
            assert quantity in (ROOT / path).read_text(encoding="utf-8"), REMEDY
        else:
            assert requirement in verified(ROOT / path, function), REMEDY
