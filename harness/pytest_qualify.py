"""Runs seeded defects instead of a list of cases: the worker of ``hil qualify``.

Theory. The scenarios are collected once. Then this process takes one defect after the other from the campaign's folder,
by making ``claims/ID`` (a folder can be made once, so two workers never take the same), and runs scenarios with it: its
own requirement's first, and no further once one of them has failed on it; all others only when its own are blind. What
became of it is one file, ``defects/ID.json``; a campaign that was killed goes on with the defects that have none.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.disturbances import caught
from harness.evidence.edges import INSIDE, Outcome, judged_now, outcome
from harness.evidence.kills import Fate, Shot, failed_requirements, fate
from harness.foundation.clock import stopwatch
from harness.foundation.values import Check
from harness.pytest_runner import CASE, Runner, is_ours

OPTION = "--hil-campaign"
GREEN = ("PASS", "NOT_APPLICABLE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("hil").addoption(OPTION, default="", help="folder of a campaign of 'hil qualify'")


def pytest_configure(config: pytest.Config) -> None:
    folder = config.getoption(OPTION)
    if folder:
        config.pluginmanager.register(Campaign(Path(folder), config), "hil-campaign")


class Campaign:
    """``folder`` holds ``campaign.json``: the defects with their requirements and cases, in the order to try them."""

    def __init__(self, folder: Path, config: pytest.Config) -> None:
        self._folder = folder
        self._runner: Runner = config.pluginmanager.getplugin("hil-runner")
        self._checks: tuple[Check, ...] = ()
        """Of the case that ran last."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} error(s) while collecting")
        items = {item.nodeid: item for item in session.items if is_ours(item)}
        run = self._runner.run
        campaign = json.loads((self._folder / "campaign.json").read_text("utf-8"))
        for row in campaign.get("defects", ()):
            if self._claim(row["id"]):
                watch = stopwatch()
                asked = run.altered(out=self._out(row["id"]), defects=(row["id"],), recordings=False, to_the_first=True)
                self._runner.use(asked)
                shots = self._shoot(row, items)
                what, _ = fate(row["requirements"], shots)
                self._write(row["id"], {"fate": str(what), "shots": [s.to_json() for s in shots], "wall_s": watch()})
        for seed in campaign.get("variants", ()):
            name = f"variant-{seed:05}"
            if self._claim(name):
                watch = stopwatch()
                self._runner.use(run.altered(out=self._out(name), variant_seed=seed, recordings=False))
                shots = [self._run(item) for item in items.values()]
                red = [s.to_json() for s in shots if s.verdict not in GREEN]
                told = {"fate": "red" if red else "green", "cases": len(shots), "shots": red, "wall_s": watch()}
                self._write(name, told)
                if not red:
                    shutil.rmtree(self._out(name), ignore_errors=True)  # two hundred of them would fill a disk
        for row in campaign.get("disturbances", ()):
            if self._claim(row["id"]):
                watch = stopwatch()
                asked = run.altered(out=self._out(row["id"]), disturbances=(row["id"],), recordings=False)
                self._runner.use(asked)
                shots = [self._run(items[name]) for name in row["cases"] if name in items]
                told = {"shots": [s.to_json() for s in shots], "wall_s": watch()}
                self._write(row["id"], {"fate": str(caught(row["requirement"], row["answer"], shots)[0]), **told})
        for row in campaign.get("edges", ()):
            if self._claim(row["id"]):
                watch = stopwatch()
                self._runner.use(run.altered(out=self._out(row["id"]), defects=(row["id"],), recordings=False))
                tried = self._at_edge(row, items)
                became = str(outcome(row, tried)[0])
                self._write(row["id"], {"fate": became, "shots": tried, "wall_s": watch()})
        self._runner.use(run)
        return True

    def _out(self, name: str) -> Path:
        return self._folder / "runs" / name

    def _claim(self, defect: str) -> bool:
        place = self._folder / "claims" / defect
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            return False
        return True

    def _shoot(self, row: dict[str, Any], items: dict[str, pytest.Item]) -> list[Shot]:
        shots: list[Shot] = []
        for name in [*row["own"], *row["others"]]:
            if name in row["others"] and fate(row["requirements"], shots)[0] in (Fate.OTHER, Fate.INFRA):
                break
            item = items.get(name)
            if item is None:
                continue
            shots.append(self._run(item))
            if fate(row["requirements"], shots)[0] is Fate.OWN:
                break
        return shots

    def _at_edge(self, row: dict[str, Any], items: dict[str, pytest.Item]) -> list[dict[str, Any]]:
        """Inside every case is asked; outside one that fails will do."""
        shots: list[dict[str, Any]] = []
        for name in row["cases"]:
            if name in items:
                shot = self._run(items[name])
                judged = [j.to_json() for j in judged_now(name, row["requirement"], self._checks)]
                shots.append({**shot.to_json(), "judged": judged})
                if row["where"] != INSIDE and outcome(row, shots)[0] == Outcome.RIGHT:
                    break
        return shots

    def _run(self, item: pytest.Item) -> Shot:
        item._initrequest()  # type: ignore[attr-defined]  # as pytest-rerunfailures does: fixtures are made anew
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        case = item.stash.get(CASE, None)
        self._checks = ()
        if case is None or case.outcome is None:
            return Shot(item.nodeid, "ERROR", "the case never began", ())
        self._checks = case.checks
        shot = Shot(item.nodeid, str(case.outcome.verdict), case.outcome.reason, failed_requirements(case.checks))
        del item.stash[CASE]
        return shot

    def _write(self, name: str, result: dict[str, Any]) -> None:
        folder = self._folder / "defects"
        folder.mkdir(exist_ok=True)
        fresh = folder / f"{name}.json.new"
        fresh.write_text(json.dumps({"id": name, **result}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(folder / f"{name}.json")  # whole or not at all
