"""What the unit says that it could not send, against what reached the other side."""

from __future__ import annotations

from contextlib import closing

from harness.bench.guarded import Asking
from harness.bench.phones import Contact
from harness.bench.world import World
from harness.diag import uds as requests
from harness.diag.client import open_tester
from harness.foundation.errors import NotOffered
from harness.judging.answers import answered_so
from harness.judging.observation import Observation, anchor


class Unsent:
    def __init__(self, world: World) -> None:
        self._world = world

    def makes_up_for(self, said: int, contact: Contact, since: object) -> Observation:
        """Whether the number that the unit reports as not sent, and what has reached ``contact`` from ``since`` to now,
        make ``said`` together: each message either arrives or is reported. NotOffered where the car's diagnostics do
        not tell."""
        world, diagnostics = self._world, self._world.vehicle.diagnostics
        identifier = diagnostics.dids.get("unsent")
        if identifier is None:
            raise NotOffered(f"the diagnostics of {world.vehicle.name} do not tell what was not sent")
        began, until = world.now(), world.clock.now()
        arrived = sum(m.kind == "voice" for m in world.recorder.inbox(contact.name, anchor(since).early, until))
        answer = identifier.to_bytes(2, "big") + bytes((max(0, said - arrived),))
        with closing(open_tester(world.vehicle, world.clock, world.ports.can[diagnostics.bus])) as tester:
            asking = Asking(tester)
            asking.ask("messages not sent", requests.read(identifier), 0, data=answer)
        what = "messages that are neither delivered nor reported, or both"
        return world.ask(answered_so(asking.wanted, "reported_wrongly", what, began, world.clock.now()))
