"""A car on memory ends: a rest-bus of plain frames, a service, and the unit under test between them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from harness.audio.memory import pair as audio_pair
from harness.can.memory import MemoryBus
from harness.can.port import Frame, Heard
from harness.can.protection import Protector
from harness.console.memory import pair as console_pair
from harness.foundation.clock import VirtualClock
from harness.foundation.units import MS, S
from harness.headunit.blueprint import Change, apply
from harness.headunit.ends import Ends
from harness.headunit.nominal import base_blueprint
from harness.headunit.unit import HeadUnit
from harness.io.memory import pair as io_pair
from harness.network.memory import pair as network_pair
from harness.phone.memory import MemoryService
from harness.screen.memory import pair as screen_pair
from harness.supply.memory import pair as supply_pair
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

CYCLE = 20 * MS


class Car:
    """The rest of the world. Frames go out as soon as a role is set, and cyclically as in the DBC."""

    def __init__(self, vehicle: Vehicle, changes: Sequence[Change] = (), seed: int = 1) -> None:
        self.vehicle = vehicle
        self.clock = clock = VirtualClock()
        self.buses = {n: MemoryBus(clock, b.bitrate, b.data_bitrate, n) for n, b in vehicle.buses.items()}
        self.ports = {n: bus.node("rig") for n, bus in self.buses.items()}
        self.audio, far_audio = audio_pair(clock)
        self.screen, far_screen = screen_pair(clock)
        self.supply, far_supply = supply_pair(clock)
        self.console, far_console = console_pair(clock)
        self.io, far_io = io_pair(clock)
        self.network, far_network = network_pair(clock)
        self.service = MemoryService(clock, random.Random(seed))
        self.service.add_account("li.wei", "Li Wei", ("wang.fang", "zhao.min"))
        self.service.add_account("wang.fang", "Wang Fang", ("li.wei",))
        self.service.add_account("zhao.min", "Zhao Min", ("li.wei",))
        self.phone = self.service.phone("li.wei")
        self.contact = self.service.account("wang.fang")
        self.printed = bytearray()
        self.console.listen(lambda chunk: self.printed.extend(chunk.data))
        self.frames: dict[str, list[Heard]] = {n: [] for n in vehicle.buses}
        for name, port in self.ports.items():
            port.listen(self.frames[name].append)
        self.payload: dict[tuple[str, str], bytes] = {}
        self.counter: dict[tuple[str, str], int] = {}
        self.silent: set[str] = set()
        self._protectors: dict[tuple[str, str], Protector] = {}
        ends = Ends(
            {n: bus.node("head_unit") for n, bus in self.buses.items()},
            far_audio, far_screen, far_supply, far_console, far_io, far_network, self.service,
        )  # fmt: skip
        self.unit = HeadUnit(apply(base_blueprint(vehicle), *changes), vehicle, clock, ends, random.Random(seed))
        for role, state in vehicle.initial.items():
            self.set(role, state)

    def set(self, role_name: str, state: str | float) -> None:
        role = self.vehicle.role(role_name)
        assert role.signal is not None
        key = (role.bus, role.message.name)
        if key not in self.payload:
            self.payload[key] = role.message.start_data()
            self.counter[key] = 0
            protection = self.vehicle.protection.get(key)
            if protection is not None:
                self._protectors[key] = Protector(role.message, protection)
            self._cycle(key)
        self.payload[key] = role.message.encode_raw({role.signal.name: role.raw(state)}, start=self.payload[key])

    def _cycle(self, key: tuple[str, str]) -> None:
        message = self.vehicle.buses[key[0]].database.by_name(key[1])

        def send() -> None:
            self.clock.at(self.clock.now() + (message.cycle or 100 * MS), send, name=key[1])
            if key[1] in self.silent or "all" in self.silent:
                return
            data = self.payload[key]
            if key in self._protectors:
                data = self._protectors[key].apply(data, self.counter[key])
                self.counter[key] = self._protectors[key].next_counter(self.counter[key])
            self.ports[key[0]].send(Frame(message.id, data, message.extended, message.fd, message.brs))

        self.clock.at(self.clock.now(), send, name=key[1])

    def run(self, span: int) -> None:
        self.clock.run_until(self.clock.now() + span)
        for bus in self.buses.values():
            for node in (bus.node("head_unit"), bus.node("rig")):
                assert node.raised == [], node.raised

    def until(self, holds: Callable[[], bool], within: int = 20 * S, step: int = 10 * MS) -> int:
        """Let time pass until ``holds()``; the instant. AssertionError when it does not within ``within``."""
        end = self.clock.now() + within
        while not holds():
            assert self.clock.now() < end, f"not within {within / S} s; states {self.unit.states}"
            self.run(step)
        return self.clock.now()

    def power(self, volts: float = 12.6) -> None:
        self.supply.set_voltage(volts)
        self.supply.output(True)

    def ignition(self, on: bool) -> None:
        self.set("ignition", "on" if on else "off")
        self.io.set("ACC", on)
        self.io.set("KL15", on)

    def start(self) -> None:
        self.power()
        self.ignition(True)
        self.until(lambda: self.state("session") == "code_shown")
        self.run(200 * MS)

    def log_in(self) -> None:
        self.start()
        self.scan_and_confirm()

    def scan_and_confirm(self) -> None:
        assert self.phone.scan(self.unit.ram.code).outcome == "accepted"
        self.run(200 * MS)
        assert self.phone.confirm().outcome == "accepted"
        self.until(lambda: self.state("session") == "active", 2 * S)
        self.run(300 * MS)

    def press(self, hold: int = 120 * MS) -> int:
        self.set("wheel.messaging", "pressed")
        began = self.clock.now()
        self.run(hold)
        self.set("wheel.messaging", "released")
        return began

    def leave(self) -> None:
        self.ignition(False)
        self.set("belt.driver", "open")
        self.set("door.driver", "open")
        self.run(500 * MS)
        self.set("seat.driver", "empty")

    def say(self, seconds: float = 1.5, at: int | None = None, seed: int = 3) -> np.ndarray:
        """Something like speech into the microphone: noise in syllables, loud at both ends."""
        n = int(seconds * 48_000)
        rng = np.random.default_rng(seed)
        envelope = 0.6 + 0.4 * np.cos(2 * np.pi * 4 * np.arange(n) / 48_000)
        samples = (rng.standard_normal(n) * envelope * 2500).clip(-32768, 32767).astype(np.int16)
        self.audio.play("mic.driver", samples, self.clock.now() if at is None else at, name="speech")
        return samples

    def state(self, machine: str) -> str:
        return self.unit.states.get(machine, "dead")

    def said(self, role_name: str) -> str | float | None:
        """What the unit's last frame says."""
        role = self.vehicle.role(role_name)
        for heard in reversed(self.frames[role.bus]):
            if heard.kind == "data" and heard.frame is not None and heard.frame.id == role.message.id:
                return role.read(heard.frame.data)
        return None

    def history(self, role_name: str) -> list[tuple[int, str | float | None]]:
        """(t, state) at each change of a role in the frames on the bus."""
        role, out = self.vehicle.role(role_name), []
        for heard in self.frames[role.bus]:
            if heard.kind == "data" and heard.frame is not None and heard.frame.id == role.message.id:
                state = role.read(heard.frame.data)
                if not out or out[-1][1] != state:
                    out.append((heard.t, state))
        return out


@pytest.fixture(scope="session")
def gs4() -> Vehicle:
    return load_vehicle(Path(__file__).parents[2] / "dbc" / "gs4")


@pytest.fixture(scope="session")
def car_type() -> type[Car]:
    """For property tests, which build a car for each example."""
    return Car


@pytest.fixture
def make(gs4: Vehicle) -> Callable[..., Car]:
    return lambda *changes, seed=1: Car(gs4, changes, seed)


@pytest.fixture
def car(make: Callable[..., Car]) -> Car:
    return make()
