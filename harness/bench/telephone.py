"""The driver's telephone on Bluetooth hands-free, and what the car's table says its ringing does to messaging.

The words of the table are read here, so that a scenario asks for "the outcome" and each car is held against its own.
"""

from __future__ import annotations

from harness.bench import told
from harness.bench.car import Car
from harness.bench.loudspeakers import Loudspeakers
from harness.bench.phones import Contact
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.errors import HarnessError, NotOffered
from harness.foundation.units import Ns, S
from harness.judging.calls import call_is, call_stays
from harness.judging.interrupted import finished
from harness.judging.observation import Observation, anchor

TALKS: Ns = 3 * S


class Telephone:
    def __init__(self, world: World) -> None:
        self._world = world
        self._car = Car(world)

    def rings(self) -> Stimulus:
        return self._car.happens("phone_rings")

    def is_answered_and_ends(self) -> Stimulus:
        """The driver talks on the telephone for a while; ``began`` is the instant at which that is over."""
        self._car.happens("phone_answered")
        self._world.wait(TALKS)
        return self._car.happens("phone_ends")

    def outcome(self, of: str) -> str:
        """The table's word for what was going on. NotOffered where the car's table has none."""
        table = self._world.vehicle.phone_call
        if of not in table:
            raise NotOffered(f"the table of {self._car.name} does not say what a telephone call does to {of}")
        return table[of]

    # -- what the table means --------------------------------------------------------------------------------------
    def ends_the_playing_of(self, stimulus: str, played_after: object, rings: object) -> Observation:
        """Latency until the message is silenced, whether it stops or pauses."""
        self.outcome("playing")
        return Loudspeakers(self._world).message_gives_way(stimulus, played_after, to=rings)

    def deals_with_what_is_sent(self, contact: Contact, since: object) -> Observation:
        """1 when as many messages arrive as the table means: one that is finished, none that is discarded."""
        expected = {"finish": 1, "discard": 0}.get(self.outcome("sending"))
        watch = self._world.catalogue["CALL-04"].watch or 0
        if expected is None:
            raise HarnessError(f"'sending: {self.outcome('sending')}' in the table says nothing that can be judged")
        return self._world.ask(finished(contact.name, anchor(since), watch, expected))

    def deals_with_the_prompt(self, rings: object, over: object) -> Observation:
        """A kept prompt is back when the telephone is free; a dropped one is not."""
        vehicle = self._world.vehicle
        if self.outcome("prompt") == "keep":
            return self._world.ask(told.reaches(vehicle, "head_unit.app", "prompt", anchor(over)))
        return self._world.ask(told.avoids(vehicle, "head_unit.app", "prompt", anchor(over)))

    def deals_with_the_ringing(self, contact: Contact, rings: object) -> Observation:
        """A friend's call that rings is refused."""
        self.outcome("ringing")
        return self._world.ask(call_is(contact.name, "ended", anchor(rings)))

    def deals_with_the_call(self, contact: Contact, rings: object) -> Observation:
        """A friend's call is held: it goes on; or it is ended."""
        if self.outcome("call") == "hold":
            return self._world.ask(call_stays(contact.name, anchor(rings)))
        return self._world.ask(call_is(contact.name, "ended", anchor(rings)))

    def gives_the_call_back(self, over: object) -> Observation:
        """A held call is in front again when the telephone is free; one that was ended is not."""
        vehicle = self._world.vehicle
        look = told.reaches if self.outcome("call") == "hold" else told.avoids
        return self._world.ask(look(vehicle, "head_unit.app", "call", anchor(over)))


