"""The SCPI driver keeps the supply contract over a real TCP socket: stepped, and by list mode.

The instrument's lists run by the bench clock, so no test waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.contracts.supply import SupplyContract, SupplyEnds
from harness.supply.scpi import ScpiSupply


@pytest.fixture(params=["generic", "keysight-e36300"])
def ends(clock: Any, instrument: Any, served: Any, request: pytest.FixtureRequest) -> Iterator[SupplyEnds]:
    if request.param != "generic":
        instrument.name = "Keysight Technologies,E36233A,0,1.0"
    port = ScpiSupply(clock, served.resource, request.param, current_limit=10, over_voltage=20)
    yield SupplyEnds(clock, port, instrument, accuracy=0.002, slack=port.dialect.timing.step)
    port.close()


class TestScpiSupply(SupplyContract):
    pass
