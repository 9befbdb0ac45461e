"""A gateway that changes nothing keeps the contract of its port: nobody can tell that it is there."""

from __future__ import annotations

import pytest

from harness.audio import memory as sound
from harness.can.memory import pair
from harness.console import memory as console
from harness.contracts.audio import AudioContract, AudioEnds
from harness.contracts.can import CanContract, CanEnds
from harness.contracts.console import ConsoleContract, ConsoleEnds
from harness.contracts.io import IoContract, IoEnds
from harness.contracts.network import NetworkContract, NetworkEnds
from harness.contracts.screen import ScreenContract, ScreenEnds
from harness.contracts.supply import SupplyContract, SupplyEnds
from harness.foundation.clock import VirtualClock
from harness.io import memory as lines
from harness.network import memory as network
from harness.rig.gateway.audio import AudioGate
from harness.rig.gateway.can import CanGate
from harness.rig.gateway.console import ConsoleGate
from harness.rig.gateway.io import IoGate
from harness.rig.gateway.network import NetworkGate
from harness.rig.gateway.screen import ScreenGate
from harness.rig.gateway.supply import SupplyGate
from harness.screen import memory as screen
from harness.supply import memory as supply


class TestCanGate(CanContract):
    @pytest.fixture
    def ends(self) -> CanEnds:
        clock = VirtualClock()
        port, far = pair(clock)
        return CanEnds(clock, CanGate(clock, port), far)


class TestCanGateThatPassesAllOn(CanContract):
    """Every frame goes the changed way, both ways, and nothing becomes of it."""

    @pytest.fixture
    def ends(self) -> CanEnds:
        clock = VirtualClock()
        port, far = pair(clock)
        gate = CanGate(clock, port, from_unit=lambda heard: ((0, heard),))
        return CanEnds(clock, gate, far)


class TestAudioGate(AudioContract):
    @pytest.fixture
    def ends(self) -> AudioEnds:
        clock = VirtualClock()
        port, far = sound.pair(clock)
        return AudioEnds(clock, AudioGate(port), far)


class TestScreenGate(ScreenContract):
    @pytest.fixture
    def ends(self) -> ScreenEnds:
        clock = VirtualClock()
        port, far = screen.pair(clock)
        return ScreenEnds(clock, ScreenGate(port), far)


class TestSupplyGate(SupplyContract):
    @pytest.fixture
    def ends(self) -> SupplyEnds:
        clock = VirtualClock()
        port, far = supply.pair(clock)
        return SupplyEnds(clock, SupplyGate(clock, port), far)


class TestConsoleGate(ConsoleContract):
    @pytest.fixture
    def ends(self) -> ConsoleEnds:
        clock = VirtualClock()
        port, far = console.pair(clock)
        return ConsoleEnds(clock, ConsoleGate(port), far)


class TestNetworkGate(NetworkContract):
    @pytest.fixture
    def ends(self) -> NetworkEnds:
        clock = VirtualClock()
        port, far = network.pair(clock)
        return NetworkEnds(clock, NetworkGate(port, lambda link: link), far)


class TestIoGate(IoContract):
    @pytest.fixture
    def ends(self) -> IoEnds:
        clock = VirtualClock()
        port, far = lines.pair(clock)
        return IoEnds(clock, IoGate(clock, port), far)
