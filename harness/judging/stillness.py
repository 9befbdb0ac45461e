"""A screen that stands still: no moving picture."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

ANOTHER = 0.002
"""Share of the screen that must look different for a picture to count as another one."""


def motion(after: Stamp, span: Ns) -> Observation:
    """The largest number of different pictures that came within one second, in the ``span`` after ``after``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import difference

        end = after.late + span
        if recording.seen_to("screen") < end:
            return Undecided(end)
        pictures = recording.pictures(after.t, end)
        came = [
            picture.stamp.t
            for before, picture in pairwise(pictures)
            if difference(before, picture) > ANOTHER
        ]
        counts = [(i + 1 - bisect_left(came, t - S), t) for i, t in enumerate(came)]
        most, at = max(counts, default=(0, after.t))
        said = f"{len(came)} pictures came; most within a second up to {show_time(at)}"
        refs = ({"track": "screen", "t": at},)
        return Measurement("motion", "1", Interval.exact(most), said, refs, (after.t, end))

    return Observation("motion", {"after": list(after), "span": span}, "motion", "screen", after, look,
                       "pictures within a second")  # fmt: skip
