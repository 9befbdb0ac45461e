"""Many login codes, one after another: as the screen shows them, or as the service draws them."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.bench import private
from harness.bench.behind import stage
from harness.bench.network import Network
from harness.bench.people import canaries
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns, S
from harness.judging.login_codes import differ, even, lead_to, tell_of
from harness.judging.observation import Observation
from harness.judging.pictures import code_there
from harness.judging.views import codes_on
from harness.phone.codes import SCHEME

CODE_WITHIN: Ns = 30 * S
GOES_WITHIN: Ns = 10 * S


@dataclass(frozen=True)
class Codes(Stimulus):
    """``texts`` in the order in which they came; each question is about all of them."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    texts: tuple[str, ...] = field(repr=False, default=())
    place: str = SCHEME
    on_screen: bool = True
    """Whether they were read there, or drawn by the service."""

    def lead_to_the_service(self) -> Observation:
        return self._ask(lead_to(self.texts, self.place, self.began, self.ended))

    def differ(self) -> Observation:
        return self._ask(differ(self.texts, self.began, self.ended))

    def tell_nothing(self) -> Observation:
        """How much of the driver and of those he knows is in them."""
        known = canaries()
        asked = tell_of(self.texts, known, self.began, self.ended)
        return self._ask(asked, secret=self.world.secret(*known))

    def are_even(self) -> tuple[Observation, ...]:
        """Chance drew them, and each holds enough of it."""
        return tuple(self._ask(o) for o in even(self.texts, self.place, self.began, self.ended))

    def _ask(self, observation: Observation, **more: int) -> Observation:
        kept = {} if self.on_screen else {"texts": self.world.secret(*self.texts)}
        return self.world.ask(observation, place=self.place, count=len(self.texts), **kept, **more)


def codes_on_screen(world: World, count: int) -> Codes:
    """``count`` codes read from the screen; a new one is had by letting the network go and come again."""
    network, began, texts = Network(world), world.now(), list[str]()
    with world.step(f"{count} login codes are read from the screen"):
        while len(texts) < count:
            world.judge.reached(code_there(world.now()), CODE_WITHIN, "a login code")
            front = world.recorder.pictures(world.clock.now(), world.clock.now())
            read = codes_on(front[-1]) if front else ()
            if not read:
                raise HarnessError("the code went away in the moment it was read")
            texts.append(read[0].text)
            world.journal.pseudonyms.learn([private.code(read[0].text)])
            network.drops()
            world.judge.reached(code_there(world.now(), gone=True), GOES_WITHIN, "the code goes with the network")
            network.returns()
    known = getattr(world.ports.service, "stage", None)
    place = SCHEME if known is None else str(known.code_scheme)
    codes = Codes("codes on the screen", began, world.now(), {"count": count}, world, tuple(texts), place)
    world.did(codes)
    return codes


def codes_of_the_service(world: World, count: int) -> Codes:
    """``count`` codes as the service draws them for a unit. NotOffered where it is a real one."""
    behind = stage(world, f"{count} codes at once")
    world.intends(f"{count} codes of the service")
    now = world.now()
    codes = Codes("codes of the service", now, now, {"count": count}, world, behind.codes(count), behind.code_scheme,
                  on_screen=False)  # fmt: skip
    world.did(codes)
    return codes
