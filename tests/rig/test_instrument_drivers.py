"""Serial lines, instruments, relays, pins and netem as a rig file asks for them: fitted, or refused with a remedy."""

from __future__ import annotations

import os
import random
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.console.serial import SerialConsole
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.foundation.places import find
from harness.foundation.units import MS
from harness.io.relay import RelayBoard
from harness.rig import drivers_instruments, drivers_lines, drivers_serial
from harness.rig.drivers import Site
from harness.supply.scpi import ScpiSupply
from harness.vehicle.load import load_vehicle

SIM = f"{Path(__file__).parents[1] / 'supply' / 'data' / 'instruments.yaml'}@sim"
RIGOL = {"resource": "TCPIP::rigol.example::5555::SOCKET", "visa": SIM, "dialect": "rigol-dp800"}
LIMITS = {"current_limit": 10, "over_voltage": 20}
RELAY = {"url": "loop://", "protocol": "lcus", "channels": {"KL15": 1}}


@pytest.fixture(scope="module")
def vehicle() -> Any:
    return load_vehicle(find("dbc", "gs4"))


@pytest.fixture
def site(vehicle: Any) -> Site:
    return Site(VirtualClock(), vehicle, random.Random(0))


@pytest.fixture
def pty() -> Iterator[str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_a_console_is_fitted_with_its_settings(vehicle: Any, pty: str) -> None:
    site = Site(WallClock(), vehicle, random.Random(0))
    port = drivers_serial.console(site, "console", {"url": pty, "baud": 9600, "stall": "300 ms"}).port
    assert isinstance(port, SerialConsole)
    assert (port.url, port.stall) == (pty, 300 * MS)
    port.close()


def test_a_supply_is_fitted_with_its_meter(site: Site) -> None:
    meter = {"resource": "TCPIP::meter.example::5025::SOCKET", "dialect": "meter-keysight-34460", "visa": SIM}
    port = drivers_instruments.supply(site, "supply", {**RIGOL, **LIMITS, "meter": meter}).port
    assert isinstance(port, ScpiSupply)
    assert port.dialect.title == "Rigol DP800 series"
    port.close()


def test_a_relay_board_is_fitted(site: Site) -> None:
    port = drivers_lines.relay(site, "io", RELAY).port
    assert isinstance(port, RelayBoard)
    assert list(port.lines()) == ["KL15"]
    port.close()


@pytest.mark.parametrize(
    ("factory", "settings", "told"),
    [
        (drivers_serial.console, {}, "url.*is missing"),
        (drivers_serial.console, {"url": "loop://", "boud": 9600}, "Did you mean 'baud'"),
        (drivers_serial.console, {"url": "loop://", "latency": 5}, "needs its unit"),
        (drivers_instruments.supply, RIGOL, "current_limit.*is missing"),
        (drivers_instruments.supply, {**RIGOL, **LIMITS, "over_current": 5}, "below current_limit"),
        (drivers_instruments.supply, {**RIGOL, **LIMITS, "channel": 4}, "has 3"),
        (drivers_instruments.supply, {**RIGOL, **LIMITS, "dialect": "rigol"}, "no such dialect"),
        (drivers_lines.relay, {**RELAY, "protocol": "lcs"}, "protocol"),
        (drivers_lines.relay, {**RELAY, "channels": {"KL15": 0}}, "count from 1 to 16"),
        (drivers_lines.relay, {**RELAY, "channels": {"KL15": 1, "ACC": 1}}, "two lines hang on one channel"),
        (drivers_lines.relay, {**RELAY, "channels": {"KL16": 1}}, "KL16"),
        (drivers_lines.relay, {**RELAY, "inverted": ["ACC"]}, "ACC is not among the wired lines"),
        (drivers_lines.gpio, {"pins": {"KL15": -1}}, "negative offset"),
        (drivers_lines.netem, {"interface": "a-name-of-an-interface"}, "interface"),
    ],
)
def test_wrong_settings_are_told_with_port_key_and_remedy(
    site: Site, factory: Any, settings: dict[str, object], told: str
) -> None:
    with pytest.raises((BadInput, SeveralBadInputs), match=told):
        factory(site, "theport", settings)


def test_the_port_stands_in_the_message(site: Site) -> None:
    with pytest.raises(BadInput, match="rig file, console"):
        drivers_serial.console(site, "console", {})


def test_pins_that_are_not_there_are_a_fault_of_the_rig(site: Site) -> None:
    pytest.importorskip("gpiod")
    with pytest.raises(RigFault, match="gpioinfo"):
        drivers_lines.gpio(site, "io", {"chip": "/dev/gpiochip-not-there", "pins": {"KL15": 17}})
