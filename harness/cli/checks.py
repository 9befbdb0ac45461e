"""``hil rig check`` and ``hil vehicle check``: load the files as a run would, say "good" or what is wrong."""

from __future__ import annotations

from pathlib import Path

from harness.cli.project import project_root


def rig(name: str) -> int:
    """Load a rig and the car it names. BadInput, with file and line, for whatever is wrong."""
    from harness.foundation.places import find
    from harness.rig.load import load_rig

    root = project_root(Path.cwd())
    loaded = load_rig(find("rigs", name, ".yaml", root))
    print(f"{loaded.path}: good")
    return vehicle(loaded.model.vehicle)


def vehicle(name: str) -> int:
    """Load a car: its vehicle.yaml against its DBC files. BadInput for whatever is wrong."""
    from harness.foundation.places import find
    from harness.vehicle.load import load_vehicle

    folder = find("dbc", name, project=project_root(Path.cwd()))
    load_vehicle(folder)
    print(f"{folder}: good")
    return 0
