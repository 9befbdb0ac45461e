"""Fingers on the wheel that do more than one press: many in a row, a storm, two buttons at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.errors import NotOffered
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    from harness.bench.driver import Driver

HELD: Ns = 120 * MS
STORM_HELD: Ns = 100 * MS
MOST_JITTER: Ns = 100 * MS
"""Presses in a row do not all meet the same phase of the unit's own cycles."""


@dataclass(frozen=True)
class Presses(Stimulus):
    """Several presses of one button; ``began`` is the first one's, ``ended`` the last release."""

    each: tuple[Stimulus, ...] = field(default=(), repr=False)

    @property
    def instants(self) -> tuple[tuple[Stamp, Stamp], ...]:
        """(first frame with 'pressed', first frame with 'released') of each."""
        return tuple((press.began, press.ended) for press in self.each)


def presses_in_a_row(world: World, driver: Driver, button: str, times: int, apart: Ns) -> Presses:
    """``times`` short presses, each beginning ``apart`` ns (and a little more, by chance) after the last release."""
    with world.step(f"press {button} {times} times"):
        each = []
        for _ in range(times):
            each.append(driver.press(button, hold=HELD))
            world.wait(apart + world.rng.randrange(MOST_JITTER))
    return _together(f"{times} presses of {button}", each)


def storm(world: World, driver: Driver, button: str, per_second: int, duration: Ns) -> Presses:
    """Short presses at an even rate: an even number of them, so that every first has its second."""
    period = S // per_second
    count = duration // period // 2 * 2
    with world.step(f"press {button} {per_second} times a second"):
        each = []
        begin = world.clock.now()
        for number in range(count):
            world.clock.run_until(max(world.clock.now(), begin + number * period))
            each.append(driver.press(button, hold=STORM_HELD))
    return _together(f"{count} presses of {button}, {per_second} a second", each)


def press_together(world: World, buttons: Sequence[str], hold: Ns, last: str | None) -> Stimulus:
    """All of ``buttons`` at once; they are let go together, or ``last`` one ``hold`` later than the others."""
    roles = [f"wheel.{button}" for button in buttons]
    missing = [role for role in roles if role not in world.vehicle.roles]
    if missing:
        raise NotOffered(f"{world.vehicle.name} has no {missing[0]}")
    with world.step(f"press {' and '.join(buttons)} together"):
        since = world.clock.now()
        for role in roles:
            world.drive(role, "pressed")
        stamps = [world.echo(world.vehicle.role(role), "pressed", since) for role in roles]
        began = min(stamps, key=lambda stamp: stamp.t)
        world.clock.run_until(began.t + hold)
        late = f"wheel.{last}" if last else None
        ended = _let_go(world, [role for role in roles if role != late])
        if late:
            world.wait(hold)
            ended = _let_go(world, [late])
    return world.did(Stimulus(f"{' and '.join(buttons)} together", began, ended, {"last": last}))


def _let_go(world: World, roles: Sequence[str]) -> Stamp:
    since = world.clock.now()
    for role in roles:
        world.drive(role, "released")
    return [world.echo(world.vehicle.role(role), "released", since) for role in roles][-1]


def _together(what: str, each: Sequence[Stimulus]) -> Presses:
    return Presses(what, each[0].began, each[-1].ended, {"times": len(each)}, tuple(each))
