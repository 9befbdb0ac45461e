"""What the bench needs of an opened rig; harness/rig provides it, another repository may too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from harness.audio.port import AudioPort
from harness.can.port import CanPort
from harness.console.port import ConsolePort
from harness.foundation.clock import Clock
from harness.io.port import IoPort
from harness.network.port import NetworkPort
from harness.phone.port import AccountPort, PhonePort
from harness.screen.port import ScreenPort
from harness.supply.port import SupplyPort
from harness.vehicle.vehicle import Vehicle


class Service(Protocol):
    """Phones and accounts on one messaging service."""

    def phone(self, account: str) -> PhonePort: ...

    def account(self, name: str) -> AccountPort: ...


class Ports(Protocol):
    clock: Clock
    vehicle: Vehicle
    can: Mapping[str, CanPort]
    audio: AudioPort
    supply: SupplyPort
    console: ConsolePort
    screen: ScreenPort
    io: IoPort
    network: NetworkPort
    service: Service

    def close(self) -> None: ...
