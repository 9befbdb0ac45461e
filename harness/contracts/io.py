"""What every driver of relays and digital lines must keep.

Use: make a class of tests that inherits ``IoContract`` beside a pytest fixture ``ends`` that returns ``IoEnds``. The
far end stands for the unit and sees the level of each wire. ``settle`` is what the driver declares of its relays'
bounce.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pytest

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns
from harness.io.port import LINES, IoPort


class FarEnd(Protocol):
    """The unit's side of the wires."""

    def state(self, line: str) -> bool: ...

    def on_change(self, callback: Callable[[str, bool], None]) -> object: ...


@dataclass(frozen=True)
class IoEnds:
    """The clock, the rig's port, the unit's end of the same wires."""

    clock: Clock
    port: IoPort
    far: FarEnd
    settle: Ns = 0


class IoContract:
    def test_it_has_lines_and_knows_them_by_name(self, ends: IoEnds) -> None:
        assert ends.port.lines()
        assert set(ends.port.lines()) <= set(LINES)

    def test_all_lines_are_off_at_first(self, ends: IoEnds) -> None:
        assert not any(ends.far.state(line) for line in ends.port.lines())

    def test_a_line_keeps_its_level_and_moves_no_other(self, ends: IoEnds) -> None:
        for line in ends.port.lines():
            for on in (True, False):
                ends.port.set(line, on)
                self._pass(ends, 100 * MS)
                levels = {name: ends.far.state(name) for name in ends.port.lines()}
                assert levels == {name: on and name == line for name in ends.port.lines()}

    def test_the_unit_is_told_of_changes_in_order_while_time_passes(self, ends: IoEnds) -> None:
        told: list[tuple[str, bool]] = []
        ends.far.on_change(lambda line, on: told.append((line, on)))
        line = ends.port.lines()[0]
        for on in (True, False, True):
            ends.port.set(line, on)
            assert len(told) < 3
            self._pass(ends, 100 * MS)
        assert told == [(line, True), (line, False), (line, True)]

    def test_switching_to_where_it_is_changes_nothing(self, ends: IoEnds) -> None:
        line = ends.port.lines()[0]
        ends.port.set(line, True)
        self._pass(ends, 100 * MS)
        told: list[tuple[str, bool]] = []
        ends.far.on_change(lambda name, on: told.append((name, on)))
        ends.port.set(line, True)
        self._pass(ends, 100 * MS)
        assert told == []
        assert ends.far.state(line)

    def test_the_stamp_says_when_it_was_switched(self, ends: IoEnds) -> None:
        self._pass(ends, 50 * MS)
        before = ends.clock.now()
        stamp = ends.port.set(ends.port.lines()[0], True)
        assert stamp.early <= stamp.t <= stamp.late
        assert stamp.late >= before
        assert stamp.early <= ends.clock.now()

    def test_an_unknown_line_is_a_misuse(self, ends: IoEnds) -> None:
        with pytest.raises(HarnessError):
            ends.port.set("KL16", True)

    def test_the_watermark_follows_time(self, ends: IoEnds) -> None:
        first = ends.port.seen_to()
        self._pass(ends, 300 * MS)
        assert first < ends.port.seen_to() <= ends.clock.now()

    def test_closing_twice_is_harmless_and_ends_switching(self, ends: IoEnds) -> None:
        ends.port.close()
        ends.port.close()
        with pytest.raises(HarnessError):
            ends.port.set(LINES[0], True)

    def _pass(self, ends: IoEnds, by: Ns) -> None:
        """Let time pass until the port has delivered ``by`` from now."""
        goal = ends.clock.now() + by + ends.settle
        ends.clock.run_until(goal)
        for _ in range(50):
            if ends.port.seen_to() >= goal:
                return
            ends.clock.run_until(ends.clock.now() + 20 * MS)
        raise AssertionError(f"the watermark stalls at {ends.port.seen_to()} ns, wanted {goal} ns")
