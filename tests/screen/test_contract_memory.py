"""The memory screen keeps the screen contract."""

from __future__ import annotations

import pytest

from harness.contracts.screen import ScreenContract, ScreenEnds
from harness.foundation.clock import VirtualClock
from harness.screen import memory


@pytest.fixture
def ends() -> ScreenEnds:
    clock = VirtualClock()
    return ScreenEnds(clock, *memory.pair(clock))


class TestMemoryScreen(ScreenContract):
    pass
