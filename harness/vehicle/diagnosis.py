"""How the unit is reached by diagnostics, from what a person wrote."""

from __future__ import annotations

from harness.vehicle.draft import Draft
from harness.vehicle.vehicle import Diagnostics, Security


def diagnostics(draft: Draft) -> Diagnostics:
    """Addresses, identifiers and trouble codes; security where the car has it. The key's function is looked for only
    when a key is needed: a maker's algorithm need not be installed to read the car."""
    given = draft.model.diagnostics
    security = None
    if given.security is not None:
        module, colon, function = given.security.key.partition(":")
        if not (module and colon and function):
            draft.wrong(("diagnostics", "security", "key"), "names no function", "Write package.module:function.")
        for i, level in enumerate(given.security.levels):
            if level % 2 == 0:
                problem = "a level is the odd number of its request for a seed"
                draft.wrong(("diagnostics", "security", "levels", i), problem, f"Write {level - 1}.")
        security = Security(given.security.key, dict(given.security.parameters), tuple(given.security.levels))
    return Diagnostics(
        bus=given.bus,
        request=given.request,
        response=given.response,
        functional=given.functional,
        padding=given.padding,
        dids=dict(given.dids),
        dtcs=dict(given.dtcs),
        security=security,
    )
