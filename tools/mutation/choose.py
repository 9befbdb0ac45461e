"""Which tests are asked about a mutant, and in which order.

Theory. A test that does not run the mutated line cannot notice it. What runs while a module is imported (tables, class
bodies, defaults) is noticed through whoever runs that module or one that imports it. Of the cars, the first on which a
case runs the line stands for the others: a survivor then is at most one too many. First come tests that killed a
neighbour, then one of each file by turns, the quickest first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mutation.baseline import Baseline
from mutation.mutants import Mutant

CAR = re.compile(r"\[[a-z0-9_]+(?=[-\]])")


class Chooser:
    def __init__(self, baseline: Baseline, edges: dict[str, set[str]], files: dict[str, Path], cars: bool) -> None:
        self._baseline, self._cars = baseline, cars
        self._importers = {
            path.as_posix(): [
                files[name].as_posix() for name, wanted in edges.items() if module in wanted and name in files
            ]
            for module, path in files.items()
        }
        self._killers: dict[str, Counter[str]] = {}

    def tests(self, mutant: Mutant) -> list[str]:
        """Node ids in order; none when no test runs the line."""
        source = mutant.source.as_posix()
        if mutant.at_import:
            running = {t for file in (source, *self._importers[source]) for t in self._running(file)}
        else:
            lines = self._baseline.lines.get(source, {})
            running = {t for n in range(mutant.span[0], mutant.span[1] + 1) for t in lines.get(n, ())}
        running -= set(self._baseline.red)
        return self._ordered(self._one_car(running) if self._cars else running, source)

    def killed(self, mutant: Mutant, case: str) -> None:
        self._killers.setdefault(mutant.source.as_posix(), Counter())[case] += 1

    def _running(self, file: str) -> Iterable[str]:
        return (t for tests in self._baseline.lines.get(file, {}).values() for t in tests)

    def _one_car(self, running: set[str]) -> set[str]:
        """Of the same case on several cars the first in the order they ran."""
        kept: dict[str, str] = {}
        for nodeid in self._baseline.costs:
            if nodeid in running:
                kept.setdefault(CAR.sub("[", nodeid, count=1), nodeid)
        return set(kept.values())

    def _ordered(self, running: set[str], source: str) -> list[str]:
        costs = self._baseline.costs
        killers = [t for t, _ in self._killers.get(source, Counter()).most_common() if t in running][:6]
        turns: Counter[str] = Counter()
        rows = []
        for nodeid in sorted(running - set(killers), key=lambda t: (costs[t], t)):
            file = nodeid.partition("::")[0]
            turns[file] += 1
            rows.append((turns[file], costs[nodeid], nodeid))
        return killers + [nodeid for *_, nodeid in sorted(rows)]
