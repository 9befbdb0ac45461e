"""The unit's own votes to keep the bus awake, as they can be observed."""

from __future__ import annotations

from harness.bench.world import World
from harness.foundation.errors import NotOffered
from harness.foundation.units import Ns, S
from harness.judging.observation import Observation, anchor
from harness.judging.signals import silent, stamp_of
from harness.judging.votes import OTHERS, asks_nothing, first_votes, keeps_voting, tells_who_woke

QUICK = 4
"""So many first votes come in quick succession, where votes are PDUs."""
QUICK_FOR: Ns = 1 * S
"""Then they keep their cycle."""


class NetworkManagement:
    def __init__(self, world: World) -> None:
        self._world = world

    def stays_silent(self, after: object) -> Observation:
        return self._world.ask(silent("network.head_unit", anchor(after)))

    def keeps_voting(self, since: object) -> Observation:
        """Whether the unit voted all the time, from ``since`` to now."""
        return self._world.ask(keeps_voting(anchor(since), self._world.clock.now()))

    def votes_as_long_as_it_talks(self, since: object) -> Observation:
        """Whether the unit voted all the time, from soon after its first frame after ``since`` to now."""
        world, start = self._world, anchor(since)
        alive = world.vehicle.role("head_unit.alive")
        frames = world.recorder.frames(alive.bus, alive.message.key, start.late, world.clock.now())
        first = stamp_of(frames[0]).shifted(QUICK_FOR) if frames else start
        return world.ask(keeps_voting(first, world.clock.now()))

    def asks_nothing(self, since: object) -> Observation:
        """What the votes said beside that the unit is there, from ``since`` to now."""
        return self._world.ask(asks_nothing(anchor(since), self._world.clock.now()))

    def begins_quickly(self, since: object) -> Observation:
        """Time between the first votes, from ``since`` to now. NotOffered where votes are no PDUs of their own."""
        self._by_pdu("begin its votes in quick succession")
        return self._world.ask(first_votes(QUICK, anchor(since), self._world.clock.now()))

    def says_who_woke_the_bus(self, since: object, *, itself: bool) -> Observation:
        """Whether the votes told that the unit had woken the bus itself. NotOffered where votes cannot tell it."""
        self._by_pdu("tell who has woken the bus")
        return self._world.ask(tells_who_woke(itself, anchor(since), self._world.clock.now()))

    def _by_pdu(self, what: str) -> None:
        vehicle = self._world.vehicle
        if not vehicle.role(OTHERS).by_presence:
            raise NotOffered(f"the network management of {vehicle.name} does not {what}")
