"""The unit as a rig asks for it: this car, these defects, this variant."""

from __future__ import annotations

import difflib
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.foundation.clock import Clock
from harness.foundation.errors import BadInput
from harness.headunit.blueprint import Blueprint, apply
from harness.headunit.ends import Ends
from harness.headunit.nominal import base_blueprint
from harness.headunit.unit import HeadUnit

if TYPE_CHECKING:
    from harness.vehicle.vehicle import Vehicle


def build(
    vehicle: Vehicle,
    clock: Clock,
    ends: Ends,
    rng: random.Random,
    defects: Sequence[str] = (),
    variant_seed: int | None = None,
) -> HeadUnit:
    """The unit on its ends. BadInput, with a suggestion, for an unknown defect."""
    plan = blueprint(vehicle, defects, variant_seed)
    return HeadUnit(plan, sounding(vehicle, variant_seed), clock, ends, rng)


def sounding(vehicle: Vehicle, variant_seed: int | None) -> Vehicle:
    """The car's data as they are with this variant in it (its sounds)."""
    if variant_seed is None:
        return vehicle
    from harness.headunit.variants import fitted

    return fitted(vehicle, variant_seed)


def blueprint(vehicle: Vehicle, defects: Sequence[str], variant_seed: int | None) -> Blueprint:
    """Base, then the variant, then the defects in the order given. BadInput for an unknown one."""
    base = base_blueprint(vehicle)
    if variant_seed is not None:
        from harness.headunit.variants import variant

        base = apply(base, variant(variant_seed))
    if not defects:
        return base
    from harness.headunit.defects import catalogue
    from harness.headunit.edges import unit_named

    known = catalogue()
    for name in defects:
        defect = known.get(name) or unit_named(name)
        if defect is None:
            near = difflib.get_close_matches(name, known, 1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}"
            raise BadInput("command line", None, name, "there is no such defect", remedy)
        base = apply(base, defect.change)
    return base
