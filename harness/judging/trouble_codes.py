"""Trouble codes as diagnostics tell them: when one was there for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording


class Reading(NamedTuple):
    """One answer to "which codes are confirmed?" (ISO 14229-1, 0x19 02): what it held, and when it was complete."""

    stamp: Stamp
    confirmed: frozenset[int]


def matures(name: str, code: int, readings: Sequence[Reading], after: Stamp) -> Observation:
    """Seconds from ``after`` until ``code`` was confirmed: between the last reading without and the first with it."""

    def look(_recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        window = (after.t, readings[-1].stamp.t if readings else after.t)
        before = after
        for reading in readings:
            if code in reading.confirmed:
                latest, earliest = elapsed(after, reading.stamp), elapsed(after, before)
                value = Interval(latest.value, max(0.0, earliest.low), latest.high)
                said = f"{name} (0x{code:06X}) confirmed in the answer of {show_time(reading.stamp.t)}"
                return Measurement("dtc_maturing", "s", value, said, (), window)
            before = reading.stamp
        said = f"{name} (0x{code:06X}) in none of {len(readings)} answers up to {show_time(window[1])}"
        return Measurement("dtc_maturing", "s", None, said, (), window)

    arguments = {"code": code, "readings": len(readings), "after": list(after)}
    return Observation("matures", arguments, "dtc_maturing", "diagnostics", after, look, f"{name} matures")
