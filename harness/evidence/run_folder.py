"""The folder of one run: which cases it holds, and in which order.

The order is that of collection, pytest before Robot, so that it depends neither on the number of workers nor on who
was faster. A folder nobody collected (a journal handed in by other means) comes last, by name.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord, not_started, read_case
from harness.foundation.clock import civil_time
from harness.foundation.values import Verdict

RUNNERS = ("pytest", "robot")


def collected(out: Path) -> list[dict[str, Any]]:
    """The cases the children found, in order."""
    cases: list[dict[str, Any]] = []
    for runner in RUNNERS:
        path = out / f"collected-{runner}.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))["cases"]
        except (OSError, ValueError, KeyError):
            continue
        cases.extend({"runner": runner, **case} for case in found)
    return cases


def read_cases(out: Path) -> list[CaseRecord]:
    """Every attempt at every case, in collection order; what was collected and never begun included."""
    folders = sorted(p for p in (out / "cases").glob("*") if p.is_dir()) if (out / "cases").is_dir() else []
    attempts: dict[tuple[str, str], list[CaseRecord]] = {}
    for folder in folders:
        case = read_case(folder)
        attempts.setdefault((case.runner, case.id), []).append(case)
    ordered: list[CaseRecord] = []
    for entry in collected(out):
        found = attempts.pop((entry["runner"], str(entry["id"])), None)
        ordered.extend(_in_order(found) if found else [not_started(entry)])
    for rest in attempts.values():
        ordered.extend(_in_order(rest))
    return ordered


def _in_order(attempts: list[CaseRecord]) -> list[CaseRecord]:
    """By number. One that was cut off is superseded by a later one that came to a verdict; a verdict never is."""
    found = sorted(attempts, key=lambda case: case.attempt)
    last = max((n for n, case in enumerate(found) if case.verdict is not Verdict.NOT_EXECUTED), default=-1)
    return [_superseded(case, found[n + 1]) if n < last else case for n, case in enumerate(found)]


def _superseded(case: CaseRecord, by: CaseRecord) -> CaseRecord:
    if case.verdict is not Verdict.NOT_EXECUTED:
        return case
    return replace(case, superseded=True, reason=f"{case.reason}; run again as attempt {by.attempt}")


def finished(out: Path, runner: str) -> set[str]:
    """Ids of the cases that an earlier part of this run has brought to their end; empty for a run in one part."""
    try:
        data = json.loads((out / "resumed.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return set()
    return {str(id_) for id_ in data["finished"].get(runner, ())}


def merge_journals(out: Path, cases: list[CaseRecord]) -> None:
    """``journal.jsonl``: the whole lines of every shard, one after another; each shard keeps its own chain."""
    with (out / "journal.jsonl").open("wb") as merged:
        for case in cases:
            if case.folder and case.whole_bytes:
                merged.write((case.folder / "journal.jsonl").read_bytes()[: case.whole_bytes])


def run_facts(out: Path) -> dict[str, Any]:
    """``meta.json``: who started this, with what. Empty if it is missing or torn."""
    try:
        data = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def new_run_folder(reports: Path) -> Path:
    """The next free name below ``reports``, numbered and dated; nothing is made yet."""
    numbers = [int(p.name[:4]) for p in reports.glob("[0-9][0-9][0-9][0-9]-*") if p.is_dir()]
    return reports / f"{max(numbers, default=0) + 1:04d}-{civil_time()[:10]}"


def reserve_run_folder(reports: Path) -> Path:
    """Make the next free folder below ``reports``: of two runs that start at once, each gets its own. OSError where it
    cannot be made."""
    while True:
        out = new_run_folder(reports)
        try:
            out.mkdir(parents=True)
        except FileExistsError:
            continue  # another run took the number
        return out
