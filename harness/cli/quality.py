"""``hil test``: is this checkout in order? ruff, mypy --strict, import-linter, then its own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from harness.cli.project import project_root
from harness.foundation.errors import BadInput

STATIC = (
    ("ruff", ["-P", "-m", "ruff", "check", "."]),
    ("mypy", ["-P", "-m", "mypy"]),
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"]),
)


def test(arguments: list[str]) -> int:
    """All checks, and every finding of each; 1 when any of them found something. ``arguments`` go to pytest."""
    root = project_root(Path.cwd())
    if not (root / "tests").is_dir() or not (root / "harness").is_dir():
        remedy = "In your own project, run its tests with pytest and its scenarios with 'hil run'."
        raise BadInput(root, None, "", "is not a checkout of the harness", remedy)
    running = [(name, _start(command, root)) for name, command in STATIC]
    failed = []
    for name, process in running:
        output, _ = process.communicate()
        print(f"--- {name}: {'good' if process.returncode == 0 else 'findings'}", flush=True)
        if process.returncode:
            failed.append(name)
            print(output, flush=True)
    print("--- pytest", flush=True)
    # some tests wait for real time, others compute: who has nothing left takes over from who has
    own = ["tests", "-q", "-n", str(_workers()), "--dist", "worksteal"]
    command = [sys.executable, "-P", "-m", "pytest", *(arguments or own)]
    if subprocess.run(command, cwd=root, check=False).returncode:
        failed.append("pytest")
    if failed:
        print(f"hil: findings of {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _workers() -> int:
    """As many as there are cores: the tests of whole runs take most of the time, and each has a process of its own."""
    return min(4, os.cpu_count() or 1)


def _start(command: list[str], root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
