"""The memory driver keeps the console contract."""

from __future__ import annotations

import pytest

from harness.console import memory
from harness.contracts.console import ConsoleContract, ConsoleEnds
from harness.foundation.clock import VirtualClock


@pytest.fixture
def ends() -> ConsoleEnds:
    clock = VirtualClock()
    return ConsoleEnds(clock, *memory.pair(clock))


class TestMemoryConsole(ConsoleContract):
    pass
