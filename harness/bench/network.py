"""The unit's link to the world: it drops, it returns, it gets slow."""

from __future__ import annotations

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.network.port import Link


class Network:
    def __init__(self, world: World) -> None:
        self._world = world

    def drops(self) -> Stimulus:
        return self._set(Link(up=False), "the network drops")

    def returns(self) -> Stimulus:
        return self._set(Link(), "the network returns")

    def _set(self, link: Link, what: str) -> Stimulus:
        at = self._world.ports.network.link(link)
        return self._world.did(Stimulus(what, at, at))
