"""The memory driver keeps the supply contract."""

from __future__ import annotations

import pytest

from harness.contracts.supply import SupplyContract, SupplyEnds
from harness.foundation.clock import VirtualClock
from harness.supply import memory


@pytest.fixture
def ends() -> SupplyEnds:
    clock = VirtualClock()
    return SupplyEnds(clock, *memory.pair(clock))


class TestMemorySupply(SupplyContract):
    pass
