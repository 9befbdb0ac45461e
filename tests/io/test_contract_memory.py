"""The memory driver keeps the io contract."""

from __future__ import annotations

import pytest

from harness.contracts.io import IoContract, IoEnds
from harness.foundation.clock import VirtualClock
from harness.io import memory


@pytest.fixture
def ends() -> IoEnds:
    clock = VirtualClock()
    return IoEnds(clock, *memory.pair(clock))


class TestMemoryIo(IoContract):
    pass
