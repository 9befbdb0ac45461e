"""What a forked child does: import the mutated module, and ask the tests about it one after the other.

Theory. The parent has imported everything that does not stand on a mutated file, and nothing that does; so after the
fork the mutated text is imported first, and whatever stands on it finds it. A test that takes ten times as long as with
the original is hanging: the alarm then ends the process without anybody's help.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

COLLECTING_S = 240.0
TIMES = 10.0
Row = dict[str, Any]
Report = Callable[[Row], None]
"""Takes ``{"case": .., "what": "begins" | "fail" | "crash", "why": ..}``."""


def import_mutated(module: str, code: str) -> None:
    """Import it now: pytest puts a finder of its own in front of ours for packages that bring plugins."""
    finder = _Finder(module, code)
    sys.meta_path.insert(0, finder)
    alarm(COLLECTING_S)
    try:
        importlib.import_module(module)
    finally:
        sys.meta_path.remove(finder)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, code: str) -> None:
        self._module, self._code = module, code

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin:
            spec.loader = _Mutated(fullname, spec.origin, self._code)
        return spec


class _Mutated(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: str) -> None:
        super().__init__(fullname, path)
        self._text = code

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class Limits:
    """A case hangs that takes ``hang_s`` seconds and ten times what it takes with the original."""

    def __init__(self, costs: dict[str, float], hang_s: float) -> None:
        self._costs, self._hang_s = costs, hang_s

    def begin(self, case: str) -> None:
        alarm(max(self._hang_s, TIMES * self._costs.get(case, 0.0)))


def alarm(seconds: float) -> None:
    """End this process when it is still at the same thing after so long."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


class Marksman:
    """A pytest plugin: runs ``order`` in that order and ends at the first that fails."""

    def __init__(self, order: Sequence[str], limits: Limits, report: Report) -> None:
        self._place = {nodeid: i for i, nodeid in enumerate(order)}
        self._limits, self._report = limits, report
        self.killed = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self._place), key=lambda i: self._place[i.nodeid])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.killed = True
            self._report({"case": report.nodeid, "what": "crash", "why": first_error(report.longreprtext)})

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self._limits.begin(item.nodeid)
        self._report({"case": item.nodeid, "what": "begins"})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if report.failed and call.excinfo is not None:
            judged = call.excinfo.errisinstance((AssertionError, pytest.fail.Exception))
            what = "fail" if judged else "crash"
            self._report({"case": item.nodeid, "what": what, "why": first_error(report.longreprtext)})
            self.killed = True
            item.session.shouldstop = "killed"
        return report


def first_error(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith("E  ")] or text.splitlines() or [""]
    return lines[0].removeprefix("E").strip()[:300]


def run_pytest(arguments: Sequence[str], plugins: Sequence[Any], log: Path) -> int:
    """pytest in this process, what it prints going to ``log``."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    alarm(COLLECTING_S)
    if "hypothesis" in sys.modules:
        # a slow machine must not kill a mutant
        import hypothesis

        hypothesis.settings.register_profile(
            "mutants", deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
        )
        hypothesis.settings.load_profile("mutants")
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments], plugins=list(plugins)))
