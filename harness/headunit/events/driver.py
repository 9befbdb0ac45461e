"""Whether the driver is there: the car's rule for leaving, its confirm time and the lock."""

from __future__ import annotations

from harness.headunit.events.event import Event


class DriverLeft(Event):
    """The car's rule for 'the driver has left' holds."""


class DriverBack(Event):
    """It holds no longer."""


class ConfirmTimerEnded(Event):
    """It has held for the confirm time."""


class LockedOutside(Event):
    """The car was locked from outside."""
