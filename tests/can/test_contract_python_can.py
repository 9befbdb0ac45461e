"""The python-can driver keeps the contract of CanPort, on python-can's own virtual interface and in true time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.can.python_can import open_python_can
from harness.contracts.can import CanContract, CanEnds
from harness.foundation.clock import WallClock
from harness.foundation.units import MS


class TestPythonCanVirtual(CanContract):
    @pytest.fixture
    def ends(self, request: pytest.FixtureRequest) -> Iterator[CanEnds]:
        clock = WallClock()
        settings = {"interface": "virtual", "channel": request.node.nodeid, "fd": True}
        port, far = (open_python_can(clock, name, settings) for name in ("port", "far"))
        yield CanEnds(clock, port, far, settle=80 * MS)
        port.close()
        far.close()
