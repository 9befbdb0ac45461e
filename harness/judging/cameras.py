"""How far a camera's picture may be spoiled before the login code in front cannot be read any more."""

from __future__ import annotations

import random
from math import nextafter

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording


def bears(kind: str, seed: int, at: Stamp) -> Observation:
    """The last degree of ``kind`` (harness/screen/margins.py) at which the code in front at ``at`` is read; 0 when it
    is not even read from the mildest, or not from the clean picture."""
    quantity = f"bears_{kind.replace(' ', '_')}"

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import codes_on
        from harness.screen.margins import KINDS, margin

        if recording.seen_to("screen") < at.t:
            return Undecided(at.t)
        picture = recording.pictures(at.t, at.t)[-1]
        refs = ({"track": "screen", "t": picture.stamp.t},)
        codes = codes_on(picture)
        if not codes:
            return Measurement(quantity, "1", Interval.exact(0.0), "no code on the clean picture", refs, (at.t, at.t))
        found = margin(picture.pixels, codes[0], kind, random.Random(seed), looks=1)
        # it fails somewhere between the two: the next degree itself is not borne any more
        most = found.degree if found.fails is None else nextafter(found.fails, 0.0)
        beyond = "the whole scale is read" if found.fails is None else f"not read at {found.fails:g}"
        said = f"code read up to {found.degree:g} {KINDS[kind].unit} of {kind}, {beyond}"
        return Measurement(quantity, "1", Interval(found.degree, found.degree, most), said, refs, (at.t, at.t))

    return Observation(
        "bears", {"kind": kind, "seed": seed, "at": list(at)}, quantity, "screen", at, look,
        f"the code bears {kind}",
    )  # fmt: skip
