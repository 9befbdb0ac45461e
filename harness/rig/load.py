"""Read a rig file and check what can be checked without opening anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from harness.foundation.config import Located, load, suggest
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.rig.drivers import DRIVERS, Driver
from harness.rig.schema import PortModel, RigModel

ANY = "*"
"""Stands for every bus of the car that the file does not name (virtual clock)."""
ROOMS = ("audio", "supply", "console", "screen", "phone", "network", "io")


@dataclass(frozen=True)
class RigFile:
    """A rig file that makes sense: ``ports`` is (room, port name) -> (driver, settings)."""

    path: Path
    model: RigModel
    ports: dict[tuple[str, str], tuple[Driver, dict[str, object]]]

    def for_buses(self, buses: Iterable[str]) -> RigFile:
        """The file with what stands under '*' put in for each of ``buses`` that it does not name; as it is without."""
        rest = self.model.can.get(ANY)
        if rest is None:
            return self
        named = {name: port for name, port in self.model.can.items() if name != ANY}
        can = named | {bus: rest for bus in buses if bus not in named}
        ports = {place: port for place, port in self.ports.items() if place != ("can", ANY)}
        ports |= {("can", bus): self.ports["can", ANY] for bus in can if bus not in named}
        return replace(self, model=self.model.model_copy(update={"can": can}), ports=ports)


def load_rig(path: Path) -> RigFile:
    """Raises BadInput or SeveralBadInputs naming file, line, value and remedy."""
    model, located = load(path, RigModel)
    asked: list[tuple[str, str, PortModel, tuple[str, ...]]] = [
        ("can", name, port, ("can", name)) for name, port in model.can.items()
    ]
    asked += [(room, room, getattr(model, room), (room,)) for room in ROOMS]
    ports = {}
    errors: list[BadInput] = []
    if ANY in model.can and model.clock != "virtual":
        problem = "stands for any bus, and a real bus is a certain one"
        errors.append(located.error(("can", ANY), problem, "Name each bus with its channel."))
    for room, name, port, where in asked:
        try:
            ports[room, name] = (_driver(located, model, room, port, where), port.settings)
        except BadInput as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralBadInputs(errors)
    return RigFile(path, model, ports)


def _driver(located: Located, model: RigModel, room: str, port: PortModel, where: tuple[str, ...]) -> Driver:
    place = (*where, "driver")
    if ":" in port.driver:
        return Driver(port.driver, ("virtual", "wall"))
    driver = DRIVERS.get((room, port.driver))
    if driver is None:
        known = [name for r, name in DRIVERS if r == room]
        raise located.error(place, f"no such driver for {room}", suggest(port.driver, known))
    if model.clock not in driver.clocks:
        raise located.error(
            place,
            f"this driver needs a {' or '.join(driver.clocks)} clock, the rig has {model.clock}",
            f"Write 'clock: {driver.clocks[0]}' or take another driver.",
        )
    return driver
