"""The memory driver keeps the network contract."""

from __future__ import annotations

import pytest

from harness.contracts.network import NetworkContract, NetworkEnds
from harness.foundation.clock import VirtualClock
from harness.network import memory


@pytest.fixture
def ends() -> NetworkEnds:
    clock = VirtualClock()
    return NetworkEnds(clock, *memory.pair(clock))


class TestMemoryNetwork(NetworkContract):
    pass
