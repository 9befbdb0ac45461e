"""An opened rig: one port per room, on one clock. Opened in order, closed in the opposite order."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.audio.port import AudioPort
from harness.can.port import CanPort
from harness.console.port import ConsolePort
from harness.foundation.clock import Clock, VirtualClock, WallClock
from harness.foundation.errors import BadInput, RigFault
from harness.io.port import IoPort
from harness.network.port import NetworkPort
from harness.rig import vcan
from harness.rig.drivers import Site, fit
from harness.rig.load import RigFile
from harness.rig.plant import Plant
from harness.screen.port import ScreenPort
from harness.supply.port import SupplyPort
from harness.vehicle.vehicle import Vehicle


@dataclass
class Rig:
    """What the bench holds. ``service`` gives phones and accounts; ``unit`` is the simulated unit in this process,
    ``plant`` the processes it is in, or None."""

    clock: Clock
    vehicle: Vehicle
    can: dict[str, CanPort]
    audio: AudioPort
    supply: SupplyPort
    console: ConsolePort
    screen: ScreenPort
    io: IoPort
    network: NetworkPort
    service: Any
    unit: Any = None
    plant: Plant | None = None
    _opened: list[tuple[str, Any]] = field(default_factory=list)

    def close(self) -> None:
        """Close every port; all are tried, the first failure is raised as RigFault."""
        faults = _close(self._opened)
        self._opened.clear()
        if faults:
            raise RigFault("; ".join(faults))


def _prioritise(level: int) -> None:
    """The nice level of this process from now on, its threads and children to come included; without the right to,
    things stay as they are (a bench that is too slow says so by itself)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, level)


def _close(opened: Sequence[tuple[str, Any]]) -> list[str]:
    """Close all of them, the last one first; what went wrong."""
    faults = []
    for name, port in reversed(opened):
        try:
            port.close()
        except Exception as why:  # noqa: BLE001 - all ports are closed, whatever one of them does
            faults.append(f"{name} did not close: {why!r}")
    return faults


def open_rig(
    file: RigFile,
    vehicle: Vehicle,
    rng: random.Random,
    defects: Sequence[str] = (),
    variant_seed: int | None = None,
    logs: Path | None = None,
) -> Rig:
    """Open every port of ``file``, then the simulated unit where the rig has one; a plant of processes comes before
    the ports, and what it says goes to ``logs``.

    RigFault when a port cannot be opened; BadInput when the rig lacks a bus of the car, or an unknown defect is asked
    for.
    """
    missing = sorted(set(vehicle.buses) - set(file.model.can))
    if missing:
        raise BadInput(
            file.path, None, missing[0], f"the rig has no such bus, {vehicle.name} needs it", "Add it to 'can'."
        )
    simulated = file.model.head_unit.simulated
    if (defects or variant_seed is not None) and not simulated:
        raise BadInput(
            file.path, None, "head_unit", "a real head unit takes no defects or variants", "Use a simulated one."
        )
    clock: Clock = VirtualClock() if file.model.clock == "virtual" else WallClock(file.model.lateness)
    plant: Plant | None = None
    if clock.kind == "wall" and file.model.priority:
        _prioritise(file.model.priority)
    site = Site(clock, vehicle, rng)
    ports: dict[str, Any] = {}
    far: dict[str, Any] = {}
    opened: list[tuple[str, Any]] = []
    try:
        if simulated == "process" and isinstance(clock, WallClock):
            vcan.make(vcan.missing(port.settings for port in file.model.can.values()))
            seed = str(rng.getrandbits(64))
            plant = Plant(file.path, vehicle.folder, clock.zero, seed, defects, variant_seed, logs)
            opened.append(("plant", plant))
        for (room, name), (driver, settings) in file.ports.items():
            if room == "can" and name not in vehicle.buses:
                continue
            key = f"can/{name}" if room == "can" else room
            try:
                fitted = fit(driver)(site, name, settings if plant is None else plant.fill(settings))
            except (ImportError, OSError) as why:
                raise RigFault(f"{file.path}: {key} cannot be opened by {driver.where}: {why}") from why
            ports[key], far[key] = fitted.port, fitted.far
            opened.append((key, fitted.port))
        unit = None
        if simulated == "embedded":
            from harness.rig.embedded import unit as build

            unit = build(vehicle, clock, far, random.Random(rng.getrandbits(64)), defects, variant_seed)
    except BaseException:
        # nobody will hold this rig: what is open already would stay on, and busy for the next try
        _close(opened)
        raise
    return Rig(
        clock=clock,
        vehicle=vehicle,
        can={bus: ports[f"can/{bus}"] for bus in vehicle.buses},
        audio=ports["audio"],
        supply=ports["supply"],
        console=ports["console"],
        screen=ports["screen"],
        io=ports["io"],
        network=ports["network"],
        service=ports["phone"],
        unit=unit,
        plant=plant,
        _opened=opened,
    )
