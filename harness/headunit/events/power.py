"""Supply, ignition, network management and start-up."""

from __future__ import annotations

from harness.headunit.events.event import Event


class SupplyOn(Event):
    """KL30 has risen above the voltage the unit starts at."""


class VoltageLow(Event):
    """KL30 is below what messaging may run at, and above the reset voltage."""


class VoltageHigh(Event):
    """KL30 is above the range the amplifier may run at."""


class VoltageNormal(Event):
    """KL30 is back in the operating range."""


class IgnitionOn(Event):
    """KL15 or ACC has come."""


class IgnitionOff(Event):
    """Neither KL15 nor ACC is on any more."""


class BusAwake(Event):
    """Another node votes to keep the bus awake."""


class BusQuiet(Event):
    """No other node has voted for the network-management time-out."""


class BusOff(Event):
    """The controller has left a bus after too many errors."""


class BootDone(Event):
    """Start-up, cold or from sleep, is over."""


class PostRunEnded(Event):
    """The time the unit keeps itself awake after ignition off is over."""
