"""What a tester asked, each question with what can be judged of its answers.

All of it is read off the recorded bus (harness/judging/conversation.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.bench.people import canaries
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.answers import Wanted, answered_so
from harness.judging.diagnostics import (
    by_the_table,
    keys_until_locked,
    response_time,
    stays_locked,
    tells,
    told_time,
    unlocks,
)
from harness.judging.observation import Observation
from harness.judging.privacy import in_answers
from harness.judging.refusals import Row


@dataclass(frozen=True)
class Questions(Stimulus):
    """What was asked; each question to it is judged from the recorded conversation between ``began`` and ``ended``."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    expected: dict[int, str] = field(default_factory=dict)
    rows: tuple[tuple[Stamp, Row], ...] = ()
    functional: bool = False
    since: Stamp | None = None
    levels: tuple[int, ...] = ()
    wanted: tuple[tuple[Stamp, Wanted], ...] = ()
    wrong: str = "response_mismatches"
    """What of the requirement counts the answers that are not as ``wanted``."""

    def are_answered_as_they_should(self) -> Observation:
        return self.world.ask(answered_so(self.wanted, self.wrong, self.what, self.began, self.ended.t))

    def are_answered_in_time(self) -> Observation:
        return self.world.ask(response_time(self.began, self.ended.t))

    def tell_the_time_for_an_answer(self) -> Observation:
        return self.world.ask(told_time(self.began, self.ended.t))

    def are_answered_by_the_table(self) -> Observation:
        return self.world.ask(by_the_table(self.rows, self.functional, self.began, self.ended.t))

    def tell_what_they_should(self) -> Observation:
        return self.world.ask(tells(self.expected, self.began, self.ended.t))

    def lock(self) -> Observation:
        """Wrong keys from these on up to now."""
        return self.world.ask(keys_until_locked(self.began, self.world.clock.now()))

    def find_it_locked(self) -> Observation:
        return self.world.ask(stays_locked(self.began, self.since, self.ended.t))

    def open(self) -> Observation:
        return self.world.ask(unlocks(self.levels, self.began, self.ended.t))


@dataclass(frozen=True)
class Readings(Stimulus):
    """Everything that could be read, by session or level."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    found: dict[str, dict[int, bytes]] = field(repr=False, default_factory=dict)
    read: list[list[Ns]] = field(repr=False, default_factory=list)
    """From when to when each was read."""

    def hold_no_canary(self) -> tuple[Observation, ...]:
        """One observation for each session and level."""
        world, known = self.world, canaries()
        secret = world.secret(*known)
        seen = [in_answers(known, data, self.began, self.ended.t) for data in self.found.values()]
        for observation, at in zip(seen, self.found, strict=True):
            observation.sentence = f"{observation.sentence}, {at}"
        return tuple(world.ask(one, secret=secret, read=read) for one, read in zip(seen, self.read, strict=True))
