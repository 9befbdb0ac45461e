"""Units at the edges of limits: their names, and that each row moves something."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.places import find
from harness.foundation.units import MS
from harness.headunit.blueprint import Blueprint, apply, differing
from harness.headunit.edge_rows import UNMOVED
from harness.headunit.edges import add, name_of, rows, unit_named
from harness.headunit.nominal import base_blueprint
from harness.judging.requirements import load_requirements
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> Blueprint:
    return base_blueprint(load_vehicle(find("dbc", "gs4", project=ROOT)))


def test_a_time_moves_by_seconds_a_count_by_ones_a_level_by_its_unit(base: Blueprint) -> None:
    for name, amount, more in (("long_press", 0.05, 50 * MS), ("debounce_frames", -1, -1), ("duck_level", 2.5, 2.5)):
        moved = apply(base, add(name)(amount)).figures[name]
        assert moved - base.figures[name] == more
    assert apply(base, add("p2_server", 2.0)(0.01)).figures["p2_server"] - base.figures["p2_server"] == 20 * MS


@pytest.mark.parametrize("name", list(rows()))
def test_each_row_changes_the_unit_and_its_name_leads_back(base: Blueprint, name: str) -> None:
    row = rows()[name]
    units = [unit_named(name_of(row, amount)) for amount in (1.0, 2.0)]
    for unit in units:
        assert unit is not None
        assert unit.requirements == (row.requirement,)
    changed = [apply(base, unit.change) for unit in units if unit is not None]
    assert any(differing(one, base) for one in changed)  # one of them may be the right unit: on the limit of a count


def test_a_name_that_means_nothing_is_no_unit() -> None:
    names = ("btn-01", "edge-BTN-01.latency.bus", "edge-nothing=+1", "edge-BTN-01.latency.bus=x",
             "edge-BTN-01.latency.bus=nan", "BTN-01.latency.bus=+1")  # fmt: skip
    assert [unit_named(name) for name in names] == [None] * len(names)


def test_every_limit_has_a_row_or_a_reason_and_every_row_a_limit() -> None:
    catalogue = load_requirements(find("scenarios", "requirements", project=ROOT))
    limits = {f"{id_}.{quantity}" for id_ in catalogue for quantity in catalogue[id_].limits}
    moved = {row.limit for row in rows().values()}
    assert moved <= limits
    assert set(UNMOVED) <= limits
    assert not moved & set(UNMOVED)
    assert limits - moved - set(UNMOVED) == set()
