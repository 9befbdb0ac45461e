"""A tour of all controls, walked again on the pictures: which views there were, how deep, and how much was tapped.

Theory. The finger's part is known, for a person (or the bench) did it: which point was tapped when, and when somebody
looked what had come of it. Everything else follows from the pictures. A view that looks different is another one; it is
as deep as the fewest taps that led to it. What was planned is every point on every view that is not deeper than asked
for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.screen.port import Picture

ANOTHER_VIEW = 0.01
"""Share of the screen that must look different for a view to count as another one."""
HOME = -1
"""No point: somebody waited until the unit was at its beginning again, and looked."""


class Tap(NamedTuple):
    """``point`` (a number) was tapped, and at ``looked`` (ns) what had come of it was seen."""

    point: int
    looked: Ns


@dataclass
class View:
    """``depth``: taps from the first view; ``leads``: point -> number of the view it leads to."""

    picture: Picture
    depth: int
    leads: dict[int, int] = field(default_factory=dict)


class Walked(NamedTuple):
    """``tapped`` of ``planned`` points on ``views`` views, the deepest ``deepest`` taps from the first."""

    tapped: int
    planned: int
    views: int
    deepest: int


def recognise(views: list[View], picture: Picture, depth: int) -> int:
    """The number of the view that ``picture`` shows, ``depth`` taps deep; one that is not known yet is added."""
    from harness.judging.views import difference

    for number, view in enumerate(views):
        if difference(view.picture, picture) < ANOTHER_VIEW:
            view.depth = min(view.depth, depth)
            return number
    views.append(View(picture, depth))
    return len(views) - 1


def summed(views: Sequence[View], depth: int, points: int) -> Walked:
    """Of a tour ``depth`` taps deep, with ``points`` points on each view."""
    toured = [view for view in views if view.depth < depth]
    tapped = sum(len(view.leads) for view in toured)
    return Walked(tapped, len(toured) * points, len(views), max(view.depth for view in views))


def walk(recording: Recording, began: Ns, taps: Sequence[Tap], depth: int, points: int) -> Walked:
    """The tour again, from the view in front at ``began`` on."""
    views = [View(_front(recording, began), 0)]
    here = 0
    for tap in taps:
        front = _front(recording, tap.looked)
        if tap.point == HOME:
            here = recognise(views, front, 0)
            continue
        reached = recognise(views, front, views[here].depth + 1)
        views[here].leads[tap.point] = reached
        here = reached
    return summed(views, depth, points)


_Tour = tuple[Sequence[Tap], int, int, Stamp, Stamp]


def share(taps: Sequence[Tap], depth: int, points: int, began: Stamp, ended: Stamp) -> Observation:
    """How much of a tour ``depth`` taps deep was done, in %."""

    def measure(walked: Walked) -> tuple[float, str]:
        said = f"{walked.tapped} of {walked.planned} taps on {walked.views} view(s), down to depth {walked.deepest}"
        return 100.0 * walked.tapped / walked.planned, said

    return _of_tour("share", "coverage", "%", measure, "search coverage", (taps, depth, points, began, ended))


def list_depth(taps: Sequence[Tap], depth: int, points: int, began: Stamp, ended: Stamp) -> Observation:
    """How many taps deep a tour came."""

    def measure(walked: Walked) -> tuple[float, str]:
        return walked.deepest, f"{walked.views} view(s), down to {walked.deepest} taps from the first"

    sentence = "depth of what can be reached"
    return _of_tour("list_depth", "list_depth", "1", measure, sentence, (taps, depth, points, began, ended))


def _of_tour(
    name: str, quantity: str, unit: str, measure: Callable[[Walked], tuple[float, str]], sentence: str, tour: _Tour
) -> Observation:
    taps, depth, points, began, ended = tour

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("screen") < ended.t:
            return Undecided(ended.t)
        value, said = measure(walk(recording, began.t, taps, depth, points))
        return Measurement(quantity, unit, Interval.exact(value), said, (), (began.t, ended.t))

    arguments = {"taps": [list(tap) for tap in taps], "depth": depth, "points": points, "began": list(began),
                 "ended": list(ended)}  # fmt: skip
    return Observation(name, arguments, quantity, "screen", began, look, sentence)


def _front(recording: Recording, at: Ns) -> Picture:
    return recording.pictures(at, at)[-1]
