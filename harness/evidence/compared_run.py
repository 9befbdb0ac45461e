"""A run as ``hil compare`` reads it: verdicts and figures by case, whatever rig it ran on and however it ended.

Theory. ``run.json`` has every verdict and the worst figure of each check; the samples of a repeated check stand in the
case's journal alone. So a run folder is read from ``run.json``, and a journal is opened only where samples are wanted.
One that is missing costs the samples, not the comparison: a warning says so. A case that was tried several times
counts with its worst attempt, as it does for the run's exit code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence.case import read_case
from harness.evidence.run_json import SCHEMA
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Interval
from harness.foundation.values import Verdict, worst

Key = tuple[str, str]
"""(runner, id): what a case is called in every run, parameters included."""
FigureKey = tuple[str, str, str, int]
"""(requirement, observation, quantity, which of those alike): the place of a figure in its case."""
_CHECKED = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)


@dataclass(frozen=True)
class Figure:
    """One check: value, bounds and margin in base units of ``unit``. ``value`` None: it never happened, or (verdict
    NOT_APPLICABLE) nothing on the rig could see it. ``samples`` are all values of a repeated check, else the one.
    """

    requirement: str
    observation: str
    quantity: str
    sentence: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    limit: Mapping[str, Any]
    margin: float | None
    samples: tuple[float | None, ...]
    verdict: Verdict

    @property
    def judged(self) -> bool:
        return self.verdict in _CHECKED

    def points(self) -> list[Interval]:
        """Each value that happened, with its bounds: of a repeated check those of the worst one, which is the one the
        record has them of.
        """
        below = above = 0.0
        if self.value is not None and self.low is not None and self.high is not None:
            below, above = self.value - self.low, self.high - self.value
        return [Interval(v, v - below, v + above) for v in self.samples if v is not None]


@dataclass(frozen=True)
class ComparedCase:
    """``figures`` in the order they were judged; ``attempts`` counts all, the worst of them is told."""

    id: str
    runner: str
    title: str
    verdict: Verdict
    reason: str
    requirements: tuple[str, ...]
    attempts: int
    figures: Mapping[FigureKey, Figure]


@dataclass(frozen=True)
class ComparedRun:
    """``facts`` are run.json's own fields without the cases."""

    path: Path
    facts: Mapping[str, Any]
    cases: Mapping[Key, ComparedCase]
    warnings: tuple[str, ...]

    @property
    def crash(self) -> str:
        """What broke the run down, or ""."""
        found = self.facts.get("crash")
        return str(found.get("what", found)) if isinstance(found, Mapping) else str(found or "")


def read_run(path: Path) -> ComparedRun:
    """Read a run folder (or a ``run.json`` on its own). BadInput with the remedy for anything that is none."""
    file = path if path.is_file() else path / "run.json"
    data = _load(path, file)
    warnings: list[str] = []
    attempts: dict[Key, list[ComparedCase]] = {}
    for n, entry in enumerate(data["cases"]):
        try:
            case = _case(file.parent, entry, warnings)
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise _broken(file, None, f"cases[{n}]", f"this case is incomplete ({why!r})") from why
        attempts.setdefault((case.runner, case.id), []).append(case)
    facts = {name: value for name, value in data.items() if name != "cases"}
    if not facts.get("ended"):
        warnings.append("the run did not reach its end")
    return ComparedRun(path, facts, {key: _worst(found) for key, found in attempts.items()}, tuple(warnings))


def _load(path: Path, file: Path) -> dict[str, Any]:
    if not path.exists():
        raise BadInput(path, None, "", "no such run folder", "Name the folder of a run, as reports/0001-2026-03-01.")
    if not file.is_file():
        began = (path / "cases").is_dir() or (path / "meta.json").is_file()
        remedy = f"Make it: hil report {path}" if began else "Name the folder of a run; it holds run.json."
        raise BadInput(path, None, "", "there is no run.json in this folder", remedy)
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as why:
        raise _broken(file, why.lineno, "", f"not JSON: {why.msg}") from why
    except (OSError, UnicodeDecodeError) as why:
        raise _broken(file, None, "", f"cannot be read: {why}") from why
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list) or not isinstance(data.get("schema"), int):
        raise _broken(file, None, "", "this is not the run.json of a run ('schema' and 'cases' are missing)")
    if data["schema"] > SCHEMA:
        problem = f"written by a newer version (schema {data['schema']}; this one knows {SCHEMA})"
        raise BadInput(file, None, "", problem, "Compare with that version.")
    return data


def _broken(file: Path, line: int | None, value: str, problem: str) -> BadInput:
    return BadInput(file, line, value, problem, f"Make it again from the journals: hil report {file.parent}")


def _case(root: Path, entry: Mapping[str, Any], warnings: list[str]) -> ComparedCase:
    measured = list(entry["measurements"])
    sampled = any(int(m.get("samples") or 1) > 1 for m in measured)
    samples = _samples(root, entry, measured, warnings) if sampled else [None] * len(measured)
    figures: dict[FigureKey, Figure] = {}
    for measurement, values in zip(measured, samples, strict=True):
        if measurement.get("prerequisite"):
            continue  # a step on the way that failed: its story is the case's verdict, not a figure of a requirement
        figure = _figure(measurement, values)
        alike = sum(key[:3] == (figure.requirement, figure.observation, figure.quantity) for key in figures)
        figures[(figure.requirement, figure.observation, figure.quantity, alike)] = figure
    return ComparedCase(
        id=str(entry["id"]),
        runner=str(entry.get("runner") or "pytest"),
        title=str(entry.get("title") or entry["id"]),
        verdict=Verdict(entry["verdict"]),
        reason=str(entry.get("reason") or ""),
        requirements=tuple(str(r) for r in entry.get("requirements") or ()),
        attempts=1,
        figures=figures,
    )


def _figure(measurement: Mapping[str, Any], samples: tuple[float | None, ...] | None) -> Figure:
    value = None if measurement["value"] is None else float(measurement["value"])
    bounds = measurement.get("interval")
    low, high = (None, None) if value is None else (float(bounds[0]), float(bounds[1])) if bounds else (value, value)
    margin = measurement.get("margin")
    reason, observation = str(measurement.get("reason") or ""), str(measurement["observation"])
    sentence = reason.partition(", limit ")[0].rpartition(": ")[0]
    return Figure(
        requirement=str(measurement["requirement"]),
        observation=observation,
        quantity=str(measurement["quantity"]),
        sentence=sentence or observation,
        unit=str(measurement["unit"]),
        value=value,
        low=low,
        high=high,
        limit=dict(measurement["limit"]),
        margin=None if margin is None else float(margin),
        samples=samples or (value,),
        verdict=Verdict(measurement["verdict"]),
    )


def _samples(
    root: Path, entry: Mapping[str, Any], measured: list[Any], warnings: list[str]
) -> list[tuple[float | None, ...] | None]:
    """The single values of each measurement, from the journal; None for each where the journal does not have them."""
    folder = root / str(entry.get("folder") or "")
    within = bool(entry.get("folder")) and folder.resolve().is_relative_to(root.resolve())
    checks = read_case(folder).checks if within and folder.is_dir() else ()
    same = [(c["requirement"], c["observation"]) for c in checks] == [
        (m["requirement"], m["observation"]) for m in measured
    ]
    if not same:
        warnings.append(f"{entry['id']}: its journal is not there; of repeated checks only the worst figure is known")
        return [None] * len(measured)
    return [tuple(c["values"]) if c.get("values") else None for c in checks]


def _worst(attempts: list[ComparedCase]) -> ComparedCase:
    verdict = worst(case.verdict for case in attempts)
    told = next(case for case in reversed(attempts) if case.verdict is verdict)
    return ComparedCase(**{**vars(told), "attempts": len(attempts)})
