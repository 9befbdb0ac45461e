"""The python-can driver keeps the contract of CanPort on the kernel's own virtual bus."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from harness.can.python_can import PythonCan
from harness.contracts.can import CanContract, CanEnds
from harness.foundation.clock import WallClock
from harness.foundation.units import MS

TRIES = 6


def until_undisturbed(timed: Callable[[], None]) -> None:
    """An emulated processor that is kept waiting loses beats of its own timer, so beats are counted until once nothing
    came between. A driver with a wrong period fails each time."""
    for left in reversed(range(TRIES)):
        try:
            timed()
        except AssertionError:
            if not left or not os.environ.get("IN_KERNEL_VM"):
                raise
        else:
            return


class TestPythonCanSocketcan(CanContract):
    @pytest.fixture
    def ends(self, clock: WallClock, open_can: Callable[[str], PythonCan]) -> CanEnds:
        return CanEnds(clock, open_can("vcan0"), open_can("vcan0"), settle=500 * MS)

    def test_a_cyclic_task_sends_its_frames_in_turn(self, ends: CanEnds) -> None:
        until_undisturbed(lambda: super(TestPythonCanSocketcan, self).test_a_cyclic_task_sends_its_frames_in_turn(ends))

    def test_a_cyclic_task_keeps_its_period_without_drift(self, ends: CanEnds) -> None:
        until_undisturbed(
            lambda: super(TestPythonCanSocketcan, self).test_a_cyclic_task_keeps_its_period_without_drift(ends)
        )
