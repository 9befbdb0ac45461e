"""An opened rig: one port per room, on one clock. Opened in order, closed in the opposite order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from harness.audio.port import AudioPort
from harness.bench.ports import RestBusControl
from harness.can.port import CanPort
from harness.can.restbus import RestBus
from harness.console.port import ConsolePort
from harness.foundation.clock import Clock, VirtualClock, WallClock
from harness.foundation.errors import BadInput, RigFault
from harness.foundation.units import Ns
from harness.io.port import IoPort
from harness.network.port import NetworkPort
from harness.rig import vcan
from harness.rig.addresses import fill
from harness.rig.drivers import Site, fit
from harness.rig.keeper.bench import KEPT_ROOMS
from harness.rig.keeper.held import Held
from harness.rig.keeper.link import Address
from harness.rig.lasting import Lasting
from harness.rig.lateness import only_reads
from harness.rig.load import RigFile
from harness.screen.port import ScreenPort
from harness.supply.port import SupplyPort
from harness.vehicle.vehicle import Vehicle


@dataclass
class Rig:
    """What the bench holds. ``service`` gives phones and accounts; ``unit`` is the simulated unit in this process,
    ``held`` what a wall-clock rig's keeper holds, or None."""

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
    lateness: Ns = 0
    held: Held | None = None
    _opened: list[tuple[str, Any]] = field(default_factory=list)

    def restbus(self, bus: str, random: Random) -> RestBusControl:
        """The rest of the car on ``bus``, here with ``random`` for its phases, or where the keeper has it."""
        if self.held is not None:
            return self.held.restbus[bus]
        vehicle = self.vehicle
        return RestBus(
            self.clock,
            self.can[bus],
            vehicle.buses[bus].database,
            nodes_excluded=set(vehicle.head_unit_nodes),
            protections={m: p for (b, m), p in vehicle.protection.items() if b == bus},
            random=random,
            schedules={m: pages for (b, m), pages in vehicle.schedules.items() if b == bus},
        )

    def late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of everything that was done to the unit too late; empty on a virtual clock."""
        here: list[tuple[Ns, Ns, str]] = [e for e in getattr(self.clock, "late", ()) if not only_reads(e[2])]
        return here + (self.held.late() if self.held is not None else [])

    def plant_late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of what a simulated unit in a process of its own did late for want of a computer."""
        return self.held.plant_late() if self.held is not None else []

    def check(self) -> None:
        """RigFault when a process that the rig stands on has ended."""
        if self.held is not None:
            self.held.check()

    def listeners_raised(self) -> list[list[tuple[Ns, str]]]:
        """(when, who and what) by CAN port, of the bench's side and of a simulated unit in this process: lists that
        fill while the rig is open. Ports go on hearing whatever a listener does; what one raised is a fault of the
        harness, and no verdict stands on it."""
        opened = [port for name, port in self._opened if name.startswith("can/")]
        far = () if self.unit is None else self.unit.ends.can.values()
        ports = {id(port): port for port in (*opened, *self.can.values(), *far)}
        return [port.raised for port in ports.values()]

    def raised_elsewhere(self) -> list[tuple[Ns, str]]:
        """The same of the keeper and of a simulated unit in a process of its own, so far."""
        return self.held.raised() if self.held is not None else []

    def hold(self) -> None:
        """At ``close`` leave lines and supply as they are, for an engineer to look at the unit."""
        if self.held is not None:
            self.held.hold()

    def close(self) -> None:
        """Close every port; all are tried, the first failure is raised as RigFault."""
        faults = _close(self._opened)
        self._opened.clear()
        if faults:
            raise RigFault("; ".join(faults))


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
    rng: Random,
    defects: Sequence[str] = (),
    variant_seed: int | None = None,
    logs: Path | None = None,
    keeper: Address | None = None,
    lasting: Lasting | None = None,
    disturbances: Sequence[str] = (),
) -> Rig:
    """Open every port of ``file``, then the simulated unit where the rig has one. On a wall-clock rig the keeper
    comes first, with buses, lines and supply (and a plant of processes, whose words go to ``logs``): the one at
    ``keeper``, or one that lives as long as the rig is open. What takes long to open stays in ``lasting``.
    Before the ports stand the gateways of ``disturbances`` (harness/rig/gateway).

    RigFault when a port cannot be opened; BadInput when the rig lacks a bus of the car, or an unknown defect is asked
    for.
    """
    file = file.for_buses(vehicle.buses)
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
    if variant_seed is not None:
        from harness.headunit.embedded import sounding

        vehicle = sounding(vehicle, variant_seed)
    clock: Clock = VirtualClock() if file.model.clock == "virtual" else WallClock(file.model.lateness)
    held: Held | None = None
    addresses: dict[str, str] = {}
    site = Site(clock, vehicle, rng, lasting)
    ports: dict[str, Any] = {}
    far: dict[str, Any] = {}
    opened: list[tuple[str, Any]] = []
    try:
        if isinstance(clock, WallClock):
            vcan.make(vcan.missing(port.settings for port in file.model.can.values()))
            held = Held(file.path, vehicle, clock, rng, defects, variant_seed, logs, keeper)
            opened.append(("keeper", held))
            addresses = held.addresses
            ports |= {f"can/{bus}": port for bus, port in held.can.items()}
            ports |= {"supply": held.supply, "io": held.io}
        for (room, name), (driver, settings) in file.ports.items():
            if (room == "can" and name not in vehicle.buses) or (held is not None and room in KEPT_ROOMS):
                continue
            key = f"can/{name}" if room == "can" else room
            try:
                fitted = fit(driver)(site, name, fill(settings, addresses))
            except (ImportError, OSError) as why:
                raise RigFault(f"{file.path}: {key} cannot be opened by {driver.where}: {why}") from why
            ports[key], far[key] = fitted.port, fitted.far
            opened.append((key, fitted.port))
        unit = None
        if simulated == "embedded":
            from harness.rig.embedded import unit as build

            unit = build(vehicle, clock, far, Random(rng.getrandbits(64)), defects, variant_seed)
        if disturbances:
            from harness.rig.gateway.catalogue import disturbances as known
            from harness.rig.gateway.disturbance import Place, disturbed

            ports = disturbed(Place(clock, vehicle, ports, held is not None), disturbances, known())
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
        lateness=file.model.lateness if held is not None else 0,
        held=held,
        _opened=opened,
    )
