"""The serial driver keeps the console contract, on a real pseudo terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.console.serial import SerialConsole
from harness.contracts.console import ConsoleContract, ConsoleEnds
from harness.foundation.clock import WallClock


@pytest.fixture
def ends(unit: Any) -> Iterator[ConsoleEnds]:
    clock = WallClock()
    port = SerialConsole(clock, unit.url)
    yield ConsoleEnds(clock, port, unit)
    port.close()


class TestSerialConsole(ConsoleContract):
    pass
