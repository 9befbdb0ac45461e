"""The diagnostic connector with a tester plugged in: sessions, keys and identifiers as the car's data have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.bench.questions import Questions
from harness.bench.world import World
from harness.diag import names as uds
from harness.diag import uds as requests
from harness.diag.addresses import address
from harness.diag.client import Tester, open_tester
from harness.diag.isotp_frames import padded, single
from harness.diag.keys import load_key_function
from harness.foundation.errors import BadInput, NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging.judge import PrerequisiteFailed
from harness.vehicle.vehicle import Security

SETTLES: Ns = 10 * MS
ASKED_EVERY: Ns = 250 * MS
PRESENT_EVERY: Ns = 2 * S
STARTS_WITHIN: Ns = 20 * S
CLASSICAL = 8


class Connector:
    def __init__(self, world: World) -> None:
        self._world = world

    @contextmanager
    def tester(self) -> Iterator[Tester]:
        world = self._world
        tester = open_tester(world.vehicle, world.clock, world.ports.can[world.vehicle.diagnostics.bus])
        try:
            yield tester
        finally:
            tester.close()

    @contextmanager
    def stays(self) -> Iterator[None]:
        """While it lasts, the tester says every PRESENT_EVERY that it is there, and asks for no answer."""
        world, data = self._world, self._world.vehicle.diagnostics
        to = address(data.request, world.vehicle.buses[data.bus].database)
        frame = to.frame(padded(single(requests.still_here(quietly=True)), data.padding, CLASSICAL))

        def say() -> None:
            world.ports.can[data.bus].send(frame)
            beats.append(world.clock.at(world.clock.now() + PRESENT_EVERY, say, name="tester present"))

        beats = [world.clock.at(world.clock.now() + PRESENT_EVERY, say, name="tester present")]
        try:
            yield
        finally:
            beats[-1].cancel()

    def enter(self, tester: Tester, session: str) -> None:
        """Change to ``session``; a unit that is still starting is asked again. PrerequisiteFailed when it refuses."""
        world = self._world
        end = world.clock.now() + STARTS_WITHIN
        while (answer := tester.ask(requests.session(uds.SESSIONS[session]))) is None and world.clock.now() < end:
            world.wait(ASKED_EVERY)
        if answer is None or answer[:1] != b"\x50":
            raise PrerequisiteFailed(f"no {session} session: {uds.answer(answer)}")

    def unlock(self, tester: Tester, level: int) -> bool:
        """Whether the right key opens ``level`` in the extended session."""
        self.enter(tester, "extended")
        seed = requests.seed(tester.ask(requests.request_seed(level)))
        if seed is None:
            return False
        answer = tester.ask(requests.send_key(level, self.key(level, seed)))
        return answer is not None and answer[:1] == b"\x67"

    def key(self, level: int, seed: bytes) -> bytes:
        """The car's key to ``seed``. BadInput when its function cannot be had."""
        security = self.security()
        try:
            function = load_key_function(security.key)
        except ValueError as why:
            problem, _, remedy = str(why).partition(". ")
            raise BadInput(
                self._world.vehicle.folder / "vehicle.yaml", None, security.key, problem, f"{remedy}."
            ) from None
        return function(level, seed, security.parameters)

    def security(self) -> Security:
        """NotOffered when the car names no key."""
        found = self._world.vehicle.diagnostics.security
        if found is None:
            raise NotOffered(f"{self._world.vehicle.name} names no key for security access")
        return found

    def did(self, name: str) -> int:
        """The identifier that the car calls ``name``. NotOffered when it has none."""
        known = self._world.vehicle.diagnostics.dids
        if name not in known:
            raise NotOffered(f"{self._world.vehicle.name} has no identifier for {name!r}")
        return known[name]

    def questions(self, what: str, began: Stamp, **more: object) -> Questions:
        """What has been asked since ``began``, to be judged."""
        world = self._world
        world.wait(SETTLES)
        asked = Questions(what, began, world.now(), {}, world, **more)  # type: ignore[arg-type]
        world.did(asked)
        return asked
