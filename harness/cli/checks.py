"""``hil vehicle check``: load a car as a run would, say "good" or what is wrong."""

from __future__ import annotations

from pathlib import Path

from harness.cli.project import project_root


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
