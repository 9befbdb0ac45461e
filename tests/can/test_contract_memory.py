"""The memory bus keeps the contract of CanPort."""

from __future__ import annotations

import pytest

from harness.can.memory import pair
from harness.contracts.can import CanContract, CanEnds
from harness.foundation.clock import VirtualClock


class TestMemoryCan(CanContract):
    @pytest.fixture
    def ends(self) -> CanEnds:
        clock = VirtualClock()
        port, far = pair(clock)
        return CanEnds(clock, port, far)
