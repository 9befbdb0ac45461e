"""What a rig offers, port by port: read its file, then open and close it once."""

from __future__ import annotations

import random
from pathlib import Path

from harness.rig.load import RigFile, load_rig
from harness.rig.rig import open_rig
from harness.vehicle.vehicle import Vehicle


def describe(file: RigFile) -> list[str]:
    """A line for each port: its driver, where that lives, its settings."""
    lines = [f"{file.path.name}: {file.model.title or 'no title'}", f"clock: {file.model.clock}"]
    unit = file.model.head_unit.simulated
    lines.append(f"head unit: {f'simulated, {unit}' if unit else 'the real one'}")
    for (room, name), (driver, settings) in file.ports.items():
        port = f"{room}/{name}" if room == "can" else room
        shown = ", ".join(f"{key} {value}" for key, value in settings.items())
        lines.append(f"{port}: {driver.where}{f' ({shown})' if shown else ''}")
    return lines


def check_rig(path: Path, vehicle: Vehicle) -> list[str]:
    """The lines of ``describe``, after every port was opened and closed. BadInput for the file, RigFault for a port."""
    file = load_rig(path)
    open_rig(file, vehicle, random.Random(0)).close()
    return [*describe(file), f"opened and closed with {vehicle.name}"]
