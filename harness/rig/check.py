"""``hil rig check``: a rig's ports in turn, the rig's own figures, and what is wrong with it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from harness.foundation.clock import WallClock
from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.rig import vcan
from harness.rig.drivers import Site
from harness.rig.drivers_sound import sinks_of
from harness.rig.keeper.bench import KEPT_ROOMS
from harness.rig.load import RigFile, load_rig
from harness.rig.plant import Plant
from harness.rig.probing.alone import measures
from harness.rig.probing.findings import Findings, Marker, Value, decent, not_measured, shown_settings
from harness.rig.probing.ports import Looked, look, port_name
from harness.rig.probing.together import measure_together
from harness.rig.rig import open_rig
from harness.vehicle.vehicle import Vehicle


def describe(file: RigFile) -> list[str]:
    """What kind of rig it is: title, clock, unit."""
    unit = file.model.head_unit.simulated
    return [
        f"{file.path.name}: {file.model.title or 'no title'}",
        f"clock: {file.model.clock}",
        f"head unit: {f'simulated, {unit}' if unit else 'the real one'}",
    ]


def describe_ports(file: RigFile) -> list[str]:
    """A line for each port: its driver, where that lives, its settings."""
    lines = []
    for (room, name), (driver, settings) in file.ports.items():
        shown = shown_settings(settings)
        lines.append(f"{port_name(room, name)}: {driver.where}{f' ({shown})' if shown else ''}")
    return lines


def check_virtual(path: Path, vehicle: Vehicle) -> list[str]:
    """A rig on the virtual clock: all its ports opened and closed. BadInput for the file, RigFault for a port."""
    file = load_rig(path)
    open_rig(file, vehicle, random.Random(0)).close()
    return [*describe(file), *describe_ports(file), f"opened and closed with {vehicle.name}"]


def check_wall(
    file: RigFile,
    vehicle: Vehicle,
    *,
    power: bool,
    tell: Callable[[Looked], None],
    begin: Callable[[str], None],
) -> tuple[Findings, bool]:
    """(what was found, whether the rig file itself is wrong). ``tell`` is given each port as soon as it was looked at,
    ``begin`` the name of what is done next. BadInput when the rig lacks a bus of the car."""
    missing = sorted(set(vehicle.buses) - set(file.model.can))
    if missing:
        problem = f"the rig has no such bus, {vehicle.name} needs it"
        raise BadInput(file.path, None, missing[0], problem, "Add it to 'can'.")
    with tempfile.TemporaryDirectory(prefix="hil-check-") as folder, ExitStack() as around:
        with suppress(RigFault, BadInput, SeveralBadInputs):  # the look at the port tells it
            around.enter_context(sinks_of(file))
        looked = _ports(file, vehicle, Path(folder), tell, begin)
        found = frozenset(port.finding.port for port in looked if port.finding.state == "found")
        values = [value for port in looked for value in port.values]
        events: list[Marker] = []
        why = _not_together(looked)
        if not why:
            begin("all together")
            try:
                more, events, why = measure_together(file, vehicle, found, power=power, logs=Path(folder))
                values += more
            except RigFault as fault:
                why = "the rig could not be held as a run holds it"
                text = " ".join(decent(str(fault)).split())
                values.append(Value("rig", "all together", "", None, said=text, wrong=text))
        else:
            values.append(not_measured("can", "cycle error", why))
            values.append(not_measured("supply", "accuracy", why))
            why = f"no event aligns the lines: {why}"
    findings = Findings(tuple(port.finding for port in looked), tuple(values), tuple(events), why)
    return findings, any(port.bad_file for port in looked)


def _not_together(looked: list[Looked]) -> str:
    """Why the rig cannot be measured whole, or ""."""
    kept = [one.finding for one in looked if one.finding.port.partition("/")[0] in KEPT_ROOMS]
    lacking = [port.port for port in kept if port.state != "found"]
    return f"the rig's keeper needs {', '.join(lacking)}" if lacking else ""


def _ports(
    file: RigFile,
    vehicle: Vehicle,
    folder: Path,
    tell: Callable[[Looked], None],
    begin: Callable[[str], None],
) -> list[Looked]:
    """Each port by itself, with a plant of its own where the rig has one."""
    clock = WallClock(file.model.lateness)
    addresses: dict[str, str] | None = {}
    fault = ""
    plant = Plant(file.path, folder) if file.model.head_unit.simulated == "process" else None
    try:
        try:
            vcan.make(vcan.missing(port.settings for port in file.model.can.values()))
            if plant is not None:
                begin("the simulated head unit")
                plant.renew(vehicle.folder.resolve(), clock.zero, "check")
                addresses = plant.addresses
        except RigFault as why:
            addresses, fault = None, str(why)
        clock.run_until(clock.now())
        clock.late.clear()
        site = Site(clock, vehicle, random.Random(0))
        found = []
        for one in look(file, site, addresses, fault, measures(clock, vehicle), begin):
            tell(one)
            found.append(one)
        return found
    finally:
        if plant is not None:
            plant.close()
