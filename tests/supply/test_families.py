"""Each family is driven by the words of its own manual (pyvisa-sim refuses every other word)."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, S
from harness.supply.multimeter import ScpiMeter
from harness.supply.scpi import ScpiSupply

SIM = f"{Path(__file__).parent / 'data' / 'instruments.yaml'}@sim"


def at(name: str, port: int = 5025) -> str:
    return f"TCPIP::{name}.example::{port}::SOCKET"


@pytest.mark.parametrize(
    ("dialect", "resource", "channel"),
    [("rigol-dp800", at("rigol", 5555), 1), ("rs-hmp", at("hmp"), 2), ("ea-ps9000", at("ea"), 1)],
)
def test_a_real_family_is_set_switched_and_read(dialect: str, resource: str, channel: int) -> None:
    clock = VirtualClock()
    supply = ScpiSupply(clock, resource, dialect, SIM, current_limit=10, over_voltage=20, channel=channel)
    supply.set_voltage(12.0)
    supply.output(True)
    clock.run_until(2 * S)
    reading = supply.read()
    assert reading.volts == pytest.approx(12.0, abs=0.01)
    assert reading.amperes == pytest.approx(1.5, abs=0.01)
    assert supply.seen_to() == 2 * S
    supply.output(False)
    supply.close()


def test_the_wrong_dialect_is_told_with_the_name_of_the_instrument() -> None:
    with pytest.raises(RigFault, match=r"HMP4040.*Rigol DP800"):
        ScpiSupply(VirtualClock(), at("hmp"), "rigol-dp800", SIM, current_limit=10, over_voltage=20)


def test_a_word_the_instrument_does_not_know_is_a_fault_that_names_it() -> None:
    with pytest.raises(RigFault, match=r"SOUR:VOLT:PROT"):
        ScpiSupply(VirtualClock(), at("ea"), "generic", SIM, current_limit=10, over_voltage=20)


def test_a_meter_reads_the_sleep_current_with_the_time_it_took() -> None:
    clock = VirtualClock()
    clock.run_until(1 * S)
    meter = ScpiMeter(clock, at("meter"), "meter-keysight-34460", SIM)
    current = meter.read()
    assert current.amperes == pytest.approx(0.0032)
    assert (current.stamp.early, current.stamp.late) == (1 * S - 40 * MS, 1 * S)
    meter.close()


def test_more_than_the_range_is_no_reading() -> None:
    meter = ScpiMeter(VirtualClock(), at("overloaded"), "meter-generic", SIM)
    assert meter.read().amperes is None


def test_a_meter_of_another_family_is_refused() -> None:
    with pytest.raises(RigFault, match="Some Works"):
        ScpiMeter(VirtualClock(), at("overloaded"), "meter-keysight-34460", SIM)


@pytest.mark.parametrize(("meter", "amperes"), [("meter", 0.0032), ("overloaded", 0.05)])
def test_the_supply_reports_the_meters_current_where_it_is_in_range(
    meter: str, amperes: float, instrument: object, served: object, clock: VirtualClock
) -> None:
    instrument.load = 0.05  # type: ignore[attr-defined]
    supply = ScpiSupply(
        clock,
        served.resource,  # type: ignore[attr-defined]
        current_limit=10,
        over_voltage=20,
        meter=ScpiMeter(clock, at(meter), "meter-generic", SIM),
    )
    supply.set_voltage(12.0)
    supply.output(True)
    assert supply.read().amperes == pytest.approx(amperes)
    supply.close()
