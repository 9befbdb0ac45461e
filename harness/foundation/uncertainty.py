"""What the bounds of a figure are made of.

Theory. An instant carries bounds that hold for each instance (stamps.py), a figure inherits them by interval arithmetic
(JCGM 100:2008 calls such half-widths the limits of a rectangular distribution; nothing here is a standard deviation).
A source says of what its bounds consist (``Share``); a budget is that list for one figure, side by side, and its parts
sum up to the bounds exactly. Nothing is combined by squares: bounds that always hold add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S

CLOCK = "clock alignment"
FRAME_TIME = "frame time"
SAMPLE = "sample period"
RESOLUTION = "resolution"
LATENESS = "rig lateness"
METHOD = "method"

BOUNDS = "bounds"
"""They hold for every instance; a maximum, no standard deviation."""
STATISTICAL = "95 %"
"""1.96 standard deviations of a mean to each side, or another interval that holds the truth in 95 of 100 cases."""

DECLARED = "declared by the driver"
OF_THE_STAMP = "the stamp of each event"
OF_THE_MEASURE = "the measure itself"


class Share(NamedTuple):
    """A cause of the bounds of a source's stamps. ``half_width`` ns; None where each stamp has its own."""

    what: str
    half_width: Ns | None
    origin: str = DECLARED


EXACT = (Share(CLOCK, 0, f"{DECLARED}: one virtual clock for bench and unit"),)
"""What a memory driver declares: the instants are the simulation's own."""


class Part(NamedTuple):
    """A cause of a figure's bounds: how far below and above the value it lets the truth lie, in ``unit``."""

    what: str
    source: str
    minus: float
    plus: float
    unit: str
    origin: str

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "source": self.source,
            "half_width": tidy((self.minus + self.plus) / 2),
            "minus": self.minus,
            "plus": self.plus,
            "unit": self.unit,
            "from": self.origin,
        }


def parts_of(stamp: Stamp, source: str, shares: Sequence[Share], *, begins: bool) -> list[Part]:
    """The bounds of one end of a span, in s. ``begins``: it is the beginning, whose lateness makes the span shorter.

    Each share takes what it declares, as far as the stamp is that wide; the first without a figure takes the rest.
    Where none is without, the rest is how the instant was found; of a source that declares nothing it is the stamp's.
    """
    back, ahead = stamp.t - stamp.early, stamp.late - stamp.t
    rest = Share(METHOD, None, OF_THE_MEASURE) if shares else Share(CLOCK, None, OF_THE_STAMP)
    open_ = next((share for share in shares if share.half_width is None), rest)
    taken: list[tuple[Share, Ns, Ns]] = []
    for share in shares:
        if share.half_width is None:
            continue
        here, there = min(share.half_width, back), min(share.half_width, ahead)
        back, ahead = back - here, ahead - there
        if here or there or not share.half_width:
            taken.append((share, here, there))
    if back or ahead or not taken:
        taken.append((open_, back, ahead))
    return [
        Part(share.what, source, *((there / S, here / S) if begins else (here / S, there / S)), "s", share.origin)
        for share, here, there in taken
    ]


def tidy(value: float) -> float:
    """Without the dust of binary fractions: nine digits, which is a ns in a second and 1e-9 of anything else."""
    return float(f"{value:.9g}")
