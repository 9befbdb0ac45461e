"""A bench that a keeper holds for this process: its ports on this side."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.uncertainty import Share
from harness.foundation.units import Ns
from harness.rig.keeper.bench import Asked
from harness.rig.keeper.child import KeeperChild
from harness.rig.keeper.kept_can import KeptCan
from harness.rig.keeper.kept_io import KeptIo
from harness.rig.keeper.kept_restbus import KeptRestBus
from harness.rig.keeper.kept_supply import KeptSupply
from harness.rig.keeper.link import Address, Link
from harness.vehicle.vehicle import Vehicle


class Held:
    """``can``, ``supply``, ``io`` and ``restbus`` as the bench wants them; ``addresses`` of the plant's plugs.

    ``own`` is the keeper this process started because nobody gave it one; it ends with ``close``."""

    def __init__(
        self,
        rig: Path,
        vehicle: Vehicle,
        clock: WallClock,
        rng: random.Random,
        defects: Sequence[str],
        variant_seed: int | None,
        folder: Path | None,
        address: Address | None,
    ) -> None:
        """RigFault when the keeper, its plant or a port cannot be opened."""
        self.own = None if address is not None else KeeperChild(rig, folder)
        self._hold = False
        try:
            self._link = Link(address if self.own is None else self.own.address)  # type: ignore[arg-type]
            seeds = {name: rng.getrandbits(64) for name in vehicle.buses}
            asked = Asked(clock.zero, rng.getrandbits(64), folder and folder.resolve(), seeds)
            plant = str(rng.getrandbits(64))
            folder_of_car = vehicle.folder.resolve()
            facts = self._link.call("keeper", "open", folder_of_car, asked, plant, tuple(defects), variant_seed)
            stream = self._link.stream()
        except BaseException:
            if self.own is not None:
                self.own.close()
            raise
        self.addresses: dict[str, str] = facts["addresses"]
        self.can = {
            name: KeptCan(self._link, name, recorded=facts["recorded"], look_soon=stream.look_soon)
            for name in vehicle.buses
        }
        self.restbus = {name: KeptRestBus(self._link, name, facts["messages"][name]) for name in vehicle.buses}
        self.supply = KeptSupply(self._link, facts["stall"]["supply"])
        self.io = KeptIo(self._link, facts["lines"], facts["stall"]["io"])
        declared = {at: tuple(Share(*share) for share in shares) for at, shares in facts["uncertainty"].items()}
        self.supply.uncertainty, self.io.uncertainty = declared["supply/"], declared["io/"]
        for name, bus in self.can.items():
            bus.uncertainty = declared[f"can/{name}"]
        self._stream = stream
        takers = {f"can/{name}": port.take for name, port in self.can.items()}
        stream.start(clock, {**takers, "supply": self.supply.take, "io": self.io.take})

    def late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of what the keeper did too late; empty when it cannot be asked any more."""
        return self._asked("late")

    def plant_late(self) -> list[tuple[Ns, Ns, str]]:
        """The same of the simulated unit: its computer is the rig's."""
        return self._asked("plant_late")

    def raised(self) -> list[tuple[Ns, str]]:
        """(when, who and what) of exceptions while the keeper or the simulated unit took frames."""
        return self._asked("raised")

    def _asked(self, what: str) -> list[Any]:
        try:
            found: list[Any] = self._link.call("keeper", what)
        except RigFault:
            return []
        return found

    def check(self) -> None:
        """RigFault when the keeper or a process of its plant has ended, with its last lines."""
        if self.own is not None:
            self.own.check()
        self._link.call("keeper", "check")

    def hold(self) -> None:
        """Leave everything as it is at ``close``: an engineer wants to look at it."""
        self._hold = True

    def close(self) -> None:
        """RigFault with all that did not close."""
        faults: list[str] = []
        try:
            faults += self._link.call("keeper", "close", self._hold)
        except RigFault as why:
            faults.append(str(why))
        self._stream.close()
        self._link.close()
        if self.own is not None:
            try:
                self.own.close()
            except RigFault as why:
                faults.append(str(why))
        if faults:
            raise RigFault("; ".join(faults))
