"""Reads every data identifier of the usual ranges and keeps what the unit answers."""

from __future__ import annotations

from harness.bench.world import World
from harness.diag.client import Tester, open_tester

RANGES = (range(0x0200, 0x0240), range(0xF180, 0xF1A0))
"""Where makers keep what is theirs, and the identification block (ISO 14229-1, table C.1); with the car's own list."""


def sweep(world: World, tester: Tester | None = None) -> dict[int, bytes]:
    """identifier -> data of everything that could be read. Ends without an answer are left out, not errors.
    With ``tester`` in the session and at the security level that it has opened, else in the default session."""
    diagnostics = world.vehicle.diagnostics
    wanted = sorted({*diagnostics.dids.values(), *(i for r in RANGES for i in r)})
    asking = tester or open_tester(world.vehicle, world.clock, world.ports.can[diagnostics.bus])
    try:
        answers = {identifier: asking.read(identifier) for identifier in wanted}
    finally:
        if tester is None:
            asking.close()
    return {identifier: data for identifier, data in answers.items() if data is not None}
