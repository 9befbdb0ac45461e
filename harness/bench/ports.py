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
    @property
    def clock(self) -> Clock: ...
    @property
    def vehicle(self) -> Vehicle: ...
    @property
    def can(self) -> Mapping[str, CanPort]: ...
    @property
    def audio(self) -> AudioPort: ...
    @property
    def supply(self) -> SupplyPort: ...
    @property
    def console(self) -> ConsolePort: ...
    @property
    def screen(self) -> ScreenPort: ...
    @property
    def io(self) -> IoPort: ...
    @property
    def network(self) -> NetworkPort: ...
    @property
    def service(self) -> Service: ...

    def close(self) -> None: ...
