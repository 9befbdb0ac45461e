"""The python-can driver keeps the contract of CanPort on the kernel's own virtual bus."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.can.python_can import PythonCan
from harness.contracts.can import CanContract, CanEnds
from harness.foundation.clock import WallClock
from harness.foundation.units import MS


class TestPythonCanSocketcan(CanContract):
    @pytest.fixture
    def ends(self, clock: WallClock, open_can: Callable[[str], PythonCan]) -> CanEnds:
        return CanEnds(clock, open_can("vcan0"), open_can("vcan0"), settle=200 * MS)
