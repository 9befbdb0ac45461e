"""Right units that are not alike stay green: what turns red on one is a habit that a scenario learnt by heart."""

from __future__ import annotations

from pathlib import Path

import pytest

SEEDS = range(1, 11)
AT_LEAST = 60
"""Scenarios that a run of the whole suite has; far fewer means that something was not collected."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_variant_stays_green(seed: int, scenarios, tmp_path: Path) -> None:
    run = scenarios(tmp_path / "out", "scenarios", "--variant-seed", str(seed), "-n", "2")

    assert run.with_verdict("FAIL", "ERROR", "BLOCKED", "INCONCLUSIVE", "NOT_EXECUTED") == []
    assert run.code == 0, run.output
    assert len(run.cases) >= AT_LEAST
