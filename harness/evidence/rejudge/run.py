"""A whole run or pack again: every case, by several processes, and then the verdict on each requirement.

A pack brings its own requirements, cars and stored sounds; a plain run folder is judged by those of the project.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from harness.audio.stimuli import Library
from harness.evidence.case import CaseRecord, not_started
from harness.evidence.rejudge.case import MEASURED, CaseAgain, judge_again
from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.question import Sounds
from harness.evidence.rejudge.recorded_screen import Decoded
from harness.evidence.run_folder import collected, read_cases, run_facts
from harness.evidence.verdicts import verdict_rows
from harness.foundation.errors import BadInput
from harness.foundation.places import find
from harness.judging.requirements import Catalogue, load_requirements
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sources:
    """Where the requirements, cars and stored sounds are that a run is judged again by."""

    requirements: Path
    stimuli: Path
    vehicles: Path | None
    project: Path

    def car(self, name: str) -> Path:
        if self.vehicles is not None:
            return self.vehicles / name
        return find("dbc", name, project=self.project)


@dataclass(frozen=True)
class RunAgain:
    """All that was found; ``cases`` is how many were looked at, ``harness`` the versions that ran them."""

    found: tuple[Found, ...]
    cases: int
    harness: tuple[str, ...] = ()

    def standing(self, standing: Standing) -> list[Found]:
        return [found for found in self.found if found.standing is standing]


def sources_of(root: Path, project: Path) -> Sources:
    """Of a pack's folder its own; of a run's folder the project's."""
    own = root / "requirements"
    requirements = own if own.is_dir() else find("scenarios", "requirements", project=project)
    told = [root / "scenarios" / "stimuli", root / "stimuli"]
    stimuli = next((p for p in told if p.is_dir()), None) or find("scenarios", "stimuli", project=project)
    vehicles = next((p for p in (root / "vehicle", root / "vehicles") if p.is_dir()), None)
    return Sources(requirements, stimuli, vehicles, project)


def rejudge(root: Path, project: Path, workers: int = 2, progress: Progress | None = None) -> RunAgain:
    """BadInput where ``root`` is neither a run nor a pack, or what it is to be judged by is not there."""
    everything = _cases(root)
    cases = [case for case in everything if case.folder is not None]
    if not cases:
        raise BadInput(root, None, "", "holds no cases", "Name the folder of a run or of a pack.")
    sources = sources_of(root, project)
    judge = Workshop(sources)
    judge.prepare(case.vehicle for case in cases)
    again = list(_all(cases, judge, workers, progress or (lambda _done, _of: None)))
    found = [one for case in again for one in case.found]
    unbegun = [case for case in everything if case.folder is None]
    now = [_as_judged(case, one) for case, one in zip(cases, again, strict=True)]
    found += _requirements(root, [*now, *unbegun])
    versions = {str(r["harness"]) for case in cases for r in case.records if r["kind"] == "case" and "harness" in r}
    return RunAgain(tuple(found), len(cases), tuple(sorted(versions)))


class Workshop:
    """Cars, requirements and sounds, read once in each process."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._cars: dict[str, tuple[Vehicle, Catalogue]] = {}
        self._catalogue: Catalogue | None = None
        self._sounds: Sounds | None = None
        self._decoded = Decoded()

    def prepare(self, cars: Iterable[str]) -> None:
        """Read all of it now. BadInput for what is wrong with it."""
        self._library()
        for car in dict.fromkeys(cars):
            self._car(car)

    def __call__(self, case: CaseRecord) -> CaseAgain:
        vehicle, catalogue = self._car(case.vehicle)
        return judge_again(case, vehicle, catalogue, self._library(), self._decoded)

    def _library(self) -> Sounds:
        if self._sounds is None:
            self._sounds = Sounds(Library.load(self.sources.stimuli))
        return self._sounds

    def _car(self, name: str) -> tuple[Vehicle, Catalogue]:
        if self._catalogue is None:
            self._catalogue = load_requirements(self.sources.requirements)
        if name not in self._cars:
            vehicle = load_vehicle(self.sources.car(name))
            self._cars[name] = (vehicle, self._catalogue.for_vehicle(vehicle))
        return self._cars[name]


_mine: list[Workshop] = []
"""The workshop of a worker process, made at its start."""


def _start(sources: Sources) -> None:
    _mine.append(Workshop(sources))


def _one(case: CaseRecord) -> CaseAgain:
    return _mine[0](case)


def _all(cases: Sequence[CaseRecord], judge: Workshop, workers: int, progress: Progress) -> Iterable[CaseAgain]:
    if workers < 2 or len(cases) < 2:
        for done, case in enumerate(cases, 1):
            yield judge(case)
            progress(done, len(cases))
        return
    longest = sorted(range(len(cases)), key=lambda n: -cases[n].simulated_s)  # so that none is left to be waited for
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (judge.sources,)) as pool:
        futures = {n: pool.submit(_one, cases[n]) for n in longest}
        for done, n in enumerate(range(len(cases)), 1):
            yield futures[n].result()
            progress(done, len(cases))


def _cases(root: Path) -> list[CaseRecord]:
    """All of a run; in a pack, what was collected lies in ``run/``."""
    cases = read_cases(root)
    known = {(case.runner, case.id) for case in cases}
    told = collected(root / "run") if (root / "run").is_dir() else []
    return cases + [not_started(entry) for entry in told if (entry["runner"], str(entry["id"])) not in known]


def _requirements(root: Path, now: Sequence[CaseRecord]) -> list[Found]:
    """The verdict on each requirement and car, from the checks as they are now, against ``run.json``."""
    path = next((p for p in (root / "run" / "run.json", root / "run.json") if p.is_file()), None)
    if path is None:
        return []
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["requirements"]
        recorded = {(str(r["id"]), str(car)): str(c["verdict"]) for r in told for car, c in r["cars"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise BadInput(path, None, "", f"is no run: {why}", "Restore the file.") from why
    rows = verdict_rows(now, run_facts(path.parent))
    found = []
    for row in rows:
        for car, cell in row.cells.items():
            before = recorded.get((row.id, car), "")
            standing = Standing.EQUAL if before == str(cell.verdict) else Standing.DIFFERENT
            if cell.cases or standing is Standing.DIFFERENT:
                found.append(Found(standing, "requirement", car, row.id, "", "verdict", before, str(cell.verdict),
                                   file=path.name))  # fmt: skip
    return found


def _as_judged(case: CaseRecord, again: CaseAgain) -> CaseRecord:
    """The case with the verdicts that came out now in the place of those it was recorded with."""
    records: list[Any] = [
        {**r, "verdict": str(again.verdicts.get(int(r["n"]), r["verdict"]))} if r["kind"] == "check" else r
        for r in case.records
    ]
    verdict = again.verdict if again.verdict is not None and case.verdict in MEASURED else case.verdict
    return replace(case, records=tuple(records), verdict=verdict)
