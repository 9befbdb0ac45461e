"""In which order a start comes to light: the first frame, the first picture, the session.

Theory. No requirement says which comes first. The session is there when the start is over; a unit may be heard and seen
long before that, or only after it, in either order. What is later than a start from sleep is still in the middle of a
cold one.
"""

from __future__ import annotations

import random

from harness.foundation.units import MS
from harness.headunit.blueprint import Blueprint, Change, set_figure

FRAMES, SCREEN, SESSION = "first_frame", "screen_wakes", "session"
STEP = (100, 350)
"""Milliseconds between one and the next."""


def drawn(rng: random.Random) -> Change:
    """PWR-04 has the slowest: a start from sleep, two steps more, and the reaction of bus and screen."""
    order = rng.sample((FRAMES, SCREEN, SESSION), 3)
    steps = [rng.randint(*STEP) * MS for _ in range(3)]

    def change(base: Blueprint) -> Blueprint:
        at = 0
        for name, step in zip(order, steps, strict=True):
            at += step
            if name == SESSION:
                at = max(at, base.figures["boot_resume"])
            else:
                base = set_figure(name, at)(base)
        return base

    return change
