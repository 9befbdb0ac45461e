"""What the SCPI driver does when the instrument, the wire or a hand on the front panel is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, S
from harness.supply.dialect import Connection, load_supply
from harness.supply.port import Point
from harness.supply.scpi import ScpiSupply

IMPATIENT = load_supply("generic").model_copy(update={"connection": Connection(timeout="150 ms")})


def supply(clock: Any, served: Any, dialect: Any = IMPATIENT, **more: Any) -> ScpiSupply:
    return ScpiSupply(clock, served.resource, dialect, **{"current_limit": 10.0, "over_voltage": 20.0, **more})


@pytest.fixture
def running(clock: VirtualClock, served: Any) -> ScpiSupply:
    it = supply(clock, served)
    it.set_voltage(12.0)
    it.output(True)
    clock.run_until(1 * S)
    return it


def test_the_limits_stand_before_the_output_goes_on(clock: VirtualClock, instrument: Any, served: Any) -> None:
    it = supply(clock, served)
    instrument.heard.clear()
    it.output(True)
    on = instrument.heard.index("OUTP ON")
    for limit in ("SOUR:VOLT:PROT 20.000", "SOUR:CURR 10.000", "SOUR:CURR:PROT:STAT ON"):
        assert instrument.heard.index(limit) < on
        assert instrument.heard[instrument.heard.index(limit) + 1] == "SYST:ERR?"


def test_a_refused_setting_names_the_command_and_the_answer(clock: VirtualClock, served: Any) -> None:
    it = supply(clock, served, over_voltage=50.0)
    with pytest.raises(RigFault, match=r"SOUR:VOLT 40\.000.*-222.*Data out of range"):
        it.set_voltage(40.0)


def test_more_than_the_rigs_limit_is_never_sent(running: ScpiSupply, instrument: Any) -> None:
    with pytest.raises(RigFault, match="over_voltage"):
        running.set_voltage(24.0)
    with pytest.raises(RigFault, match="over_voltage"):
        running.profile((Point(0, 24.0),))
    assert not any("24" in said for said in instrument.heard)


def test_terminals_that_do_not_follow_are_a_fault_and_stop_the_watermark(
    running: ScpiSupply, instrument: Any, clock: VirtualClock
) -> None:
    instrument.deaf, instrument.stuck = True, 12.0
    running.set_voltage(6.5)
    with pytest.raises(RigFault, match=r"6\.5.*measures 12 V"):
        clock.run_until(4 * S)
    stopped = running.seen_to()
    assert stopped <= 2 * S
    clock.run_until(6 * S)
    assert running.seen_to() == stopped


def test_a_profile_that_the_terminals_do_not_follow_is_a_fault(
    running: ScpiSupply, instrument: Any, clock: VirtualClock
) -> None:
    running.profile((Point(0, 6.0), Point(3 * S, 6.0), Point(3 * S, 12.0)))
    instrument.deaf, instrument.stuck = True, 12.0
    with pytest.raises(RigFault, match="measures 12 V"):
        clock.run_until(clock.now() + 5 * S)


def test_a_short_sag_that_recovers_is_none(running: ScpiSupply, instrument: Any, clock: VirtualClock) -> None:
    instrument.deaf, instrument.stuck = True, 10.0
    clock.run_until(clock.now() + 300 * MS)
    instrument.deaf = False
    clock.run_until(clock.now() + 3 * S)
    assert running.fault is None


def test_a_supply_at_its_current_limit_says_so(running: ScpiSupply, instrument: Any, clock: VirtualClock) -> None:
    instrument.draw(15.0)
    with pytest.raises(RigFault, match="limits the current at 10 A"):
        clock.run_until(clock.now() + 3 * S)


def test_a_tripped_protection_is_named(running: ScpiSupply, instrument: Any, clock: VirtualClock) -> None:
    instrument.tripped = True
    with pytest.raises(RigFault, match="over-voltage protection"):
        clock.run_until(clock.now() + 1 * S)


def test_an_output_that_somebody_switched_off_is_a_fault(
    running: ScpiSupply, instrument: Any, clock: VirtualClock
) -> None:
    instrument.on = False
    with pytest.raises(RigFault, match=r"measures 0 V|output is off"):
        clock.run_until(clock.now() + 2 * S)


def test_an_answer_that_comes_too_late_is_a_fault_and_the_next_answer_is_the_right_one(
    running: ScpiSupply, instrument: Any
) -> None:
    instrument.slow_s = 0.3
    with pytest.raises(RigFault, match=r"no whole answer to 'MEAS:VOLT\?' within 150 ms"):
        running.read()
    instrument.slow_s = 0.0
    assert running.read().volts == pytest.approx(12.0)


def test_garbage_is_a_fault_that_shows_it(running: ScpiSupply, instrument: Any) -> None:
    instrument.garbage = "??\x00&"
    with pytest.raises(RigFault, match=r"MEAS:VOLT\?.*was answered.*no number"):
        running.read()


def test_the_wrong_terminator_is_a_fault_that_points_at_it(running: ScpiSupply, instrument: Any) -> None:
    instrument.terminator = "\r"
    with pytest.raises(RigFault, match="terminations"):
        running.read()


def test_a_dropped_connection_is_a_fault_and_is_taken_up_again(running: ScpiSupply, instrument: Any) -> None:
    instrument.drop = True
    with pytest.raises(RigFault):
        running.read()
    instrument.drop = False
    assert running.read().volts == pytest.approx(12.0)
    assert running.fault is not None


def test_a_supply_that_is_not_there_is_a_fault_with_a_remedy() -> None:
    with pytest.raises(RigFault, match=r"cannot be opened|no whole answer|could not be sent"):
        ScpiSupply(VirtualClock(), "TCPIP::127.0.0.1::1::SOCKET", IMPATIENT, current_limit=1, over_voltage=20)


def test_old_errors_do_not_count(clock: VirtualClock, instrument: Any, served: Any) -> None:
    it = supply(clock, served)
    assert instrument.heard[:2] == ["*IDN?", "*CLS"]
    it.close()


def test_a_dip_shorter_than_its_step_is_refused_not_lost(running: ScpiSupply, instrument: Any) -> None:
    instrument.heard.clear()
    with pytest.raises(RigFault, match="shortest step"):
        running.profile((Point(0, 6.0), Point(5 * MS, 6.0), Point(5 * MS, 12.0)))
    assert instrument.heard == []


def test_with_list_mode_the_instrument_keeps_the_time(clock: VirtualClock, instrument: Any, served: Any) -> None:
    instrument.name = "Keysight Technologies,E36233A,0,1.0"
    it = supply(clock, served, "keysight-e36300")
    it.set_voltage(12.0)
    it.output(True)
    instrument.heard.clear()
    it.profile((Point(0, 6.0), Point(20 * MS, 6.0), Point(120 * MS, 12.0)))
    assert instrument.list_volts == pytest.approx([6.0, *(6.3 + 0.6 * i for i in range(10)), 12.0])
    assert instrument.list_dwells == pytest.approx([0.02, *[0.01] * 11])
    assert not any(said.startswith("VOLT 6") for said in instrument.heard)
    clock.run_until(clock.now() + 5 * S)
    assert it.fault is None
    it.close()


def test_list_mode_can_be_left_alone(clock: VirtualClock, instrument: Any, served: Any) -> None:
    instrument.name = "Keysight Technologies,E36233A,0,1.0"
    it = supply(clock, served, "keysight-e36300", list_mode=False)
    it.profile((Point(0, 6.0),))
    assert not any("LIST" in said for said in instrument.heard)
    it.close()


def test_on_a_wall_clock_a_reading_spans_its_exchange(instrument: Any, served: Any) -> None:
    clock = WallClock()
    it = supply(clock, served, "generic")
    instrument.slow_s = 0.02
    before = clock.now()
    stamp = it.read().stamp
    after = clock.now()
    age = it.dialect.timing.measures_every
    assert before - age <= stamp.early <= before
    assert before + 40 * MS <= stamp.late <= after
    assert stamp.early <= stamp.t <= stamp.late
    it.close()
