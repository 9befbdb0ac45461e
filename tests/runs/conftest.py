"""Runs the scenarios of this tree as people do, in a process of their own, and reads what they left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CAR = "gs4"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Ran:
    """One case as its journal tells it."""

    id: str
    requirements: tuple[str, ...]
    verdict: str
    reason: str
    prerequisite: bool
    checks: tuple[dict[str, Any], ...]

    def violated(self) -> set[str]:
        """Requirements of which this case itself found a violation; steps on the way do not count."""
        if self.prerequisite:
            return set()
        return {c["requirement"] for c in self.checks if c["verdict"] == "FAIL" and not c["prerequisite"]}


@dataclass(frozen=True)
class Finished:
    code: int
    output: str
    cases: tuple[Ran, ...]

    def with_verdict(self, *verdicts: str) -> list[str]:
        return [f"{c.id} {c.verdict}: {c.reason}" for c in self.cases if c.verdict in verdicts]


class Scenarios:
    """``Scenarios(project)(out, "--defect", "x")`` is one run of pytest on the project's scenarios."""

    def __init__(self, project: Path) -> None:
        self.project = project

    def __call__(self, out: Path, *arguments: str, hash_seed: str = "0", timeout: float = 600) -> Finished:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        environment |= {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ""}
        command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hil-out", str(out)]
        done = subprocess.run(
            [*command, *(arguments or ("scenarios",))],
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Finished(done.returncode, done.stdout + done.stderr, tuple(cases(out)))


def cases(out: Path) -> list[Ran]:
    return [ran(folder) for folder in sorted((out / "cases").glob("*")) if folder.is_dir()]


def ran(folder: Path) -> Ran:
    records = [json.loads(line) for line in (folder / "journal.jsonl").read_bytes().splitlines()]
    case = records[0]
    verdict: dict[str, Any] = next((r for r in records if r["kind"] == "verdict"), {"verdict": "NOT_EXECUTED"})
    return Ran(
        case["id"],
        tuple(case["requirements"]),
        verdict["verdict"],
        verdict.get("reason", ""),
        bool(verdict.get("prerequisite")),
        tuple(r for r in records if r["kind"] == "check"),
    )


@pytest.fixture(scope="session")
def scenarios() -> Scenarios:
    return Scenarios(ROOT)
