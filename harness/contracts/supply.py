"""What every supply driver must keep.

Use: make a class of tests that inherits ``SupplyContract`` beside a pytest fixture ``ends`` that returns
``SupplyEnds``. The far end stands for the unit (or an electronic load): it feels the voltage and draws a current.
``accuracy`` is what the driver declares of its read-back, in volts and amperes, ``slack`` how late its commands may
take effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns
from harness.supply.port import Point, SupplyPort


class FarEnd(Protocol):
    """The unit's side of KL30."""

    def voltage(self) -> float: ...

    def draw(self, amperes: float) -> None: ...


@dataclass(frozen=True)
class SupplyEnds:
    """The clock, the rig's port, the unit's end of the same wire, and what the driver declares."""

    clock: Clock
    port: SupplyPort
    far: FarEnd
    accuracy: float = 1e-9
    slack: Ns = 0


class SupplyContract:
    def test_without_output_there_is_no_voltage(self, ends: SupplyEnds) -> None:
        ends.port.output(False)
        ends.port.set_voltage(13.0)
        self._pass(ends, 100 * MS)
        assert ends.far.voltage() == pytest.approx(0.0, abs=ends.accuracy)
        assert ends.port.read().volts == pytest.approx(0.0, abs=ends.accuracy)

    @pytest.mark.parametrize("volts", [6.5, 13.5, 16.0])
    def test_the_unit_feels_what_was_set(self, ends: SupplyEnds, volts: float) -> None:
        ends.port.set_voltage(volts)
        ends.port.output(True)
        self._pass(ends, 100 * MS)
        assert ends.far.voltage() == pytest.approx(volts, abs=ends.accuracy)
        assert ends.port.read().volts == pytest.approx(volts, abs=ends.accuracy)

    def test_switching_off_and_on_keeps_the_setting(self, ends: SupplyEnds) -> None:
        ends.port.set_voltage(12.0)
        for on in (True, False, True):
            ends.port.output(on)
            self._pass(ends, 100 * MS)
            assert ends.far.voltage() == pytest.approx(12.0 if on else 0.0, abs=ends.accuracy)

    def test_the_current_drawn_is_read(self, ends: SupplyEnds) -> None:
        ends.port.set_voltage(12.0)
        ends.port.output(True)
        ends.far.draw(1.5)
        self._pass(ends, 100 * MS)
        assert ends.port.read().amperes == pytest.approx(1.5, abs=ends.accuracy)
        ends.port.output(False)
        self._pass(ends, 100 * MS)
        assert ends.port.read().amperes == pytest.approx(0.0, abs=ends.accuracy)

    def test_a_reading_is_stamped_when_it_was_taken(self, ends: SupplyEnds) -> None:
        self._pass(ends, 50 * MS)
        before = ends.clock.now()
        stamp = ends.port.read().stamp
        assert stamp.early <= stamp.t <= stamp.late
        assert stamp.late >= before
        assert stamp.early <= ends.clock.now()

    def test_a_profile_follows_straight_lines_and_its_last_voltage_stays(self, ends: SupplyEnds) -> None:
        ends.port.set_voltage(12.0)
        ends.port.output(True)
        self._pass(ends, 50 * MS)
        points = (Point(0, 6.0), Point(200 * MS, 6.0), Point(600 * MS, 10.0))
        began = ends.port.profile(points)
        assert began.early <= began.t <= began.late
        slope = 4.0 / (400 * MS)
        for after, volts in ((100 * MS, 6.0), (300 * MS, 7.0), (500 * MS, 9.0), (700 * MS, 10.0), (2000 * MS, 10.0)):
            ends.clock.run_until(began.t + after)
            spread = began.late - began.early + ends.slack + (ends.clock.now() - (began.t + after))
            assert ends.far.voltage() == pytest.approx(volts, abs=ends.accuracy + slope * spread)

    def test_a_profile_can_start_later(self, ends: SupplyEnds) -> None:
        ends.port.set_voltage(12.0)
        ends.port.output(True)
        self._pass(ends, 50 * MS)
        start = ends.clock.now() + 300 * MS
        began = ends.port.profile((Point(0, 8.0),), start)
        assert began.early <= start <= began.late
        ends.clock.run_until(start - 100 * MS)
        assert ends.far.voltage() == pytest.approx(12.0, abs=ends.accuracy)
        ends.clock.run_until(start + 100 * MS + ends.slack)
        assert ends.far.voltage() == pytest.approx(8.0, abs=ends.accuracy)

    def test_a_setting_ends_a_profile(self, ends: SupplyEnds) -> None:
        ends.port.output(True)
        ends.port.profile((Point(0, 12.0), Point(1000 * MS, 12.0), Point(1000 * MS, 6.0)))
        self._pass(ends, 100 * MS)
        ends.port.set_voltage(13.0)
        self._pass(ends, 1500 * MS)
        assert ends.far.voltage() == pytest.approx(13.0, abs=ends.accuracy)

    @pytest.mark.parametrize(
        "points", [(), (Point(10 * MS, 12.0), Point(5 * MS, 11.0)), (Point(-1, 12.0),), (Point(0, -1.0),)]
    )
    def test_an_impossible_profile_is_a_misuse_and_changes_nothing(
        self, ends: SupplyEnds, points: tuple[Point, ...]
    ) -> None:
        ends.port.set_voltage(12.0)
        ends.port.output(True)
        self._pass(ends, 50 * MS)
        with pytest.raises(HarnessError):
            ends.port.profile(points)
        self._pass(ends, 50 * MS)
        assert ends.far.voltage() == pytest.approx(12.0, abs=ends.accuracy)

    def test_a_negative_voltage_is_a_misuse(self, ends: SupplyEnds) -> None:
        with pytest.raises(HarnessError):
            ends.port.set_voltage(-1.0)

    def test_the_watermark_follows_time(self, ends: SupplyEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless_and_ends_commands(self, ends: SupplyEnds) -> None:
        ends.port.close()
        ends.port.close()
        with pytest.raises(HarnessError):
            ends.port.set_voltage(12.0)

    def _pass(self, ends: SupplyEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by + ends.slack
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
