"""A tour of all controls that can be reached by touch, as somebody would who taps everything.

The unit is not asked what can be tapped: a grid of points is tapped on every view that is met. A view that looks
different is another one, and is toured in its turn as long as it is not deeper than asked for. The way back is
whatever taps were found to lead there. What was planned and could not be tapped shows in the coverage.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from harness.bench.obeyed import finger_is_felt
from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.units import MS, Ns, S
from harness.judging.judge import PrerequisiteFailed
from harness.judging.lists import list_items
from harness.judging.observation import Observation
from harness.judging.pictures import shown_among, view_is_on
from harness.judging.tours import HOME, Tap, View, list_depth, recognise, share
from harness.screen.port import Picture

COLUMNS, ROWS = 10, 6
POINTS = tuple(((c + 0.5) / COLUMNS, (r + 0.5) / ROWS) for r in range(ROWS) for c in range(COLUMNS))
SETTLES: Ns = 250 * MS
COMES_HOME: Ns = 15 * S
MOST_TAPS = 3000


@dataclass(frozen=True)
class Tour(Stimulus):
    """What the tour met; each question is judged against every picture shown while it lasted."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    taps: tuple[Tap, ...] = field(repr=False, default=())
    depth_asked: int = 0

    def coverage(self) -> Observation:
        """Taps done of taps planned, in %."""
        return self.world.ask(share(self.taps, self.depth_asked, len(POINTS), self.began, self.ended))

    def list_items(self) -> Observation:
        """The most items of one list that were on the screen on the way."""
        return self.world.ask(list_items(self.began, self.ended))

    def depth(self) -> Observation:
        """How many taps away from the first view the farthest one was."""
        return self.world.ask(list_depth(self.taps, self.depth_asked, len(POINTS), self.began, self.ended))

    def shows_none_of(self, *things: str) -> Observation:
        """How many of these things were seen on the way."""
        return self.world.ask(shown_among(things, self.began, self.ended))


def open_view(world: World, view: str, depth: int) -> Stimulus:
    """Tap until ``view`` (an icon of the car's data) is in front. PrerequisiteFailed when no tap leads there."""
    tour = explore(world, depth, until=view)
    if not view_is_on(world.recorder, view, _front(world)):
        raise PrerequisiteFailed(f"no control within {depth} taps opens {view}")
    return tour


def explore(world: World, depth: int, until: str | None = None) -> Tour:
    """Tour from the view in front, ``depth`` taps deep; it ends early when the view ``until`` is met."""
    with world.step("every reachable control is tapped"):
        began = world.now()
        views = [View(_front(world), 0)]
        here, taps = 0, list[Tap]()
        met = False
        while len(taps) < MOST_TAPS and not met:
            way = _way_to_work(views, here, depth)
            if way is None:
                world.wait(COMES_HOME)
                here = recognise(views, _front(world), 0)
                taps.append(Tap(HOME, world.clock.now()))
                way = _way_to_work(views, here, depth)
                if way is None:
                    break
            for point in way:
                world.ports.screen.touch(*POINTS[point])
                world.wait(SETTLES)
                taps.append(Tap(point, world.clock.now()))
                reached = recognise(views, _front(world), views[here].depth + 1)
                views[here].leads[point] = reached
                here = reached
                met = until is not None and view_is_on(world.recorder, until, _front(world))
                if met:
                    break
        finger_is_felt(world, len(views))
        count = sum(tap.point != HOME for tap in taps)
        tour = Tour("tour of all controls", began, world.now(), {"taps": count}, world, tuple(taps), depth)
        world.did(tour)
        return tour


def _way_to_work(views: list[View], here: int, depth: int) -> list[int] | None:
    """Points to tap from ``here`` so that the last one is an untried one; None when none can be reached."""
    queue: deque[tuple[int, list[int]]] = deque([(here, [])])
    met = {here}
    while queue:
        index, way = queue.popleft()
        view = views[index]
        untried = next((point for point in range(len(POINTS)) if point not in view.leads), None)
        if untried is not None and view.depth < depth:
            return [*way, untried]
        for point, leads in view.leads.items():
            if leads not in met:
                met.add(leads)
                queue.append((leads, [*way, point]))
    return None


def _front(world: World) -> Picture:
    now = world.clock.now()
    return world.ports.screen.frames(now, now)[-1]
