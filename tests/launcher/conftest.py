"""A checkout with nothing but the launcher, and a Python that records what it is asked instead of installing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FAKE = """#!/bin/sh
# Stands for a Python: knows its version, makes environments of itself, records installations.
log={log}
case "$*" in
  *"version_info < (3, 11)"*) exit {old} ;;
  *"import ensurepip, venv"*) exit {no_pip} ;;
  "-V") echo "Python {version}" ;;
  "-m venv --clear "*) echo venv >>"$log"; rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
  "-m pip install "*) echo pip >>"$log"; sleep {slow}; exit {fail} ;;
  "-P -m harness"*)
    shift 3
    echo "started with $* PYTHONPATH=${{PYTHONPATH-unset}} PYTHONHOME=${{PYTHONHOME-unset}}" ;;
  *) echo "unexpected: $*" >>"$log"; exit 9 ;;
esac
"""


class Checkout:
    """``start`` runs ./hil with only the fake Python and the system's tools on the path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        for name in ("hil", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, root / name)
        self.tools = root.parent / "tools"
        self.tools.mkdir()
        for tool in ("sh", "dirname", "cat", "cmp", "cp", "mkdir", "mv", "rm", "sleep", "echo", "printf"):
            found = shutil.which(tool)
            if found:
                (self.tools / tool).symlink_to(found)
        self.log = root.parent / "log"
        self.python()

    def python(
        self, version: str = "3.12.1", *, old: bool = False, no_pip: bool = False, fail: bool = False, slow: float = 0
    ) -> None:
        path = self.tools / "python3"
        path.write_text(
            FAKE.format(log=self.log, version=version, old=int(old), no_pip=int(no_pip), fail=int(fail), slow=slow)
        )
        path.chmod(0o755)

    def popen(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        environment = {"PATH": str(self.tools), "HOME": os.environ.get("HOME", "/"), **variables}
        return subprocess.Popen(
            [str(self.root / "hil"), *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        process = self.popen(*arguments, **variables)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def logged(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if sys.platform == "win32":
        pytest.skip("the launcher is for POSIX shells")
    return Checkout(tmp_path / "a checkout")


@pytest.fixture
def new_checkout() -> Callable[[Path], Checkout]:
    return Checkout
