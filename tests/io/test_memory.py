"""The memory wires beyond the contract: exact stamps, the record, and order at one instant."""

from __future__ import annotations

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.io.memory import Switched, pair
from harness.io.port import LINES


def test_every_change_is_recorded_once():
    clock = VirtualClock()
    port, _ = pair(clock)
    port.set("KL15", True)
    clock.run_until(500)
    port.set("KL15", True)
    port.set("KL15", False)
    assert port.log() == (Switched(Stamp.exact(0), "KL15", True), Switched(Stamp.exact(500), "KL15", False))


def test_a_glitch_within_one_instant_is_told_both_ways():
    clock = VirtualClock()
    port, far = pair(clock)
    told = []
    far.on_change(lambda line, on: told.append((clock.now(), line, on)))
    port.set("reverse", True)
    port.set("reverse", False)
    assert told == []
    clock.run_until(10)
    assert told == [(0, "reverse", True), (0, "reverse", False)]


def test_who_stops_is_not_told():
    clock = VirtualClock()
    port, far = pair(clock)
    told = []
    stop = far.on_change(lambda *change: told.append(change))
    stop()
    stop()
    port.set("ACC", True)
    clock.run_until(10)
    assert told == []


def test_all_lines_are_offered_and_others_are_named_in_the_error():
    port, far = pair(VirtualClock())
    assert tuple(port.lines()) == LINES
    for ask in (far.state, lambda line: port.set(line, True)):
        with pytest.raises(HarnessError, match="KL15"):
            ask("KL51")
