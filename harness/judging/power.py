"""What the unit draws."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

MEAN_OVER: Ns = 2 * S


def current_after(after: Stamp, settle: Ns) -> Observation:
    """Amperes, the highest reading within two seconds, ``settle`` ns after the anchor."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        start, end = after.late + settle, after.late + settle + MEAN_OVER
        if recording.seen_to("supply") < end:
            return Undecided(end)
        readings = recording.supply(start, end)
        if not readings:
            return Measurement("sleep_current", "A", None, "no reading of the supply", (), (start, end))
        highest = max(readings, key=lambda r: r.amperes)
        said = f"{highest.amperes * 1000:.3g} mA at {show_time(highest.stamp.t)}, highest of {len(readings)} readings"
        return Measurement("sleep_current", "A", Interval.exact(highest.amperes), said, (), (start, end))

    return Observation(
        "current_after", {"after": list(after), "settle": settle}, "sleep_current", "supply", after, look,
        "the current returns",
    )  # fmt: skip
