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
from harness.judging.lists import depth as depth_of
from harness.judging.lists import list_items
from harness.judging.observation import Observation
from harness.judging.pictures import share, shown_among, view_is_on
from harness.judging.views import difference
from harness.screen.port import Picture

COLUMNS, ROWS = 10, 6
POINTS = tuple(((c + 0.5) / COLUMNS, (r + 0.5) / ROWS) for r in range(ROWS) for c in range(COLUMNS))
SETTLES: Ns = 250 * MS
COMES_HOME: Ns = 15 * S
ANOTHER_VIEW = 0.01
"""Share of the screen that must look different for a view to count as another one."""
MOST_TAPS = 3000


@dataclass
class _View:
    picture: Picture
    depth: int
    untried: list[int] = field(default_factory=lambda: list(range(len(POINTS))))
    leads: dict[int, int] = field(default_factory=dict)
    """Point -> view."""


@dataclass(frozen=True)
class Tour(Stimulus):
    """What the tour met; each question is judged against every picture shown while it lasted."""

    world: World = field(repr=False, default=None)  # type: ignore[assignment]
    tapped: int = 0
    planned: int = 0
    views: int = 0
    deepest: int = 0

    def coverage(self) -> Observation:
        """Taps done of taps planned, in %."""
        said = f"{self.tapped} of {self.planned} taps on {self.views} view(s), down to depth {self.deepest}"
        return self.world.ask(share(self.tapped, self.planned, said, self.began, self.ended))

    def list_items(self) -> Observation:
        """The most items of one list that were on the screen on the way."""
        return self.world.ask(list_items(self.began, self.ended))

    def depth(self) -> Observation:
        """How many taps away from the first view the farthest one was."""
        return self.world.ask(depth_of(self.deepest, self.views, self.began, self.ended))

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
        views = [_View(_front(world), 0)]
        here, taps = 0, 0
        met = False
        while taps < MOST_TAPS and not met:
            way = _way_to_work(views, here, depth)
            if way is None:
                world.wait(COMES_HOME)
                here = _recognise(views, _front(world), 0)
                way = _way_to_work(views, here, depth)
                if way is None:
                    break
            for point in way:
                views[here].untried = [p for p in views[here].untried if p != point]
                world.ports.screen.touch(*POINTS[point])
                world.wait(SETTLES)
                taps += 1
                reached = _recognise(views, _front(world), views[here].depth + 1)
                views[here].leads[point] = reached
                here = reached
                met = until is not None and view_is_on(world.recorder, until, _front(world))
                if met:
                    break
        toured = [v for v in views if v.depth < depth]
        planned = len(toured) * len(POINTS)
        done = planned - sum(len(v.untried) for v in toured)
        finger_is_felt(world, len(views))
        tour = Tour("tour of all controls", began, world.now(), {"taps": taps}, world, done, planned, len(views),
                    max(v.depth for v in views))  # fmt: skip
        world.did(tour)
        return tour


def _way_to_work(views: list[_View], here: int, depth: int) -> list[int] | None:
    """Points to tap from ``here`` so that the last one is an untried one; None when none can be reached."""
    queue: deque[tuple[int, list[int]]] = deque([(here, [])])
    met = {here}
    while queue:
        index, way = queue.popleft()
        view = views[index]
        if view.untried and view.depth < depth:
            return [*way, view.untried[0]]
        for point, leads in view.leads.items():
            if leads not in met:
                met.add(leads)
                queue.append((leads, [*way, point]))
    return None


def _recognise(views: list[_View], picture: Picture, depth: int) -> int:
    for index, view in enumerate(views):
        if difference(view.picture, picture) < ANOTHER_VIEW:
            view.depth = min(view.depth, depth)
            return index
    views.append(_View(picture, depth))
    return len(views) - 1


def _front(world: World) -> Picture:
    now = world.clock.now()
    return world.ports.screen.frames(now, now)[-1]
