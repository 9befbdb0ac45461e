"""The unit's own cyclic messages, and its place on the buses."""

from __future__ import annotations

from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns
from harness.judging.buses import error_frames, returns
from harness.judging.changes import changes_repeated
from harness.judging.cyclic import checksum_errors, counter_errors, within_cycle
from harness.judging.observation import Observation, anchor


class OwnMessages:
    def __init__(self, world: World) -> None:
        self._world = world

    def keep_time(self, since: object) -> tuple[Observation, ...]:
        """Cycle, counter and checksum of every own message, from ``since`` to now."""
        world, start, now = self._world, anchor(since), self._world.clock.now()
        return (
            world.ask(within_cycle(0.1, start, now)),
            world.ask(within_cycle(0.5, start, now)),
            world.ask(counter_errors(start, now)),
            world.ask(checksum_errors(start, now)),
        )

    def repeat_changes(self, since: object) -> Observation:
        """Whether what is sent on change was said as often as the database asks for, from ``since`` to now."""
        return self._world.ask(changes_repeated(anchor(since), self._world.clock.now()))

    def return_after(self, after: object) -> Observation:
        """When the unit has sent on each of its buses again."""
        return self._world.ask(returns(anchor(after), self._watch()))

    def cause_no_error_frames(self, after: object) -> Observation:
        return self._world.ask(error_frames(anchor(after), self._watch()))

    def _watch(self) -> Ns:
        watch = self._world.catalogue["NET-02"].watch
        if watch is None:
            raise HarnessError("NET-02 has no 'watch'")
        return watch
