"""The unit's own time: two quartzes, one for its processor and one for its converters."""

from __future__ import annotations

import random

from harness.headunit.blueprint import Change, set_figure, together

CLOCK = 100.0
"""ppm either way: timers and cycle times."""
CONVERTERS = 75.0
"""ppm either way: MSG-02 allows 100, less the 20 that a sentence of six seconds lets one tell."""


def drawn(rng: random.Random) -> Change:
    return together(
        set_figure("clock_drift", round(rng.uniform(-CLOCK, CLOCK), 1)),
        set_figure("sample_drift", round(rng.uniform(-CONVERTERS, CONVERTERS), 1)),
    )
