"""Each seeded defect changes what it says it changes, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput
from harness.headunit.blueprint import apply, differing
from harness.headunit.defects import Kind, catalogue
from harness.headunit.embedded import blueprint, build
from harness.judging.requirements import load_requirements
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
MOST_HOOKS = 2
CODE = ("wraps.", "taps.", "actions.", "tables.")
CODED = [name for name, defect in catalogue().items() if any(hook.startswith(CODE) for hook in defect.hooks)]
"""Those that bring code of their own into the unit's events; figures cannot raise there."""


@pytest.fixture(scope="module")
def cars():
    return [load_vehicle(path.parent) for path in sorted((ROOT / "dbc").glob("*/vehicle.yaml"))]


def test_every_requirement_has_a_defect_of_its_own():
    assert {d.requirements[0] for d in catalogue().values()} == set(load_requirements(ROOT / "scenarios/requirements"))


def test_all_kinds_of_fault_occur():
    """The vocabulary is closed, and none of it is idle: eight kinds, each with a handful of defects."""
    counted = {kind: sum(d.kind is kind for d in catalogue().values()) for kind in Kind}
    assert {str(kind) for kind in counted} == {
        "missing", "wrong value", "wrong time", "wrong order", "state leak", "race", "resource", "security",
    }  # fmt: skip
    assert min(counted.values()) >= 5
    assert sum(counted.values()) == len(catalogue())


def test_a_defect_is_called_after_what_it_violates():
    for name, defect in catalogue().items():
        assert name == defect.id
        assert name.startswith(defect.requirements[0].lower())
        assert defect.symptom.endswith(".")


@pytest.mark.parametrize("name", catalogue())
def test_a_defect_changes_the_hooks_it_names_and_no_other(cars, name):
    """In every car that can have it, and in right variants of its unit."""
    defect = catalogue()[name]
    assert 1 <= len(defect.hooks) <= MOST_HOOKS
    fitting = [car for car in cars if all(car.has(need) for need in defect.needs)]
    assert fitting
    for car in fitting:
        for seed in (None, 1, 2):
            base = blueprint(car, (), seed)
            assert differing(base, apply(base, defect.change)) == set(defect.hooks)


@pytest.mark.parametrize("name", CODED)
def test_a_unit_with_a_defect_still_goes_through_a_day(make, name):
    """A defect shows by what the unit does, never by an exception."""
    car = make(catalogue()[name].change)
    car.power()
    car.ignition(True)
    car.run(4_000_000_000)
    if car.state("session") == "code_shown":
        car.phone.scan(car.unit.ram.code)
        car.run(200_000_000)
        car.phone.confirm()
        car.run(1_000_000_000)
    car.contact.send_text("li.wei", "hello", "picture")
    car.press()
    car.run(3_000_000_000)
    car.leave()
    car.run(3_500_000_000)


def test_an_unknown_defect_gets_a_suggestion(gs4, car):
    with pytest.raises(BadInput, match="btn-01-chime-late"):
        build(gs4, car.clock, car.unit.ends, random.Random(1), ["btn-01-chime-lat"], None)
