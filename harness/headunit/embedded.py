"""The unit as a rig asks for it: this car, these defects, this variant."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.foundation.clock import Clock
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
    for name in defects:
        from harness.headunit.defects.named import change_of

        base = apply(base, change_of(name))
    return base
