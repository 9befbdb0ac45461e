"""The trace matrix: requirement <-> scenario <-> measurement (quantity and limit) <-> seeded defect.

A gap is a value, not a blank: a requirement without scenario or without defect says so. What was measured comes from a
run's ``run.json``, where one is given; without it every requirement is NOT EXECUTED here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.evidence.exchange.entries import Entries
from harness.evidence.exchange.results import Result


@dataclass(frozen=True)
class Scenario:
    """A case and the ids it names. ``measures``: (requirement, quantity) pairs it was seen to measure in the run."""

    id: str
    requirements: tuple[str, ...]
    measures: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Without its folder and its car."""
        return self.id.rpartition("::")[2].partition("[")[0]


@dataclass(frozen=True)
class Seeded:
    """A defect and the ids it violates, the first the one it is seeded for."""

    id: str
    symptom: str
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Trace:
    """All of it. ``cars``: by requirement, what each car's verdict and tightest figure was (run.json's form).
    ``results``: each attempt of each case of the run."""

    entries: Entries
    scenarios: tuple[Scenario, ...]
    defects: tuple[Seeded, ...]
    cars: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    run: str = ""
    results: tuple[Result, ...] = ()

    def scenarios_of(self, requirement: str) -> list[Scenario]:
        return [s for s in self.scenarios if requirement in s.requirements]

    def defects_of(self, requirement: str) -> list[Seeded]:
        return [d for d in self.defects if requirement in d.requirements]

    def measuring(self, requirement: str, quantity: str) -> list[Scenario]:
        """The scenarios that were seen to measure it."""
        return [s for s in self.scenarios if (requirement, quantity) in s.measures]

    def verdicts_of(self, requirement: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Per car; empty without a run."""
        return list(self.cars.get(requirement, {}).items())


def with_run(
    scenarios: Sequence[Scenario], run: Mapping[str, Any]
) -> tuple[tuple[Scenario, ...], dict[str, Mapping[str, Any]]]:
    """What a run.json adds: which scenario measured which quantity, and each requirement's verdicts by car."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for case in run.get("cases", ()):
        name = Scenario(str(case["id"]), ()).name
        pairs = {(str(m["requirement"]), str(m["quantity"])) for m in case["measurements"] if m["requirement"]}
        seen.setdefault(name, set()).update(pairs)
    told = tuple(Scenario(s.id, s.requirements, tuple(sorted(seen.get(s.name, ())))) for s in scenarios)
    return told, {str(row["id"]): row["cars"] for row in run.get("requirements", ())}
