"""Faults that the monitors find, and that go again."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class FaultSeen(Event):
    """A monitor has found a fault, by the name of its DTC."""

    fault: str


@dataclass(frozen=True, slots=True)
class FaultGone(Event):
    """A monitor finds it no longer."""

    fault: str
