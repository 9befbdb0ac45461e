"""Does something happen when an action is performed, and not otherwise?

Theory. An engineer performs one action several times; for each time there is a window from its begin to its end. What
reacts to the action changes in the windows and stays as it is elsewhere. A thing that has two states can react in
three ways: it goes up with each action, it goes down, or it toggles; the one that fits best is taken. The first
change in a window is a hit, further ones in it are part of the same reaction; a change outside is held against it.

How good is a fit? If ``n`` changes fell anywhere in the recording at random, each would meet a certain window with
``q`` = its share of the recording. For k given windows to be met, k different ones of the n changes must meet one
each: at most n! / (n - k)! assignments, each of probability q to the k; and there are C(windows, k) choices. The
product bounds the probability from above (union bound). Multiplied by the number of things that were looked at, it is
how many of them would fit so well by chance. Only where that is small, a reaction is claimed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.foundation.units import Ns, S

Window = tuple[Ns, Ns]
SETTLE: Ns = 1 * S
"""What comes so long after the end of the action still counts as its effect."""
CONSISTENT, ELSEWHERE = 0.8, 0.2
"""Share of the repetitions in which a reaction must be seen; how many changes elsewhere each of them may cost."""
CHANCE = 0.05
"""How many things may fit by chance, of all that were looked at, for a reaction to be claimed."""


class Change(NamedTuple):
    """``up``: to the state that is not the usual one (a bit to 1, a sound begins, a picture differs)."""

    t: Ns
    up: bool


@dataclass(frozen=True)
class Association:
    """``way``: up, down or toggles. ``delays``: per window the ns from its begin to the first change, None without.
    ``outside``: changes that fell in no window. ``chance``: bound of the probability that one thing fits so well by
    chance. ``back``: when the change is undone: "within" the action, "later", or "stays".
    """

    way: str
    delays: tuple[Ns | None, ...]
    outside: int
    chance: float
    back: str

    @property
    def hits(self) -> int:
        return sum(d is not None for d in self.delays)

    @property
    def seen(self) -> list[Ns]:
        """The delays that were seen, smallest first."""
        return sorted(d for d in self.delays if d is not None)

    def instants(self, windows: Sequence[Window]) -> set[Ns]:
        """When it was seen, in the ``windows`` that it was associated with."""
        return {windows[n][0] + delay for n, delay in enumerate(self.delays) if delay is not None}

    @property
    def consistent(self) -> bool:
        """Seen in enough of the repetitions, and seldom elsewhere."""
        return self.hits >= CONSISTENT * len(self.delays) and self.outside <= ELSEWHERE * self.hits

    def claimed(self, candidates: int) -> bool:
        """Whether it is more than chance, when ``candidates`` things were looked at."""
        return self.consistent and self.chance * max(candidates, 1) <= CHANCE

    @property
    def order(self) -> tuple[float, int, float]:
        """For sorting, best first: seen most often, least elsewhere, soonest."""
        return (-self.hits / len(self.delays), self.outside, statistics.median(self.seen) if self.seen else math.inf)


def effective(windows: Sequence[Window], span: Window, settle: Ns = SETTLE) -> list[Window]:
    """The windows with what may come after them, never into the next one nor beyond the recording."""
    ends = [*(begin for begin, _ in windows[1:]), span[1]]
    return [(begin, min(end + settle, limit)) for (begin, end), limit in zip(windows, ends, strict=True)]


def associate(
    changes: Sequence[Change], windows: Sequence[Window], span: Window, settle: Ns = SETTLE
) -> Association | None:
    """The best fit of ``changes`` (in time order) with the actions in ``windows`` (in time order, apart from each
    other); None when none of them is met.
    """
    wide = effective(windows, span, settle)
    share = min(sum(end - begin for begin, end in wide) / max(span[1] - span[0], 1), 1.0)
    found = [
        fit
        for way, times in (
            ("up", [c.t for c in changes if c.up]),
            ("down", [c.t for c in changes if not c.up]),
            ("toggles", [c.t for c in changes]),
        )
        if (fit := _fit(way, times, wide, windows, share)) is not None
    ]
    if not found:
        return None
    best = min(found, key=lambda a: (a.chance, a.order))
    return Association(best.way, best.delays, best.outside, best.chance, _back(best, changes, windows, wide, span))


def _fit(
    way: str, times: Sequence[Ns], wide: Sequence[Window], windows: Sequence[Window], share: float
) -> Association | None:
    delays: list[Ns | None] = [None] * len(wide)
    outside = 0
    place = 0
    for t in times:
        while place < len(wide) and t > wide[place][1]:
            place += 1
        if place < len(wide) and wide[place][0] <= t:
            if delays[place] is None:
                delays[place] = t - windows[place][0]
        else:
            outside += 1
    hits = sum(d is not None for d in delays)
    if not hits:
        return None
    return Association(way, tuple(delays), outside, chance(hits, outside, len(wide), share), "")


def chance(hits: int, outside: int, windows: int, share: float) -> float:
    """The bound of the module's theory. ``share``: what all windows together take of the recording, 0..1."""
    n = hits + outside
    log = math.lgamma(n + 1) - math.lgamma(n - hits + 1) + hits * math.log(max(share, 1e-12) / windows)
    return min(1.0, math.comb(windows, hits) * math.exp(min(log, 0.0))) if log < 0 else 1.0


def _back(
    best: Association, changes: Sequence[Change], windows: Sequence[Window], wide: Sequence[Window], span: Window
) -> str:
    if best.way == "toggles":
        return "stays"
    up = best.way == "up"
    said: list[str] = []
    for n, delay in enumerate(best.delays):
        if delay is None:
            continue
        t = windows[n][0] + delay
        until = windows[n + 1][0] if n + 1 < len(windows) else span[1]
        undone = next((c.t for c in changes if c.t > t and c.up is not up and c.t <= until), None)
        said.append("stays" if undone is None else "within" if undone <= wide[n][1] else "later")
    return max(dict.fromkeys(said), key=said.count)
