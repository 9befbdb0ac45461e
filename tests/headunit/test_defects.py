"""Each seeded defect changes what it says it changes, and nothing else."""

from __future__ import annotations

import random

import pytest

from harness.foundation.errors import BadInput
from harness.headunit.blueprint import apply, differing
from harness.headunit.defects import catalogue
from harness.headunit.embedded import blueprint, build
from harness.headunit.nominal import base_blueprint

IDS = {
    *(f"BTN-{n:02}" for n in (1, 2, 3, 4, 6, 7, 9)),
    *(f"MSG-{n:02}" for n in (1, 2, 3, 4, 5, 6)),
    *(f"DRV-{n:02}" for n in (1, 2, 3, 4)),
    *(f"QR-{n:02}" for n in (1, 2, 3, 4, 5, 8)),
    *(f"OUT-{n:02}" for n in (1, 2, 3, 5, 6, 10)),
}
MOST_HOOKS = 3
CODED = [name for name, defect in catalogue().items() if defect.kind in ("logic", "data")]
"""Those that bring code of their own into the unit's events; figures and sounds cannot raise there."""


def test_every_judged_requirement_has_a_defect_of_its_own():
    assert {d.requirements[0] for d in catalogue().values()} >= IDS


def test_a_defect_is_called_after_what_it_violates():
    for name, defect in catalogue().items():
        assert name == defect.id
        assert name.startswith(defect.requirements[0].lower())
        assert defect.symptom.endswith(".")


@pytest.mark.parametrize("name", catalogue())
def test_a_defect_changes_few_hooks_and_works_in_every_variant(gs4, name):
    base = base_blueprint(gs4)
    change = catalogue()[name].change
    hooks = differing(base, apply(base, change))
    assert 1 <= len(hooks) <= MOST_HOOKS
    for seed in (1, 2):
        varied = blueprint(gs4, (), seed)
        assert differing(varied, apply(varied, change)) == hooks


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
