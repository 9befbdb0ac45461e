"""Margins that shrink from run to run: what still passes, and will not for much longer.

The rule. A margin shrinks when the smallest margin of one requirement, quantity and car fell in each of the last
RUNS comparable runs, this one the last of them, and by more than SHARE of where it stood before, in all. Runs are
comparable when rig, clock, seed, unit software, seeded defects and variant are the same and nothing broke down; and,
for each margin, when the same cases measured it against the same limit. What never happened, or is outside its limit
already, needs no such warning.

The runs looked at are those of the folder that keeps the project's runs, begun before this one; the newest MOST at
most. The flag changes no verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness.evidence.wording import show_margin

RUNS = 3
SHARE = 0.10
MOST = 20
_SAME = ("rig", "clock", "seed", "software", "defect", "variant_seed")
Key = tuple[str, str, str]


def shrinking(run: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every margin of ``run`` (the content of run.json) that shrinks, worst first.

    ``earlier`` are the runs before it, the newest first, each with its folder's name as "folder".
    """
    wanted = _margins(run)
    courses: dict[Key, list[tuple[str, float]]] = {key: [("this run", m)] for key, (m, _) in wanted.items()}
    for other in earlier:
        if all(len(course) > RUNS for course in courses.values()):
            break
        if not comparable(run, other):
            continue
        found = _margins(other)
        for key, course in courses.items():
            if len(course) <= RUNS and key in found and found[key][1] == wanted[key][1]:
                course.append((str(other["folder"]), found[key][0]))
    flagged = []
    for (requirement, quantity, vehicle), newest_first in courses.items():
        course = newest_first[::-1]
        if falls([margin for _, margin in course]):
            _, (unit, *_) = wanted[requirement, quantity, vehicle]
            row = {"requirement": requirement, "quantity": quantity, "vehicle": vehicle, "unit": unit}
            flagged.append({**row, "course": [list(point) for point in course]})
    return sorted(flagged, key=lambda f: f["course"][-1][1] / f["course"][0][1])


def falls(margins: Sequence[float]) -> bool:
    """Whether the last RUNS + 1 margins, the newest last, fell each time and by more than SHARE in all."""
    if len(margins) <= RUNS or margins[-1] < 0:
        return False
    last = margins[-RUNS - 1 :]
    every = all(b < a for a, b in pairwise(last))
    return every and last[0] - last[-1] > SHARE * last[0]


def told(flagged: Mapping[str, Any]) -> str:
    """ "42 ms (0003-...) -> 31 ms -> ... -> 12 ms (this run)"."""
    course = flagged["course"]
    shown = [show_margin(margin, flagged["unit"]) for _, margin in course]
    fall = 100 * (1 - course[-1][1] / course[0][1])
    return f"{' -> '.join(shown)}: {fall:.0f} % less than in run {course[0][0]}"


def comparable(run: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both were asked for the same of the same unit on the same rig."""
    same = all((run.get(name) or None) == (other.get(name) or None) for name in _SAME)
    return same and not run.get("crash") and not other.get("crash")


def earlier_runs(facts: Mapping[str, Any], out: Path) -> Iterator[dict[str, Any]]:
    """The runs of the project's folder that began before this one, the newest first; a broken one is passed over."""
    history, started = facts.get("history"), str(facts.get("started") or "")
    if not history or not started:
        return
    folders = sorted(Path(str(history)).parent.glob("[0-9]*/run.json"), key=lambda p: p.parent.name, reverse=True)
    looked = 0
    for path in folders:
        if path.parent.resolve() == out.resolve() or looked >= MOST:
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        looked += 1
        if isinstance(data, dict) and data.get("schema") == 1 and str(data.get("started") or "~") < started:
            yield {**data, "folder": path.parent.name}


def _margins(run: Mapping[str, Any]) -> dict[Key, tuple[float, tuple[Any, ...]]]:
    """The smallest margin per requirement, quantity and car, and what it must have in common with another run's."""
    margins: dict[Key, list[float]] = {}
    alike: dict[Key, set[tuple[Any, ...]]] = {}
    units: dict[Key, str] = {}
    for case in run.get("cases", ()):
        for m in case.get("measurements", ()):
            if m.get("margin") is None or not m.get("requirement"):
                continue
            key = (str(m["requirement"]), str(m["quantity"]), str(case.get("vehicle", "")))
            margins.setdefault(key, []).append(float(m["margin"]))
            limit = m["limit"]
            alike.setdefault(key, set()).add((case["id"], limit.get("low"), limit.get("high")))
            units[key] = str(m["unit"])
    return {key: (min(found), (units[key], frozenset(alike[key]))) for key, found in margins.items()}
