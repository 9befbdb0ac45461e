"""What the tests do with the original: which must be green, how long each takes, which lines each runs.

Run once per campaign in a forked process, with coverage.py asked to keep the test's name with each line.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import pytest

from harness.foundation.clock import stopwatch
from mutation.campaign import Campaign
from mutation.shot import alarm, run_pytest


@dataclass(frozen=True)
class Baseline:
    """``lines``: file (relative), line, node ids of the tests that ran it."""

    costs: dict[str, float]
    red: tuple[str, ...]
    lines: dict[str, dict[int, tuple[str, ...]]]
    preload: tuple[str, ...]
    """Modules that were loaded in the end and are not of this project."""

    @staticmethod
    def load(path: Path) -> Baseline:
        raw = json.loads(path.read_text("utf-8"))
        names = list(raw["costs"])
        lines = {f: {int(n): tuple(names[i] for i in ts) for n, ts in ls.items()} for f, ls in raw["lines"].items()}
        return Baseline(raw["costs"], tuple(raw["red"]), lines, tuple(raw["preload"]))


_NOTHING: dict[str, Any] = {"costs": {}, "red": [], "lines": {}, "preload": [], "files": {}}


class _Watcher:
    def __init__(self, cover: coverage.Coverage) -> None:
        self._cover = cover
        self.costs: dict[str, float] = {}
        self.red: list[str] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        alarm(600)
        self._cover.switch_context(item.nodeid)
        watch = stopwatch()
        done = yield
        self.costs[item.nodeid] = round(watch(), 4)
        self._cover.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.nodeid not in self.red:
            self.red.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.red.append(report.nodeid)


def measure(campaign: Campaign, place: Path, arguments: list[str]) -> None:
    """In a forked process: run what is new or changed since ``place`` was written, or all, and write it.

    Only test files are compared: a changed conftest or requirement wants a new folder.
    """
    old: dict[str, Any] = json.loads(place.read_text("utf-8")) if place.is_file() else _NOTHING
    files = _files(campaign)
    changed = sorted(name for name, digest in files.items() if old["files"].get(name) != digest)
    watcher, lines, modules = _watched(campaign, place, [*arguments, *changed]) if changed else (None, {}, [])
    kept = {n: c for n, c in old["costs"].items() if (f := n.partition("::")[0]) in files and f not in changed}
    costs = {**kept, **(watcher.costs if watcher else {})}
    number = {nodeid: i for i, nodeid in enumerate(costs)}
    names = list(old["costs"])
    for source, known in old["lines"].items():
        for line, tests in known.items():
            lines.setdefault(source, {}).setdefault(int(line), set()).update(names[i] for i in tests)
    document = {
        "costs": costs,
        "red": [n for n in old["red"] if n in kept] + (watcher.red if watcher else []),
        "lines": {
            f: {n: sorted(number[t] for t in ts if t in number) for n, ts in ls.items()} for f, ls in lines.items()
        },
        "preload": list(dict.fromkeys([*old["preload"], *modules])),
        "files": files,
    }
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(document), encoding="utf-8")
    fresh.replace(place)


def _files(campaign: Campaign) -> dict[str, str]:
    found = [p for name in campaign.tests for p in sorted((campaign.root / name).rglob("test_*.py"))]
    found = [p for p in found if not any(p.match(pattern) for pattern in campaign.unasked)]
    return {p.relative_to(campaign.root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()[:16] for p in found}


def _watched(
    campaign: Campaign, place: Path, arguments: list[str]
) -> tuple[_Watcher, dict[str, dict[int, set[str]]], list[str]]:
    data = place.with_suffix(".coverage")
    data.unlink(missing_ok=True)
    include = [str(campaign.root / source) for source in campaign.sources]
    cover = coverage.Coverage(data_file=str(data), include=include, config_file=False)
    watcher = _Watcher(cover)
    cover.start()
    run_pytest(["--continue-on-collection-errors", *arguments], [watcher], place.with_suffix(".log"))
    alarm(0)
    cover.stop()
    cover.save()
    measured = cover.get_data()
    lines: dict[str, dict[int, set[str]]] = {}
    for file in measured.measured_files():
        source = Path(file).relative_to(campaign.root).as_posix()
        lines[source] = {n: set(names) - {""} for n, names in measured.contexts_by_lineno(file).items()}
    top = campaign.package_root
    modules = [name for name in sys.modules if name.split(".")[0] not in (top, "tests", "scenarios", "__main__")]
    return watcher, lines, modules
