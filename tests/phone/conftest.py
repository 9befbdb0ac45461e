"""A small world for the tests of the messaging service: three people, two cars."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.foundation.clock import VirtualClock
from harness.foundation.units import S
from harness.network import memory as network
from harness.phone import codec
from harness.phone.events import CodeConfirmed, SessionRevoked, UnitEvent
from harness.phone.memory import MemoryService
from harness.phone.messages import Voice


class Unit:
    """A unit that does what it is told, with its own network link."""

    def __init__(self, service: MemoryService, serial: str) -> None:
        self.serial = serial
        self.clock = service.clock
        self.network, self.far = network.pair(service.clock)
        self.client = service.unit_link(self.far, serial)
        self.events: list[tuple[int, UnitEvent]] = []
        self.token = ""
        self._sent = 0
        self.client.on_push(self._told)
        self.ask("register_unit", serial, f"key of {serial}")

    def _told(self, event: UnitEvent) -> None:
        self.events.append((self.clock.now(), event))
        if isinstance(event, CodeConfirmed):
            self.token = event.token
        if isinstance(event, SessionRevoked) and event.token == self.token:
            self.token = ""

    def ask(self, method: str, *args: object, wait: int = 2 * S) -> Any:
        """The answer, or "failed: ..." """
        got: list[Any] = []
        self.client.call(method, *args, answer=got.append, failed=lambda why: got.append(f"failed: {why}"))
        goal = self.clock.now() + wait
        while not got and self.clock.now() < goal:
            self.clock.run_until(min(self.clock.now() + S // 100, goal))
        return got[0] if got else None

    def code(self) -> str:
        return str(self.ask("new_code", self.serial))

    def logged_in(self) -> bool:
        return bool(self.token) and self.ask("session", self.token) is not None

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> None:
        self._sent += 1
        voice = Voice(codec.encode(samples, rate), codec.NAME, len(samples) * S // rate)
        assert self.ask("send", self.token, to, "voice", voice, f"u{self._sent}") == "accepted"

    def of(self, kind: type) -> list[Any]:
        return [event for _, event in self.events if isinstance(event, kind)]


@dataclass
class World:
    clock: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        self.service = MemoryService(self.clock, Random(7))
        for name in ("driver", "contact", "stranger"):
            self.service.add_account(name, name.title())
        self.service.backend.befriend("driver", "contact")
        self.units = [Unit(self.service, serial) for serial in ("HU-1", "HU-2")]

    def later(self, by: int) -> None:
        self.clock.run_until(self.clock.now() + by)

    def log_in(self, who: str = "driver", unit: int = 0) -> None:
        self.service.phone(who).scan(self.units[unit].code())
        assert self.service.phone(who).confirm().outcome == "accepted"
        self.later(S)


@pytest.fixture
def world() -> World:
    return World()
