"""What the tests do with the original: which must be green, how long each takes, which lines each runs.

Run once per campaign in a forked process, with coverage.py asked to keep the test's name with each line.
"""

from __future__ import annotations

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
    """In a forked process: run everything and write ``place``."""
    data = place.with_suffix(".coverage")
    data.unlink(missing_ok=True)
    include = [str(campaign.root / source) for source in campaign.sources]
    cover = coverage.Coverage(data_file=str(data), include=include, config_file=False)
    watcher = _Watcher(cover)
    cover.start()
    run_pytest([*arguments, *campaign.tests], [watcher], place.with_suffix(".log"))
    alarm(0)
    cover.stop()
    cover.save()
    measured = cover.get_data()
    number = {nodeid: i for i, nodeid in enumerate(watcher.costs)}
    lines: dict[str, dict[int, list[int]]] = {}
    for file in measured.measured_files():
        contexts = measured.contexts_by_lineno(file)
        source = Path(file).relative_to(campaign.root).as_posix()
        lines[source] = {n: sorted(number[c] for c in names if c in number) for n, names in contexts.items()}
    top = campaign.package_root
    modules = [name for name in sys.modules if name.split(".")[0] not in (top, "tests", "scenarios", "__main__")]
    document = {"costs": watcher.costs, "red": watcher.red, "lines": lines, "preload": modules}
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(document), encoding="utf-8")
    fresh.replace(place)
