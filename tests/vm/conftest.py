"""Tests against programs and sockets of other people, on a kernel that has SocketCAN. Run them with tools/vm-tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.can.python_can import PythonCan, open_python_can
from harness.foundation.clock import WallClock

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [bus for bus in ("vcan0", "vcan1") if not Path("/sys/class/net", bus).exists()]
    if missing:
        skip = pytest.mark.skip(reason=f"this kernel has no {' and '.join(missing)}; run tools/vm-tests")
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(skip)


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def open_can(clock: WallClock) -> Iterator[Callable[[str], PythonCan]]:
    opened: list[PythonCan] = []

    def open_(channel: str) -> PythonCan:
        settings = {"interface": "socketcan", "channel": channel, "fd": True, "latency": "20 ms"}
        opened.append(open_python_can(clock, channel, settings))
        return opened[-1]

    yield open_
    for port in opened:
        port.close()


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a program of can-utils; what still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def start_(*command: str, **how: object) -> subprocess.Popen[str]:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is missing; its Debian package is can-utils")
        started.append(subprocess.Popen(command, text=True, **how))  # type: ignore[call-overload]
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.wait()
