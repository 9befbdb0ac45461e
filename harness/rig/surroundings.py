"""A right variant's surroundings, put into the simulated world: a slower link, other phones, more on the buses.

Theory. The neighbours are one node on each bus that says something of its own after so many frames of the rest-bus: so
they talk when the car does and are silent when it sleeps, and a sleeping bus stays asleep.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from harness.can.port import Frame, Heard
from harness.foundation.errors import RigFault
from harness.headunit.variants import Surroundings
from harness.vehicle.vehicle import Vehicle

IDENTIFIERS = 8
"""So many frames a neighbour has in turn, spread over the priorities that the car leaves free."""


def surround(vehicle: Vehicle, far: Mapping[str, Any], around: Surroundings) -> None:
    """Make the world ``far`` belongs to such as ``around`` says."""
    far["network"].slower = around.slower
    far["phone"].codec = around.phone_codec
    if around.neighbours:
        for name in vehicle.buses:
            _Neighbour(vehicle, name, far[f"can/{name}"].bus, around.neighbours)


class _Neighbour:
    """Other control units of one bus, seen as one node."""

    def __init__(self, vehicle: Vehicle, name: str, bus: Any, share: float) -> None:
        self._node = bus.node("neighbours")
        self._frames = _frames(vehicle, name)
        self._share, self._owed, self._next = share, 0.0, 0
        self._node.listen(self._heard)

    def _heard(self, heard: Heard) -> None:
        if heard.kind == "state" and heard.detail == "off":
            self._node.recover()
        if heard.kind != "data" or heard.own:
            return
        self._owed += self._share
        if self._owed < 1.0:
            return
        self._owed -= 1.0
        self._next = (self._next + 1) % len(self._frames)
        try:
            self._node.send(self._frames[self._next])
        except RigFault:  # bus-off: what was to be said is lost
            return


def _frames(vehicle: Vehicle, name: str) -> tuple[Frame, ...]:
    bus, d = vehicle.buses[name], vehicle.diagnostics
    taken = {key[0] for key in bus.database.messages} | {d.request, d.response, d.functional}
    free = [i for i in range(0x010, 0x6F0) if i not in taken]
    rng = random.Random(f"neighbours of {name}")
    return tuple(Frame(i, rng.randbytes(8)) for i in rng.sample(free, IDENTIFIERS))
