"""A toy project with a toy package and toy tests, and the command that mutates it, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

SOURCE = '''"""A door."""

LIMIT = 3


def opens(pushes: int) -> bool:
    """After enough pushes."""
    return pushes >= LIMIT


def colour(day: int) -> str:
    return "red" if day > 7 else "blue"


def never(a: int) -> int:
    return a + 4


def waits(n: int) -> int:
    while n > 0:
        n -= 1
    return n
'''

TESTS = """
from toy.door import LIMIT, colour, opens, waits


def test_opens():
    assert opens(3)
    assert not opens(2)


def test_colour():
    assert colour(1) == "blue"


def test_waits():
    assert waits(2) == 0
"""

CAMPAIGNS = """
door: {title: A door, kind: tests, package: toy, wanted: 0.5, sources: [toy/door.py], tests: [tests]}
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    pytest.importorskip("mutmut")
    for place, text in {
        "toy/__init__.py": "",
        "toy/door.py": SOURCE,
        "tests/test_door.py": TESTS,
        # as pytest does by itself for the package of a plugin
        "conftest.py": "import pytest\n\npytest.register_assert_rewrite('toy')\n",
        "campaigns.yaml": CAMPAIGNS,
        "equivalent.yaml": "[]",
        "pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n",
    }.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def mutants(toy: Path) -> Callable[..., tuple[int, dict[str, Any], str]]:
    """Runs the command with these options: exit code, its JSON (empty for none), what it said besides."""

    def run(*options: str) -> tuple[int, dict[str, Any], str]:
        command = [
            sys.executable, "-P", "-c", "import sys; from pathlib import Path; from mutation.main import main\n"
            "sys.exit(main(sys.argv[2:], Path(sys.argv[1])))", str(toy), "door", "--json",
            "--campaigns", str(toy / "campaigns.yaml"), "--equivalent", str(toy / "equivalent.yaml"),
            "--out", str(toy / "out"), "--hang", "1", *options,
        ]  # fmt: skip
        path = os.pathsep.join([str(toy), str(ROOT), str(ROOT / "tools")])
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr

    return run
