"""A comparison for machines: ``hil compare --json``. Schema 1; figures in base units."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harness.evidence.compare import CasePair, Comparison, FigurePair
from harness.evidence.compared_run import ComparedRun, Figure

SCHEMA = 1
_FACTS = ("command", "rig", "vehicle", "seed", "defect", "variant_seed", "software", "started", "ended", "totals")


def compare_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "schema": SCHEMA,
        "kind": "comparison",
        "a": _run(comparison.a),
        "b": _run(comparison.b),
        "threshold": comparison.threshold,
        "exit_code": comparison.exit_code,
        "divergences": [d._asdict() for d in comparison.divergences],
        "requirements": [
            {
                "requirement": row.requirement,
                "quantity": row.quantity,
                "observation": row.observation,
                "unit": row.unit,
                "limit": dict(row.limit),
                "a": asdict(row.a),
                "b": asdict(row.b),
            }
            for row in comparison.requirements
        ],
        "cases": [_case(pair) for pair in comparison.cases],
    }


def _run(run: ComparedRun) -> dict[str, Any]:
    facts = {name: run.facts.get(name) for name in _FACTS}
    return {"path": str(run.path), **facts, "crash": run.crash or None, "warnings": list(run.warnings)}


def _case(pair: CasePair) -> dict[str, Any]:
    a, b = pair.verdicts
    told = pair.a or pair.b
    assert told is not None
    return {
        "runner": pair.key[0],
        "id": pair.key[1],
        "requirements": list(told.requirements),
        "verdict": {"a": str(a), "b": str(b)},
        "attempts": {"a": pair.a.attempts if pair.a else 0, "b": pair.b.attempts if pair.b else 0},
        "measurements": [_pair(figures) for figures in pair.figures],
    }


def _pair(pair: FigurePair) -> dict[str, Any]:
    requirement, observation, quantity, alike = pair.key
    return {
        "requirement": requirement,
        "observation": observation,
        "quantity": quantity,
        "nth": alike,
        "what": pair.either.sentence,
        "unit": pair.either.unit,
        "a": _figure(pair.a),
        "b": _figure(pair.b),
        "difference": pair.difference,
        "difference_interval": None if pair.difference_bounds is None else list(pair.difference_bounds),
        "apart": pair.apart,
        "diverges": pair.diverges,
    }


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "value": figure.value,
        "interval": None if figure.low is None else [figure.low, figure.high],
        "limit": dict(figure.limit),
        "margin": figure.margin,
        "samples": list(figure.samples),
        "verdict": str(figure.verdict),
    }
