"""How many messages wait for the driver: what the unit says, against what his account holds."""

from __future__ import annotations

from harness.bench.people import DRIVER
from harness.bench.world import World
from harness.judging.observation import Observation, anchor
from harness.judging.queue import count_difference

ROLE = "head_unit.unread"


class Unread:
    def __init__(self, world: World) -> None:
        self._world = world

    def agrees_with_the_account(self, after: object) -> Observation:
        """What the unit says less what the service holds, once both have had time to hear of ``after``."""
        return self._world.ask(count_difference(ROLE, DRIVER.role, anchor(after)))
