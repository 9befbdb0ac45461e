"""The supply on KL30 as a person handles it: it follows a profile, is cut, is set, and what it did is looked at.

A stimulus of the supply is what its own read-back says: while a profile runs it is read at each corner and between, and
a supply that did not follow is the rig's fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from harness.bench.lasting import Lasting
from harness.bench.obeyed import TOLERANCE, kl30_is_off, supply_gives
from harness.bench.provoked import out_of_range
from harness.bench.stimulus import Stimulus
from harness.bench.thresholds import threshold
from harness.bench.world import World
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, show_time
from harness.judging.observation import Observation
from harness.supply.course import Course
from harness.supply.port import Point
from harness.supply.profiles import SUFFIXES, read_profile, shipped, span_of

NOMINAL_VOLTS = 13.5
BEYOND = 0.5
HIGH = ("voltage_high", "voltage_overload")
BETWEEN: Ns = 250 * MS
"""A profile's long stretches are read so often."""
MOST_READINGS = 2000


class Supply:
    def __init__(self, world: World) -> None:
        self._world = world

    def follows(self, name: str) -> Stimulus:
        """A profile of the car, one that the harness brings, or a file beside the car's. RigFault when the read-back
        does not follow it."""
        return self.runs(name, self._points(name))

    def runs(self, name: str, points: Sequence[Point]) -> Stimulus:
        world = self._world
        course = Course()
        with world.step(f"the supply follows {name}"):
            began = world.origins.note(world.ports.supply.profile(points), "supply")
            course.follow(began.t, points)
            for instant in _instants(points):
                world.clock.run_until(began.t + instant)
                world.recorder.supply_log.append(world.ports.supply.read())
            ended = world.now()
            self._must_follow(name, course, points, began, ended)
        return world.did(Stimulus(f"supply follows {name}", began, ended, {"corners": len(points)}))

    def is_cut(self, duration: Ns) -> Stimulus:
        """KL30 off for so long. ``began``: off, ``ended``: on again."""
        world = self._world
        with world.step(f"KL30 is cut for {show_time(duration)}"):
            began = world.now()
            world.ports.supply.output(False)
            world.wait(duration)
            kl30_is_off(world, began)
            world.ports.supply.output(True)
            return world.did(Stimulus("KL30 cut", began, world.now()))

    def goes_to(self, volts: float) -> Stimulus:
        world = self._world
        world.intends(f"supply at {volts:g} V")
        began = world.now()
        world.ports.supply.set_voltage(volts)
        return world.did(Stimulus(f"supply at {volts:g} V", began, world.now(), {"volts": volts}))

    def holds(self, quantity: str, duration: Ns) -> Stimulus:
        """For a while beyond a limit of PWR-02, and back to nominal. ``ended``: back."""
        world = self._world
        beyond = BEYOND if quantity in HIGH else -BEYOND
        limit = world.catalogue["PWR-02"].limit(quantity)
        side = limit.low if beyond < 0 else limit.high
        if side is None:
            raise HarnessError(f"PWR-02.{quantity} has no such side")
        with world.step(f"the supply is at {side + beyond:g} V for {show_time(duration)}"):
            began = self.goes_to(side + beyond).began
            world.wait(duration)
            supply_gives(self._world, side + beyond)
            world.ports.supply.set_voltage(NOMINAL_VOLTS)
            ended = world.now()
        return world.did(Stimulus(f"supply beyond {quantity}", began, ended, {"volts": side + beyond}))

    def finds(self, quantity: str) -> Observation:
        """At which voltage the unit begins to behave otherwise (harness/bench/thresholds.py)."""
        return threshold(self._world, quantity)

    @contextmanager
    def out_of(self, quantity: str) -> Iterator[Lasting]:
        """While it lasts, the supply is well beyond a limit of PWR-02: below a low one, above a high one."""
        beyond = BEYOND if quantity in HIGH else -BEYOND
        with out_of_range(self._world, quantity, beyond) as lasting:
            yield lasting

    def _points(self, name: str) -> tuple[Point, ...]:
        vehicle = self._world.vehicle
        if name in vehicle.profiles:
            return vehicle.profiles[name]
        if name.endswith(SUFFIXES):
            return read_profile(vehicle.folder / name)
        if "-" not in name:
            raise NotOffered(f"{vehicle.name} brings no profile {name!r}")
        return shipped(name)

    def _must_follow(self, name: str, course: Course, points: Sequence[Point], began: Stamp, ended: Stamp) -> None:
        world = self._world
        worst, at = 0.0, began.t
        for reading in world.recorder.supply(began.late, ended.t):
            deviation = _beside(course, reading.volts, reading.stamp)
            if deviation > worst:
                worst, at = deviation, reading.stamp.t
        allowed = world.catalogue["PWR-01"].limits["profile_deviation"].high or TOLERANCE
        if worst > allowed:
            raise RigFault(
                f"the supply does not follow {name}: {worst:.2f} V beside it at {show_time(at - began.t)} "
                f"(at most {allowed:g} V)"
            )
        lowest = min(p.volts for p in points)
        read = min((r.volts for r in world.recorder.supply(began.early, ended.t)), default=None)
        if read is None or read > lowest + allowed:
            raise RigFault(f"{name}: the supply was never read at its lowest, {lowest:g} V")


def _beside(course: Course, volts: float, stamp: Stamp) -> float:
    """Volts by which a reading is outside what the course had anywhere within the reading's stamp."""
    corners = [t for t in course.corners(stamp.early) if t <= stamp.late]
    allowed = [course.volts(t) for t in (stamp.early, *corners, stamp.late)]
    allowed += [course.coming_to(t) for t in (stamp.early, *corners, stamp.late)]
    return max(0.0, min(allowed) - volts, volts - max(allowed))


def _instants(points: Sequence[Point]) -> list[Ns]:
    """When to read: at each corner, half-way between two, and every quarter of a second of a long stretch."""
    wanted = {p.after for p in points}
    for one, two in pairwise(points):
        wanted.add((one.after + two.after) // 2)
        wanted.update(range(one.after, two.after, BETWEEN))
    return [*sorted(wanted)[:MOST_READINGS], span_of(points)]
