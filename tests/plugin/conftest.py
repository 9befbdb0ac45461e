"""Projects of one's own, and pytest run in them in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

REQUIREMENT = """\
schema: 1
requirements:
  ZZZ-01:
    title: A share is high enough
    text: It is.
    rationale: To be judged.
    version: 1
    status: active
    limits:
      coverage: {min: 50 %, source: "maker's value"}
      latency: {max: 1 s, source: "maker's value"}
    samples: {virtual: 3}
  ZZZ-02:
    title: Needs what the car has not
    text: An event-type button.
    rationale: To be not applicable.
    version: 1
    status: active
    needs: [button.event]
    limits:
      coverage: {min: 50 %, source: "maker's value"}
"""

HELPER = '''
from harness.foundation.errors import RigFault
from harness.foundation.stamps import Interval
from harness.foundation.values import Measurement
from harness.judging.observation import Observation
from harness.scenario import repeats, verifies


def share(world, low, high=None):
    """A question whose answer is known."""
    answer = Measurement("coverage", "%", Interval((low + (high or low)) / 2, low, high or low), "as said")
    look = lambda recording, limit, patience: answer
    return world.ask(Observation("share", {}, "coverage", "screen", world.now(), look, "the share"))
'''


class Project:
    """A folder with ``pytest.ini`` and scenarios; everything else comes from the harness."""

    def __init__(self, root: Path, rig: str = "virtual") -> None:
        self.root = root
        (root / "scenarios").mkdir(parents=True)
        rig_line = f"hil_rig = {rig}\n" if rig else ""
        (root / "pytest.ini").write_text(f"[pytest]\naddopts = --import-mode=importlib\n{rig_line}")

    def with_requirements(self) -> Project:
        """The tree's requirements and two of our own."""
        folder = self.root / "scenarios" / "requirements"
        shutil.copytree(ROOT / "scenarios" / "requirements", folder)
        (folder / "zzz.yaml").write_text(REQUIREMENT)
        return self

    def scenario(self, text: str, name: str = "test_it.py") -> None:
        path = self.root / "scenarios" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HELPER + text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        return subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments],
            cwd=self.root,
            env=environment | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def run(self, *arguments: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
        """Run all scenarios; also what ``run.json`` then says (without the Allure page, which takes long)."""
        from harness.evidence.finish import finish

        out = self.root / "out"
        done = self.pytest("--hil-out", str(out), *(arguments or ("scenarios",)))
        finish(out, allure=False)
        return done, json.loads((out / "run.json").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def make_project(tmp_path: Path):
    return lambda **more: Project(tmp_path / "other", **more)
