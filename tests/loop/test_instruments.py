"""Our drivers against the unit's simulated instruments: what is set outside is what the unit feels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS
from harness.headunit.process.control import Control
from harness.headunit.process.instrument import Instrument
from harness.headunit.process.line_server import LineServer
from harness.headunit.process.relays import Relays, RelayServer
from harness.io import memory as io_memory
from harness.io.relay import DEVANTECH, RelayBoard
from harness.network import memory as network_memory
from harness.network.line import LineNetwork
from harness.network.port import Link
from harness.supply import memory as supply_memory
from harness.supply.scpi import ScpiSupply


@pytest.fixture
def kl30(unit_side: Any) -> Iterator[tuple[Any, str]]:
    """(the unit's end, VISA resource)."""
    clock, desk = unit_side
    port, far = supply_memory.pair(clock)
    instrument = Instrument(port)
    server = LineServer(lambda line: desk.ask(lambda: instrument.answer(line)), "supply")
    yield far, f"TCPIP::127.0.0.1::{server.port}::SOCKET"
    server.close()


def test_the_unit_feels_the_supply_and_loses_it(clock: WallClock, kl30: Any) -> None:
    far, resource = kl30
    supply = ScpiSupply(clock, resource, current_limit=10, over_voltage=20)
    supply.set_voltage(13.5)
    assert far.voltage() == 0
    supply.output(True)
    assert far.voltage() == 13.5
    far.draw(0.4)
    reading = supply.read()
    assert (reading.volts, reading.amperes) == (13.5, 0.4)
    supply.output(False)
    assert far.voltage() == 0
    supply.close()


def test_a_voltage_above_the_protection_is_refused_by_the_rig(clock: WallClock, kl30: Any) -> None:
    supply = ScpiSupply(clock, kl30[1], current_limit=10, over_voltage=16)
    with pytest.raises(RigFault):
        supply.set_voltage(18)
    supply.close()


class TestInstrument:
    """The simulated instrument by itself."""

    @pytest.fixture
    def instrument(self) -> Instrument:
        return Instrument(supply_memory.pair(WallClock())[0])

    def test_over_voltage_trips_and_stays_off(self, instrument: Instrument) -> None:
        for line in ("SOUR:VOLT:PROT 14", "SOUR:VOLT 13", "OUTP ON", "SOUR:VOLT 15"):
            assert instrument.answer(line) is None
        assert instrument.answer("OUTP?") == "0"
        assert instrument.answer("SOUR:VOLT:PROT:TRIP?") == "1"
        instrument.answer("OUTP ON")
        assert instrument.answer("MEAS:VOLT?") == "0.0000"

    @pytest.mark.parametrize(
        ("line", "number"), [("NONSENSE", "-113"), ("SOUR:VOLT 999", "-222"), ("SOUR:VOLT x", "-222")]
    )
    def test_what_it_cannot_do_is_in_its_error_queue(self, instrument: Instrument, line: str, number: str) -> None:
        instrument.answer(line)
        assert str(instrument.answer("SYST:ERR?")).startswith(number)
        assert str(instrument.answer("SYST:ERR?")).startswith("0")


def test_relays_switch_the_units_lines(clock: WallClock, unit_side: Any) -> None:
    own, desk = unit_side
    port, far = io_memory.pair(own)
    server = RelayServer(Relays(port), desk)
    board = RelayBoard(clock, f"socket://127.0.0.1:{server.port}", DEVANTECH, {"KL15": 1, "ACC": 2}, settle=1 * MS)
    began = clock.now()
    stamp = board.set("KL15", True)
    assert clock.now() - began < 30 * MS  # 44 ms where the server acknowledges late
    assert (far.state("KL15"), far.state("ACC")) == (True, False)
    assert stamp.early <= stamp.t <= stamp.late
    board.set("KL15", False)
    assert not far.state("KL15")
    board.close()
    server.close()


def test_the_link_is_what_was_asked_for(clock: WallClock, unit_side: Any) -> None:
    own, desk = unit_side
    port, far = network_memory.pair(own)
    control = Control(port)
    server = LineServer(lambda line: desk.ask(lambda: control.answer(line)), "link")
    network = LineNetwork(clock, "127.0.0.1", server.port)
    before = clock.now()
    stamp = network.link(Link(False, 5 * MS, 0.25))
    assert far.current() == Link(False, 5 * MS, 0.25)
    assert before <= stamp.t <= clock.now()
    with pytest.raises(ValueError):
        network.link(Link(loss=2))
    network.close()
    server.close()
