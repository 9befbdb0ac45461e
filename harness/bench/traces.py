"""What of the user can still be found, once he is gone. The canaries are the people and contents of the case."""

from __future__ import annotations

from harness.bench.obeyed import console_is_read
from harness.bench.people import canaries
from harness.bench.sweep import sweep
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.judging.observation import Observation, anchor
from harness.judging.privacy import in_answers, on_the_buses, on_the_console
from harness.judging.remains import name_is_written, on_the_screen

STROKE = "l"
SHORTEST_NAME = 40
"""Strokes. Half of them count as the name, and other texts have up to a dozen alike marks in a row."""


class Traces:
    """Where what is left is looked for, each from ``after`` to now."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_the_buses(self, after: object) -> Observation:
        known, until = canaries(), self._world.clock.now()
        return self._world.ask(on_the_buses(known, anchor(after), until), secret=self._world.secret(*known))

    def on_the_console(self, after: object) -> Observation:
        console_is_read(self._world)
        known, until = canaries(), self._world.clock.now()
        return self._world.ask(on_the_console(known, anchor(after), until), secret=self._world.secret(*known))

    def on_the_screen(self, name: str, after: object) -> Observation:
        """Views of messaging, and ``name``: at least SHORTEST_NAME strokes, which must have been shown before."""
        world, gone = self._world, anchor(after)
        if set(name) != {STROKE} or len(name) < SHORTEST_NAME:
            raise HarnessError(f"the name {name!r} is not {SHORTEST_NAME} times {STROKE!r}: nothing else is found")
        written = name_is_written(len(name), Stamp.exact(0), gone.t)
        world.judge.reached(written, gone.t, "the name is shown while the user is there")
        return world.ask(on_the_screen(len(name), gone, world.clock.now()))

    def in_diagnostics(self, after: object) -> Observation:
        """Reads every identifier of the sweep (ISO 14229-1, 0x22) and searches what came back."""
        world, known, since = self._world, canaries(), self._world.clock.now()
        with world.step("all readable identifiers are read"):
            answers = sweep(world)
        until = world.clock.now()
        secret = world.secret(*known)
        return world.ask(in_answers(known, answers, anchor(after), until), secret=secret, read=[since, until])
