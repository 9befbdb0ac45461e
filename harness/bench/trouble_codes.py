"""Reads the unit's trouble codes by diagnostics: until something happens, or as they are now."""

from __future__ import annotations

from collections.abc import Callable

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.diag import names as uds
from harness.diag.client import Exchange, open_tester
from harness.diag.uds import clear_dtcs, dtcs, read_dtcs, read_snapshot, supported_dtcs
from harness.foundation.errors import NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.judging.answers import lists_agree
from harness.judging.judge import PrerequisiteFailed
from harness.judging.observation import Observation, anchor
from harness.judging.trouble_codes import changes, forgotten, snapshot_tells_supply, status_is, stored

ASKED_EVERY: Ns = 50 * MS
ASKED_FOR: Ns = 5 * S
SETTLES: Ns = 10 * MS
ASKED_MASKS = (0xFF, uds.CONFIRMED, uds.FAILED, uds.NOT_COMPLETED_THIS_CYCLE, uds.WARNING)
"""Of all bits that a list may be asked for, those that tell lists apart; 0x80 is one that many units do not have."""
SNAPSHOT_HOLDS = ("supply", "temperature", "login_state")


class TroubleCodes:
    """Names are those of the car's data. NotOffered for one that this car does not have."""

    def __init__(self, world: World) -> None:
        self._world = world

    def matures(self, name: str, after: object, within: Ns = ASKED_FOR) -> Observation:
        """Ask again and again until the code ``name`` is confirmed, at most for ``within``."""
        return self._changes(name, uds.CONFIRMED, True, after, within, "dtc_maturing")

    def heals(self, name: str, after: object, within: Ns = ASKED_FOR) -> Observation:
        """Ask again and again until the code's test does not fail any more."""
        return self._changes(name, uds.FAILED, False, after, within, "dtc_healing")

    def waits_for(self, name: str, within: Ns) -> None:
        """Let time pass until the code is confirmed. PrerequisiteFailed when it never is."""
        world, code = self._world, self.code(name)
        with world.step(f"{name} is waited for"):
            end = world.clock.now() + within
            self._until(lambda e: bool((dtcs(e.answer) or {}).get(code, 0) & uds.CONFIRMED), within)
            if world.clock.now() >= end:
                raise PrerequisiteFailed(f"no trouble code {name} within {show_time(within)}")

    def now(self) -> dict[int, int]:
        """Code -> status byte of all that have one."""
        return dtcs(self._ask(read_dtcs()).answer) or {}

    def status(self, name: str) -> Status:
        """What the unit tells of one code now."""
        asked = self._ask(read_dtcs()).asked
        return Status(self._world, name, self.code(name), asked or self._world.now(), self._world.clock.now())

    def stored(self, *, network: bool = False) -> Observation:
        """How many codes are there now, of all or only of the network's."""
        world = self._world
        codes = {n: c for n, c in world.vehicle.diagnostics.dtcs.items() if not network or uds.is_network(c)}
        asked = self._ask(read_dtcs()).asked
        what = "of the network" if network else "of all kinds"
        return world.ask(stored(codes, what, asked or world.now(), world.clock.now() + SETTLES))

    def clears(self, name: str = "") -> Stimulus:
        """Forget all codes (ISO 14229-1, 0x14), or only this one."""
        world, what = self._world, f"clear trouble codes: {name or 'all'}"
        with world.step(what):
            done = self._ask(clear_dtcs(self.code(name)) if name else clear_dtcs())
        return Stimulus(what, done.asked or world.now(), done.answered or world.now())

    def lists_agree(self) -> Observation:
        """Ask for the supported codes, for those with some status bit, and for their numbers."""
        world = self._world
        with world.step("trouble codes are listed and counted"):
            began = self._ask(supported_dtcs()).asked or world.now()
            for mask in ASKED_MASKS:
                self._ask(read_dtcs(mask))
                self._ask(bytes((uds.READ_DTCS, 0x01, mask)))
        codes = sorted(world.vehicle.diagnostics.dtcs.values())
        return world.ask(lists_agree(codes, began, world.clock.now() + SETTLES))

    def forgets_snapshot(self, name: str) -> Observation:
        """Ask for the snapshot of a code that has been cleared."""
        world = self._world
        asked = self._ask(read_snapshot(self.code(name))).asked
        return world.ask(forgotten(name, self.code(name), asked or world.now(), world.clock.now() + SETTLES))

    def snapshot(self, name: str, matured: Observation) -> Observation:
        """The supply as the code's snapshot tells it, against what the supply read when the code ``matured``."""
        world, known = self._world, self._world.vehicle.diagnostics.dids
        if "supply" not in known:
            raise NotOffered(f"{world.vehicle.name} tells no supply voltage by diagnostics")
        world.judge.decide(matured, world.catalogue["DIA-01"].limits["dtc_maturing"], 0)
        lengths = {known[n]: len(self._read(known[n])) for n in SNAPSHOT_HOLDS if n in known}
        asked = self._ask(read_snapshot(self.code(name))).asked
        return world.ask(
            snapshot_tells_supply(
                name, self.code(name), known["supply"], lengths, matured.found or matured.anchor,
                asked or world.now(), world.clock.now() + SETTLES,
            )
        )  # fmt: skip

    def code(self, name: str) -> int:
        known = self._world.vehicle.diagnostics.dtcs
        if name not in known:
            raise NotOffered(f"{self._world.vehicle.name} has no trouble code {name!r}")
        return known[name]

    def _changes(self, name: str, bit: int, on: bool, after: object, within: Ns, quantity: str) -> Observation:
        world, code = self._world, self.code(name)

        def there(exchange: Exchange) -> bool:
            return bool((dtcs(exchange.answer) or {}).get(code, 0) & bit) is on

        verb = "is there" if on else "has gone"
        with world.step(f"trouble codes are read until {name} {verb}"):
            self._until(there, within)
        until = world.clock.now() + SETTLES
        return world.ask(changes(name, code, bit, on, anchor(after), until, quantity))

    def _until(self, there: Callable[[Exchange], bool], within: Ns) -> None:
        world = self._world
        end = world.clock.now() + within
        while not there(self._ask(read_dtcs())) and world.clock.now() < end:
            world.wait(ASKED_EVERY)

    def _ask(self, request: bytes) -> Exchange:
        world = self._world
        tester = open_tester(world.vehicle, world.clock, world.ports.can[world.vehicle.diagnostics.bus])
        try:
            return tester.exchange(request)
        finally:
            tester.close()

    def _read(self, identifier: int) -> bytes:
        return (self._ask(b"\x22" + identifier.to_bytes(2, "big")).answer or b"")[3:]


class Status:
    """What was told of one code, to be held against a stage of its life (harness/judging/trouble_codes.py)."""

    def __init__(self, world: World, name: str, code: int, asked: Stamp, until: Ns) -> None:
        self._world = world
        self._of = (name, code)
        self._asked, self._until = asked, until + SETTLES

    def is_(self, stage: str) -> Observation:
        return self._world.ask(status_is(*self._of, stage, self._asked, self._until))
