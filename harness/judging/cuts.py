"""Many losses of power, judged together by what each has left behind; harness/bench/power_cuts.py reads that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording


class Cut(NamedTuple):
    """KL30 went at ``at`` (ns). ``left``: out, whole or half. ``took``: seconds from KL30 on (or the next driver) until
    unit and service agreed, None when they never did. ``delivered``: the driver's messages at the contact. ``unsent``:
    as the unit reports, None when it cannot. ``said``: before the cut the unit had said that it was sending, or that
    the driver was leaving."""

    at: Ns
    left: str
    took: float | None
    delivered: int
    unsent: int | None
    said: bool


Cuts = Sequence[Cut]


def half(cut: Cut) -> bool:
    """The driver is neither logged out nor wholly logged in, or unit and service never agreed."""
    return cut.left == "half" or cut.took is None


def undone(cut: Cut) -> bool:
    """A logout that was under way has left the driver logged in."""
    return cut.said and cut.left != "out"


def misdelivered(cut: Cut) -> bool:
    """A message was doubled, or lost without a word."""
    return cut.delivered > 1 or (cut.said and cut.delivered == 0 and cut.unsent == 0)


def spacing(cuts: Cuts, began: Stamp, ended: Stamp) -> Observation:
    """The longest time between two cuts that follow each other, s."""
    widest = max(later.at - earlier.at for earlier, later in pairwise(cuts))
    said = f"{len(cuts)} cuts, at most {show_time(widest)} apart, {show_time(cuts[0].at)} to {show_time(cuts[-1].at)}"
    return _figure("cut_spacing", "s", widest / S, said, "spacing of the cuts", cuts, began, ended)


def left_half(cuts: Cuts, began: Stamp, ended: Stamp) -> Observation:
    """After how many cuts the driver was neither logged out nor wholly logged in."""
    return _count("half_states", cuts, lambda cut: cut.left == "half", "cuts that leave half a session", began, ended)


def kept_after_leaving(cuts: Cuts, began: Stamp, ended: Stamp) -> Observation:
    """After how many cuts of a logout that was under way the driver was still, or again, logged in."""
    return _count("kept", cuts, undone, "cuts that undo a logout", began, ended)


def delivered_wrongly(cuts: Cuts, began: Stamp, ended: Stamp) -> Observation:
    """After how many cuts a message was doubled, or lost without a word.

    Lost without a word: the unit had said that it was sending, nothing arrived, and it reports nothing unsent. Where a
    car's diagnostics cannot report that, only doubled ones count.
    """
    return _count("delivered_wrongly", cuts, misdelivered, "cuts that double or lose a message", began, ended)


def slowest_start(cuts: Cuts, began: Stamp, ended: Stamp) -> Observation:
    """The longest time from KL30 on until unit and service agreed, s; never (None) when after one cut they did not."""
    slowest = max((cut.took for cut in cuts if cut.took is not None), default=None)
    late = [cut for cut in cuts if cut.took is None]
    said = f"the slowest of {len(cuts)} starts" if not late else f"never after {len(late)} of {len(cuts)} cuts"
    value = None if late or slowest is None else slowest
    return _figure("latency", "s", value, said, "unit and service agree again", cuts, began, ended)


def told(cuts: Cuts) -> str:
    """The outcomes over time in one line: "41 out, 12 whole, 30 out"."""
    return ", ".join(f"{len(list(run))} {left}" for left, run in groupby(cut.left for cut in cuts))


def _count(
    quantity: str, cuts: Cuts, wrong: Callable[[Cut], bool], sentence: str, began: Stamp, ended: Stamp
) -> Observation:
    bad = [cut for cut in cuts if wrong(cut)]
    arrived = sum(cut.delivered == 1 for cut in cuts)
    reported = sum(bool(cut.unsent) for cut in cuts)
    said = f"{len(bad)} of {len(cuts)} cuts; in the order of time {told(cuts)}; {arrived} messages delivered once"
    said += f", {reported} reported unsent"
    if bad:
        said += f"; the first at {show_time(bad[0].at)}: {bad[0].left}, {bad[0].delivered} delivered"
    return _figure(quantity, "1", float(len(bad)), said, sentence, cuts, began, ended)


def _figure(
    quantity: str, unit: str, value: float | None, said: str, sentence: str, cuts: Cuts, began: Stamp, ended: Stamp
) -> Observation:
    exact = None if value is None else Interval.exact(value)
    measured = Measurement(quantity, unit, exact, said, (), (began.t, ended.t), samples=len(cuts))

    def look(_recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        return measured

    arguments = {"cuts": [list(cut) for cut in cuts]} if quantity == "cut_spacing" else {"cuts": len(cuts)}
    return Observation(quantity, arguments, quantity, "supply", began, look, sentence)
