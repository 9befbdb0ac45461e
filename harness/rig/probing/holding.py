"""A wall-clock rig as a run has it: its keeper with buses, lines and supply, and the other ports that were found."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from harness.can.port import Heard
from harness.console.port import Bytes
from harness.foundation.clock import WallClock
from harness.foundation.units import Ns
from harness.rig.addresses import fill
from harness.rig.drivers import Site, fit
from harness.rig.keeper.bench import KEPT_ROOMS
from harness.rig.keeper.held import Held
from harness.rig.load import RigFile
from harness.vehicle.vehicle import Vehicle


class Together:
    """A wall-clock rig held by a keeper of its own. ``ports`` are those of the other rooms that were found."""

    def __init__(self, file: RigFile, vehicle: Vehicle, found: frozenset[str], logs: Path | None) -> None:
        """RigFault when the keeper, its plant or a port cannot be opened."""
        self.file, self.vehicle = file, vehicle
        self.clock = WallClock(file.model.lateness)
        rng = random.Random(0)
        self.held = Held(file.path, vehicle, self.clock, rng, (), None, logs, None)
        self.ports: dict[str, Any] = {}
        self.heard: dict[str, list[Heard]] = {name: [] for name in self.held.can}
        self.said: list[Bytes] = []
        site = Site(self.clock, vehicle, rng)
        try:
            for (room, name), (driver, settings) in file.ports.items():
                if room not in KEPT_ROOMS and room in found:
                    self.ports[room] = fit(driver)(site, name, fill(settings, self.held.addresses)).port
        except BaseException:
            self.close()
            raise
        for name, can in self.held.can.items():
            can.listen(self.heard[name].append)
        if "console" in self.ports:
            self.ports["console"].listen(self.said.append)
        self.clock.run_until(self.clock.now())
        self.clock.late.clear()

    def wait(self, span: Ns) -> None:
        self.clock.run_until(self.clock.now() + span)

    def close(self) -> list[str]:
        """What did not close."""
        faults = []
        for port in [*reversed(self.ports.values()), self.held]:
            try:
                port.close()
            except Exception as why:  # noqa: BLE001 - all are closed, whatever one of them does
                faults.append(str(why))
        self.ports.clear()
        return faults
