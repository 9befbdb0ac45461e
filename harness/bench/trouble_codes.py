"""Reads the unit's trouble codes by diagnostics while something is wrong."""

from __future__ import annotations

from harness.bench.world import World
from harness.diag.client import Tester
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging.observation import Observation, anchor
from harness.judging.trouble_codes import Reading, matures

CONFIRMED = 0x08
"""Status bit confirmedDTC (ISO 14229-1, D.2)."""
ASKED_EVERY: Ns = 50 * MS
ASKED_FOR: Ns = 5 * S


class TroubleCodes:
    def __init__(self, world: World) -> None:
        self._world = world

    def matures(self, name: str, after: object) -> Observation:
        """Ask again and again until the code ``name`` of the car's data is confirmed, at most for ASKED_FOR."""
        world = self._world
        known = world.vehicle.diagnostics.dtcs
        if name not in known:
            raise HarnessError(f"{world.vehicle.id} has no trouble code {name!r}. {suggest(name, known)}")
        readings: list[Reading] = []
        with world.step(f"trouble codes are read until {name} is there"):
            end = world.clock.now() + ASKED_FOR
            while world.clock.now() < end:
                readings.append(self._read())
                if known[name] in readings[-1].confirmed:
                    break
                world.wait(ASKED_EVERY)
        return world.ask(matures(name, known[name], readings, anchor(after)))

    def _read(self) -> Reading:
        world, diagnostics = self._world, self._world.vehicle.diagnostics
        port = world.ports.can[diagnostics.bus]
        asked = world.clock.now()
        tester = Tester(world.clock, port, diagnostics.request, diagnostics.response, diagnostics.padding)
        try:
            answer = tester.ask(bytes([0x19, 0x02, CONFIRMED])) or b""
        finally:
            tester.close()
        records = [answer[i : i + 4] for i in range(3, len(answer) - 3, 4)] if answer[:1] == b"\x59" else []
        codes = frozenset(int.from_bytes(r[:3], "big") for r in records if r[3] & CONFIRMED)
        now = world.clock.now()
        # the unit looked it up somewhere between the question and the answer
        return Reading(Stamp(now, asked, now), codes)
