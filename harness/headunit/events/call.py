"""Calls: the service's, and the phone's over Bluetooth."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class CallRings(Event):
    """A call arrives from the service: its name there, who rings, and whether it is meant with picture."""

    call: str = ""
    name: str = ""
    video: bool = False


class CallEnds(Event):
    """The other side, or the service, has ended the call."""


class HandsFree(Event):
    """The phone's Bluetooth call has begun: it outranks messages."""


class HandsFreeOver(Event):
    """The phone's Bluetooth call is over."""
