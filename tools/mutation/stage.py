"""Scenarios, collected once in the parent: no scenario imports the unit, so a child can run them as they are.

Theory. A kill is a FAIL verdict. A case that ends otherwise without being green (the unit raised, a step on the way
failed) is a crash; then some more cases are asked, since one of them may judge the unit after all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from mutation.shot import Limits, Report, Row

AFTER_A_CRASH = 12
"""So many cases more are asked for a FAIL once one has crashed."""
GREEN = ("PASS", "NOT_APPLICABLE")


class Stage:
    """A pytest plugin of the parent: once the scenarios are collected, ``perform`` is called in their place."""

    def __init__(self, perform: Callable[[Stage], None]) -> None:
        self._perform = perform
        self._items: dict[str, pytest.Item] = {}
        self._runner: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} error(s) while collecting")
        self._items = {item.nodeid: item for item in session.items}
        self._runner = session.config.pluginmanager.getplugin("hil-runner")
        self._perform(self)
        return True

    def fire(self, order: Sequence[str], limits: Limits, place: Path, report: Report) -> None:
        """In a child: run these cases until one fails."""
        self._runner.use(self._runner.run.altered(out=place / "out"))
        crashes = 0
        for nodeid in order:
            if nodeid not in self._items:
                continue
            report({"case": nodeid, "what": "begins"})
            limits.begin(nodeid)
            row = self._judged(self._items[nodeid])
            if row is not None:
                report(row)
                crashes += row["what"] == "crash"
                if row["what"] == "fail" or crashes > AFTER_A_CRASH:
                    return

    def _judged(self, item: pytest.Item) -> Row | None:
        """None where the case is green."""
        from harness.pytest_runner import CASE

        item._initrequest()  # type: ignore[attr-defined]  # as pytest-rerunfailures does: fixtures are made anew
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        case = item.stash.get(CASE, None)
        if case is None or case.outcome is None:
            return {"case": item.nodeid, "what": "crash", "why": "the case never began"}
        verdict, why = str(case.outcome.verdict), str(case.outcome.reason)[:300]
        if verdict in GREEN:
            return None
        return {"case": item.nodeid, "what": "fail" if verdict == "FAIL" else "crash", "why": f"{verdict}: {why}"}


def collected(arguments: Sequence[str], log: Path, perform: Callable[[Stage], None]) -> None:
    """Collect the scenarios and call ``perform``; what pytest prints goes to ``log``; what it raises comes out."""
    raised: list[BaseException] = []

    def kept(stage: Stage) -> None:
        try:
            perform(stage)
        except BaseException as why:  # noqa: BLE001 - pytest would swallow it; it is raised again below
            raised.append(why)

    stdout = os.dup(1)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(out, 1)
    try:
        pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments], plugins=[Stage(kept)])
    finally:
        os.dup2(stdout, 1)
        os.close(stdout)
        os.close(out)
    if raised:
        raise raised[0]
