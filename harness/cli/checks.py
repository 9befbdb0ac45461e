"""``hil vehicle check``: load a car as a run would; say what it offers, what is missing, and what that costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.project import project_root

if TYPE_CHECKING:
    from harness.judging.requirements import Catalogue
    from harness.vehicle.check import Report

GOOD, NOT_YET = 0, 1


def vehicle(name: str, *, as_json: bool = False) -> int:
    """Exit code 0: the car can be used (what it lacks is told); 1: something is to be filled in or wrong. BadInput for
    a car that is not there."""
    from harness.foundation.places import find
    from harness.judging.requirements import load_requirements
    from harness.vehicle.check import check

    root = project_root(Path.cwd())
    folder = find("dbc", name, project=root)
    report = check(folder)
    catalogue = load_requirements(find("scenarios", "requirements", project=root))
    findings = [*report.findings, *_limits(report, catalogue)]
    not_applicable = _not_applicable(report, catalogue)
    if as_json:
        print(json.dumps(_as_json(report, findings, not_applicable), ensure_ascii=False, indent=1))
        return NOT_YET if findings else GOOD
    print("\n".join(report.lines))
    for title, some in (("to fill in", report.open), ("wrong", [f for f in findings if f not in report.open])):
        if some:
            print(f"\n{title}: {len(some)}")
            print("\n".join(f"  {one}" for one in some))
    if report.lacks:
        print(f"\nmissing: {len(report.lacks)}")
        print("\n".join(f"  {lack}" for lack in report.lacks))
    if report.assumed:
        print(f'\nassumed: {len(report.assumed)} lines are marked "# ?"; take the mark out of those you have looked at')
        print("\n".join(f"  {folder.name}/vehicle.yaml:{line}: {text}" for line, text in report.assumed))
    if not_applicable:
        print(f"\nNOT APPLICABLE: {len(not_applicable)} of {len(catalogue)} requirements")
        print("\n".join(f"  {id_}: it needs {need}" for id_, need in not_applicable.items()))
    print(f"\n{folder.name}: {'not yet' if findings else 'good'}")
    return NOT_YET if findings else GOOD


def _limits(report: Report, catalogue: Catalogue) -> list[Any]:
    """A limit of the car's own that fits no requirement, or loosens what law or a standard sets."""
    from harness.foundation.errors import BadInput, SeveralBadInputs

    if report.vehicle is None:
        return []
    try:
        catalogue.for_vehicle(report.vehicle)
    except BadInput as why:
        return [why]
    except SeveralBadInputs as why:
        return list(why.errors)
    return []


def _not_applicable(report: Report, catalogue: Catalogue) -> dict[str, str]:
    """Requirement -> the first need that the car does not offer; of a file with marks, once they are filled in."""
    found = {}
    offered = report.vehicle or report.offered
    for id_ in catalogue if offered is not None else ():
        missing = [need for need in catalogue[id_].needs if offered is not None and not offered.has(need)]
        if missing:
            found[id_] = missing[0].replace("|", "or")
    return found


def _as_json(report: Report, findings: list[Any], not_applicable: dict[str, str]) -> dict[str, Any]:
    def told(some: Any) -> list[dict[str, Any]]:
        return [
            {"file": str(e.where), "line": e.line, "value": e.value, "problem": e.problem, "remedy": e.remedy}
            for e in some
        ]

    return {
        "vehicle": report.folder.name,
        "good": not findings,
        "to_fill_in": told(report.open),
        "wrong": told(f for f in findings if f not in report.open),
        "missing": [lack._asdict() for lack in report.lacks],
        "assumed": [{"line": line, "text": text} for line, text in report.assumed],
        "not_applicable": not_applicable,
        "lines": list(report.lines),
    }
