"""The run that cases belong to: what it was asked for, and the files it stands on, read once for each worker."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness import __version__
from harness.audio.stimuli import Library
from harness.bench.recordings.encoded import Encoded
from harness.foundation.clock import civil_time
from harness.foundation.places import find, vehicles
from harness.foundation.pseudonyms import key_of_run, key_of_seed
from harness.judging.requirements import Catalogue, load_requirements
from harness.rig import self_check
from harness.rig.keeper.child import KeeperChild
from harness.rig.keeper.link import Address
from harness.rig.lasting import Lasting
from harness.rig.load import RigFile, load_rig
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do; the same in every worker."""

    rig: str
    vehicles: tuple[str, ...]
    seed: int
    out: Path
    project: Path
    defects: tuple[str, ...] = ()
    variant_seed: int | None = None
    disturbances: tuple[str, ...] = ()
    """Gateways that make something wrong between unit and bench (harness/rig/gateway)."""
    hold_on_fail: bool = False
    recordings: bool = True
    """Whether traces, sound and pictures are written; the journal always is."""
    to_the_first: bool = False
    """A sweep over many worlds ends with the first that settles its verdict (``hil qualify`` asks for no figures)."""


@dataclass(frozen=True)
class About:
    """What a runner knows of a case before it begins."""

    id: str
    slug: str
    runner: str
    title: str
    text: str
    vehicle: str
    requirements: tuple[str, ...]
    behaviour: tuple[str, str, str]
    needs: tuple[str, ...] = ()
    """What this scenario asks of a car beyond its requirements, such as button.level."""


class Run:
    """The files a run stands on, read once per worker. BadInput for whatever is wrong with them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rig: RigFile = load_rig(find("rigs", settings.rig, ".yaml", settings.project))
        scenarios = find("scenarios", "requirements", project=settings.project)
        self._catalogue: Catalogue = load_requirements(scenarios)
        self.library = Library.load(find("scenarios", "stimuli", project=settings.project))
        self._keeper: KeeperChild | None = None
        self.lasting = Lasting()
        self.encoded = Encoded()
        self._vehicles: dict[str, tuple[Vehicle, Catalogue]] = {}
        for name in vehicles(",".join(settings.vehicles), settings.project) or (self.rig.model.vehicle,):
            vehicle = load_vehicle(find("dbc", name, project=settings.project))
            self._vehicles[name] = (vehicle, self._catalogue.for_vehicle(vehicle))
            if settings.defects and self.rig.model.head_unit.simulated:
                from harness.headunit.embedded import blueprint

                blueprint(vehicle, settings.defects, settings.variant_seed)

    def altered(self, **settings: Any) -> Run:
        """The same files with other ``Settings``, such as another defect and folder: nothing is read again."""
        other = copy.copy(self)
        other.settings = replace(self.settings, **settings)
        return other

    @property
    def vehicles(self) -> tuple[str, ...]:
        return tuple(self._vehicles)

    @property
    def wall(self) -> bool:
        return self.rig.model.clock == "wall"

    def keeper(self) -> Address | None:
        """Of a wall-clock rig: the supervisor's, or one of this process that serves all its cases."""
        if not self.wall:
            return None
        given = Address.from_environment()
        if given is not None:
            return given
        if self._keeper is None:
            self.settings.out.mkdir(parents=True, exist_ok=True)
            self._keeper = KeeperChild(self.rig.path, self.settings.out)
        return self._keeper.address

    @property
    def key(self) -> bytes:
        """What pseudonyms are made with: of the seed where the clock is virtual, else of this run alone."""
        return key_of_run(self.settings.out) if self.wall else key_of_seed(self.settings.seed)

    def close(self) -> None:
        """End what was started for all cases. RigFault when that goes wrong."""
        self.lasting.close()
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()

    def car(self, name: str) -> tuple[Vehicle, Catalogue]:
        return self._vehicles[name]

    def facts(self) -> dict[str, Any]:
        """What ``meta.json`` says of the run, as far as its files tell."""
        settings = self.settings
        check = self_check.fact(self.rig.path, self.rig.model.clock, civil_time())
        return {
            "schema": 1,
            **({} if check is None else {"rig_check": check}),
            "rig": self.rig.path.name,
            "clock": self.rig.model.clock,
            "vehicle": ",".join(self.vehicles),
            "vehicle_name": ", ".join(vehicle.name for vehicle, _ in self._vehicles.values()),
            "vehicles": {name: {"name": v.name, "note": v.note} for name, (v, _) in self._vehicles.items()},
            "seed": settings.seed,
            "defect": list(settings.defects),
            **gateways(settings),
            "variant_seed": settings.variant_seed,
            "versions": {"headunit-hil": __version__},
            "requirements": {id_: self._catalogue[id_].told() for id_ in self._catalogue},
        }


def gateways(settings: Settings) -> dict[str, Any]:
    """A run with something wrong between unit and bench says so; one without says nothing of it."""
    return {"disturbances": list(settings.disturbances)} if settings.disturbances else {}
