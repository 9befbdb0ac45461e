"""Another repository with its own scenarios, and the program run in it as people run it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRESSES = '''
"""BTN: the steering-wheel button."""
from harness.scenario import MS, verifies


@verifies("BTN-01")
def test_press(driver, head_unit, logged_in, judge):
    """A press wakes messaging."""
    press = driver.press("messaging", hold=120 * MS)
    judge("BTN-01", head_unit.app.reaches("listening", after=press))


@verifies("BTN-01")
def test_broken(head_unit):
    """Our own mistake."""
    raise KeyError("chime")
'''


class Project:
    """Another repository: its own scenarios beside the harness's rigs, cars and requirements."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "scenarios").mkdir(parents=True)
        for name in ("requirements", "stimuli"):
            (root / "scenarios" / name).symlink_to(ROOT / "scenarios" / name)
        (root / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\nhil_rig = virtual\n")

    def scenario(self, text: str = PRESSES, name: str = "test_press.py") -> None:
        (self.root / "scenarios" / name).write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": ""}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "harness", *arguments],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hil(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def run_json(self, out: Path) -> Any:
        return json.loads((out / "run.json").read_text())

    def interrupted(self, number: signal.Signals, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Start, wait until a scenario has written to the pipe named ``told``, send the signal."""
        process = self.hanging(*arguments)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def hanging(self, *arguments: str) -> subprocess.Popen[str]:
        """Start, and wait until a scenario has written to the pipe named ``told``, or the run has said how it ended."""
        os.mkfifo(self.root / "told")
        told = os.open(self.root / "told", os.O_RDONLY | os.O_NONBLOCK)
        try:
            process = self.start(*arguments)
            select.select([told, process.stdout], [], [], 60)
        finally:
            os.close(told)
        return process


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")
