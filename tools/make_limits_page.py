"""Writes docs/reference/limits.md: for each limit of the requirements, the scenarios that hold a unit against it.

Run: ``.venv/bin/python tools/make_limits_page.py RUN...`` from the root, with folders of runs that between them hold
every scenario (``./hil run``, and one with a variant of a narrow codec), whenever a limit was added or a scenario
judges another one. A limit is judged where a check of its quantity stands in a journal. It is tried where a scenario,
or what scenarios stand on, takes its figure to know how far to go.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.judging.requirements import load_requirements

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "limits.md"
MOST = 2
HEAD = """# Limits and what judges them

Each limit in `scenarios/requirements/`, as it stands there (a car's file may set its own), and the first scenarios that
hold a unit against it. *Tried by*: no check measures it; the file takes its figure to know how far to go, and judges
what happens there. A limit that is neither would say nothing; a test keeps it out. Made by `tools/make_limits_page.py`.

| limit | figure | judged by |
|---|---|---|
"""


def judged(runs: list[Path]) -> dict[str, set[str]]:
    """Limit -> ``path::function`` of the scenarios about its requirement that have a check of it."""
    found: dict[str, set[str]] = {}
    about: tuple[str, ...]
    for journal in sorted(path for run in runs for path in run.glob("cases/*/journal.jsonl")):
        case, about = "", ()
        for record in map(json.loads, journal.read_text(encoding="utf-8").splitlines()):
            if record["kind"] == "case":
                case, about = record["nodeid"].partition("[")[0], tuple(record["requirements"])
            elif record["kind"] == "check" and record["requirement"] in about and "test_" in case:
                found.setdefault(f"{record['requirement']}.{record['quantity']}", set()).add(case)
    return found


def tried(limit: str) -> Iterator[str]:
    """Files that take the figure of ``limit``: by its name, or by its quantity beside the requirement's."""
    requirement, _, quantity = limit.partition(".")
    beside = rf'\["{requirement}"\]\.limits?[\[(]"{quantity}"|verifies\("{requirement}"\)\n.*"{quantity}"'
    for folder in ("scenarios", "harness/bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if re.search(rf'"{re.escape(limit)}"|{beside}', path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix()


def page(runs: list[Path]) -> str:
    checks = judged(runs)
    rows = []
    for requirement in load_requirements(ROOT / "scenarios" / "requirements").requirements.values():
        for quantity, limit in requirement.limits.items():
            name = f"{requirement.id}.{quantity}"
            cases = [f"`{case}`" for case in sorted(checks.get(name, ()))[:MOST]]
            files = [f"`{path}`" for path in tried(name)][:MOST] if not cases else []
            said = "<br>".join(cases) or (f"tried by {', '.join(files)}" if files else "nothing")
            rows.append(f"| {name} | {limit.text} | {said} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page([Path(word) for word in sys.argv[1:]]), encoding="utf-8")
