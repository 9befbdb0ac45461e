"""Rig files on free ports, and ``hil rig check`` run in them as people run it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def rig(tmp_path: Path) -> Callable[..., Path]:
    """rigs/udp.yaml without sound, on ports of its own, with changes (old, new)."""

    def write(*changes: tuple[str, str]) -> Path:
        text = (ROOT / "rigs" / "udp.yaml").read_text("utf-8")
        text = re.sub(r"port: \d+", lambda _: f"port: {free_port()}", text)
        text = re.sub(r"^audio:.*$", "audio: {driver: none}", text, flags=re.MULTILINE)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "loop.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def check() -> Callable[..., tuple[int, dict[str, Any]]]:
    """(exit code, what it said as JSON)."""

    def run(path: Path, *more: str) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-P", "-m", "harness", "rig", "check", str(path), "--json", *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run
