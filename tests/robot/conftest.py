"""Robot as people start it: in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """A run of Robot. ``out`` is its run folder."""

    code: int
    stdout: str
    stderr: str
    out: Path

    def journals(self) -> dict[str, bytes]:
        return {path.parent.name: path.read_bytes() for path in sorted((self.out / "cases").glob("*/journal.jsonl"))}

    def records(self, name: str) -> list[dict[str, Any]]:
        """The journal of the one case whose folder's name holds ``name``."""
        (found,) = (text for folder, text in self.journals().items() if name in folder)
        return [json.loads(line) for line in found.splitlines()]

    def verdict(self, name: str) -> tuple[str, str]:
        last = next(r for r in reversed(self.records(name)) if r["kind"] == "verdict")
        return last["verdict"], last["reason"]


class Robot:
    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch

    def start(
        self,
        *paths: Path,
        out: str,
        only: tuple[str, ...] = (),
        options: tuple[str, ...] = (),
        hash_seed: int = 0,
        **variables: str,
    ) -> subprocess.Popen[str]:
        settings = {"HIL_OUT": str(self.scratch / out), **variables}
        command = [sys.executable, "-P", "-m", "robot", "--consolecolors", "off", "--consolewidth", "200", *options]
        command += ["--output", "NONE", "--log", "NONE", "--report", "NONE"]
        for name, value in settings.items():
            command += ["--variable", f"{name}:{value}"]
        for name in only:
            command += ["--test", name]
        environment = {name: text for name, text in os.environ.items() if not name.startswith("HIL_")}
        environment["PYTHONHASHSEED"] = str(hash_seed)
        return subprocess.Popen(
            [*command, *map(str, paths)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=None if os.name == "nt" else _hears_interrupts,
        )

    def ended(self, process: subprocess.Popen[str], out: str) -> Ended:
        try:
            stdout, stderr = process.communicate(timeout=120)
        finally:
            process.kill()
        return Ended(process.returncode, stdout, stderr, self.scratch / out)

    def __call__(self, *paths: Path, out: str = "run", **how: Any) -> Ended:
        return self.ended(self.start(*paths, out=out, **how), out)


def _hears_interrupts() -> None:
    """A shell that starts tests in the background has them ignore SIGINT, and whoever they start would too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> Robot:
    return Robot(tmp_path_factory.mktemp("robot"))


@pytest.fixture(scope="session")
def scenarios() -> Path:
    return ROOT / "scenarios" / "robot"
