"""What the bench needs of an opened rig; harness/rig provides it, another repository may too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Protocol

from harness.audio.port import AudioPort
from harness.can.disturbance import Disturbance
from harness.can.port import CanPort
from harness.can.signal import Value
from harness.console.port import ConsolePort
from harness.foundation.clock import Clock
from harness.foundation.units import Ns
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


class Disturbing(Protocol):
    """A disturbance at work."""

    def end(self) -> None: ...


class RestBusControl(Protocol):
    """The rest of the car on one bus, as harness/can/restbus.py describes it."""

    @property
    def messages(self) -> tuple[str, ...]: ...

    def start(self, messages: Iterable[str] | None = None) -> None: ...

    def stop_message(self, name: str) -> None: ...

    def silence(self) -> None: ...

    def set(self, message: str, values: Mapping[str, Value]) -> None: ...

    def pulse(self, message: str, values: Mapping[str, Value], back: Mapping[str, Value], hold: Ns) -> None: ...

    def send_event(
        self, message: str, values: Mapping[str, Value] | None = None, repetitions: int | None = None
    ) -> None: ...

    def disturb(self, message: str, disturbance: Disturbance) -> Disturbing: ...


class Ports(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def lateness(self) -> Ns:
        """How late the bench may act on the unit, on a wall clock; 0 on a virtual one."""
        ...

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

    def restbus(self, bus: str, random: Random) -> RestBusControl: ...

    def close(self) -> None: ...
