"""``hil requirements``: which scenario verifies which requirement, both ways. "No scenario" is a finding, not a
blank, and so is a scenario that verifies nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from harness.cli.plan import scenario_paths
from harness.cli.project import project_rig, project_root
from harness.foundation.errors import BadInput
from harness.foundation.places import find

_ID = re.compile(r"[A-Z]+-\d{2}")


def coverage(*, strict: bool, as_json: bool, paths: list[str]) -> int:
    """Print the table. 1 with ``strict`` when a requirement has no scenario, or a scenario no id or an unknown one."""
    root = project_root(Path.cwd())
    known = titles(root)
    found: dict[str, list[str]] = {name: [] for name in known}
    without_id = []
    for case in collected(scenario_paths(paths, Path.cwd(), root), root):
        for requirement in case["requirements"]:
            found.setdefault(requirement, []).append(str(case["id"]))
        if not case["requirements"]:
            without_id.append(str(case["id"]))
    open_ = [name for name, cases in found.items() if not cases]
    unknown = {name: cases for name, cases in found.items() if name not in known}
    if as_json:
        rows = [{"id": n, "title": known.get(n), "scenarios": cases} for n, cases in found.items()]
        findings = {"open": open_, "unknown": list(unknown), "without_id": without_id}
        print(json.dumps({"schema": 1, "requirements": rows, **findings}, ensure_ascii=False, indent=1))
    else:
        _show(found, known, open_, unknown, without_id)
    return 1 if strict and (open_ or unknown or without_id) else 0


def collected(places: tuple[str, ...], root: Path) -> list[dict[str, Any]]:
    """The cases of both runners, each with "id" and "requirements". BadInput when they cannot be collected."""
    return [*_pytest_cases(places, root), *_robot_cases(places)]


def titles(root: Path) -> dict[str, str]:
    """The catalogue's ids and titles. BadInput for whatever is wrong with its files."""
    from harness.judging.requirements import load_requirements

    catalogue = load_requirements(find("scenarios", "requirements", project=root))
    return {name: catalogue[name].title for name in catalogue}


def _show(
    found: dict[str, list[str]],
    known: dict[str, str],
    open_: list[str],
    unknown: dict[str, list[str]],
    without_id: list[str],
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("requirement", "title", "scenarios"):
        table.add_column(name, overflow="fold")
    for name, cases in found.items():
        functions = dict.fromkeys(case.rpartition("::")[2].partition("[")[0] for case in cases)
        shown = Text("\n".join(functions)) if cases else Text("none", "red")
        table.add_row(name, known.get(name) or Text("not in the catalogue", "red"), shown)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    console.print(table)
    covered = len(known) - len(open_)
    console.print(
        f"\n{covered} of {len(known)} requirements have a scenario" + (f"; open: {', '.join(open_)}" if open_ else "")
    )
    for name, cases in unknown.items():
        console.print(Text(f"not in the catalogue: {name}, named by {', '.join(cases)}", "red"), soft_wrap=True)
    for case in without_id:
        console.print(Text(f"names no requirement: {case}", "red"), soft_wrap=True)


def _pytest_cases(paths: tuple[str, ...], root: Path) -> list[dict[str, Any]]:
    """What pytest collects, by letting the plugin write its list."""
    places = [path for path in paths if not path.endswith(".robot")]
    if not places:
        return []
    with tempfile.TemporaryDirectory(prefix="hil-collect-") as scratch:
        command = [sys.executable, "-P", "-m", "pytest", *places, "--collect-only", "-q", "-p", "no:cacheprovider"]
        command += ["--rootdir", str(root), f"--rig={project_rig(root)}", f"--hil-out={scratch}"]
        ended = subprocess.run(command, cwd=root, capture_output=True, text=True, errors="replace", check=False)
        listed = Path(scratch) / "collected-pytest.json"
        if ended.returncode not in (0, 5):
            tail = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-15:])
            raise BadInput("pytest", None, "", f"the scenarios cannot be collected\n{tail}", "Correct that first.")
        return list(json.loads(listed.read_text(encoding="utf-8"))["cases"]) if listed.is_file() else []


def _robot_cases(paths: tuple[str, ...]) -> list[dict[str, Any]]:
    """Robot's tests and their tags that are requirement ids."""
    files = sorted(
        file
        for p in paths
        for file in ([Path(p)] if p.endswith(".robot") else Path(p.partition("::")[0]).rglob("*.robot"))
    )
    if not files:
        return []
    from robot.api import TestSuite

    cases: list[dict[str, Any]] = []
    waiting = [TestSuite.from_file_system(*files)]
    while waiting:
        suite = waiting.pop(0)
        waiting.extend(suite.suites)
        cases += [
            {"id": f"{suite.name}::{test.name}", "requirements": [tag for tag in test.tags if _ID.fullmatch(tag)]}
            for test in suite.tests
        ]
    return cases
