"""The unit's link to the world: it drops, it returns, it gets slow."""

from __future__ import annotations

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.units import Ns, show_time
from harness.network.port import Link


class Network:
    def __init__(self, world: World) -> None:
        self._world = world

    def drops(self) -> Stimulus:
        return self._set(Link(up=False), "the network drops")

    def returns(self) -> Stimulus:
        return self._set(Link(), "the network returns")

    def stays_down(self, duration: Ns) -> None:
        with self._world.step(f"the network stays down for {show_time(duration)}"):
            self._world.wait(duration)

    def _set(self, link: Link, what: str) -> Stimulus:
        self._world.intends(what)
        at = self._world.origins.note(self._world.ports.network.link(link), "network")
        return self._world.did(Stimulus(what, at, at))
