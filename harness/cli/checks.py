"""``hil rig check`` and ``hil vehicle check``: load the files as a run would, say "good" or what is wrong."""

from __future__ import annotations

from pathlib import Path

from harness.cli.project import project_root


def rig(name: str) -> int:
    """Load a rig and its car, open and close every port. BadInput, with file and line, for whatever is wrong."""
    from harness.foundation.places import find
    from harness.rig.check import check_rig
    from harness.rig.load import load_rig
    from harness.vehicle.load import load_vehicle

    root = project_root(Path.cwd())
    path = find("rigs", name, ".yaml", root)
    car = load_vehicle(find("dbc", load_rig(path).model.vehicle, project=root))
    print("\n".join(check_rig(path, car)))
    print(f"{path.name}: good")
    return 0


def vehicle(name: str) -> int:
    """Load a car: its vehicle.yaml against its DBC files, and say what it offers. BadInput for whatever is wrong."""
    from harness.foundation.errors import BadInput, SeveralBadInputs
    from harness.foundation.places import find
    from harness.vehicle.check import check

    folder = find("dbc", name, project=project_root(Path.cwd()))
    report = check(folder)
    if report.findings:
        findings: list[BadInput] = list(report.findings)
        raise SeveralBadInputs(findings)
    print("\n".join(report.lines))
    print(f"{folder.name}: good")
    return 0
