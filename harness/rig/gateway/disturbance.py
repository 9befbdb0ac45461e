"""A disturbance: something wrong between the unit and the bench, put there on purpose.

Theory. A gateway stands at a port of the rig. The rest of the harness is unchanged, and so is the unit, which may be
simulated or real: so a disturbance asks the bench, and not the unit, whether its scenarios can see. What looks like a
fault of the unit has to come out as FAIL of the requirement it looks like; where the rig itself has to notice (a dead
reader, a supply that does not follow) the answer is BLOCKED. A PASS means that the scenario is blind on this bench.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.foundation.clock import Clock
from harness.foundation.config import suggest
from harness.foundation.errors import BadInput, NotOffered
from harness.foundation.values import Verdict
from harness.vehicle.vehicle import Vehicle


@dataclass(frozen=True)
class Place:
    """Where a disturbance is put: the opened ports by room ("can/body", "audio", ...). ``kept``: a keeper has buses,
    lines and supply, and sends the rest of the car by itself."""

    clock: Clock
    vehicle: Vehicle
    ports: Mapping[str, Any]
    kept: bool = False


@dataclass(frozen=True)
class Disturbance:
    """``stands_for``: what it is in the field, as one sentence. ``scenario`` (file::function[parameter]) has to answer
    it with ``answer``: FAIL of ``requirement``, or BLOCKED. ``needs``: what a car must have. ``put`` gives the ports
    that take the place of others. ``only_virtual``: why no gateway can stand there on a wall-clock rig; "" where one
    can."""

    id: str
    stands_for: str
    requirement: str
    scenario: str
    answer: Verdict
    put: Callable[[Place], Mapping[str, Any]]
    needs: tuple[str, ...] = ()
    only_virtual: str = ""

    @property
    def room(self) -> str:
        """The port family: the first word of the id."""
        return self.id.partition("-")[0]


def disturbed(place: Place, names: Sequence[str], known: Mapping[str, Disturbance]) -> dict[str, Any]:
    """The ports of ``place`` with the gateways of the disturbances ``names`` before them, the first one innermost.

    BadInput for an unknown name, for a car that lacks what one needs, and where no gateway can stand; NotOffered where
    the rig, by its own file, has no such port.
    """
    found = dict(place.ports)
    for name in names:
        if name not in known:
            raise BadInput("command line", None, f"--disturb {name}", "there is no such disturbance",
                           suggest(name, known))  # fmt: skip
        one = known[name]
        lacking = [need for need in one.needs if not place.vehicle.has(need)]
        if lacking:
            raise BadInput("command line", None, f"--disturb {name}", f"{place.vehicle.name} has no {lacking[0]}",
                           "Take another disturbance.")  # fmt: skip
        if one.only_virtual and place.kept:
            raise BadInput("command line", None, f"--disturb {name}", one.only_virtual,
                           "Take one that acts on what the unit sends.")  # fmt: skip
        gates = one.put(Place(place.clock, place.vehicle, found, place.kept))
        absent = next((key for key in gates if not getattr(found[key], "offered", True)), None)
        if absent is not None:
            raise NotOffered(f"{name}: this rig has no {absent} that could be disturbed")
        found |= gates
    return found
