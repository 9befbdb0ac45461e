"""What the unit draws, and when it has gone to sleep."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns

MEAN_OVER: Ns = 2 * S
STAYS_DOWN: Ns = 5 * S
"""So long the current must stay below the sleep limit before the unit counts as asleep."""
NEXT_READING: Ns = 1 * S
"""The reading that shows this comes later than that by as much as the supply is read apart: a unit that falls asleep in
the last moment of its time is asleep in time."""


def current_after(after: Stamp, settle: Ns, over: Ns = MEAN_OVER) -> Observation:
    """Amperes, the highest reading within ``over`` ns (two seconds), ``settle`` ns after the anchor: the current asleep
    unless it is asked to measure another state's."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        start, end = after.late + settle, after.late + settle + over
        if recording.seen_to("supply") < end:
            return Undecided(end)
        readings = recording.supply(start, end)
        if not readings:
            return Measurement(observation.quantity, "A", None, "no reading of the supply", (), (start, end))
        highest = max(readings, key=lambda r: r.amperes)
        low, high = (max(r.amperes + way * r.amperes_within for r in readings) for way in (-1, 1))
        value = Interval(highest.amperes, low, high)
        said = f"{highest.amperes * 1000:.4g} mA at {show_time(highest.stamp.t)}, highest of {len(readings)} readings"
        return Measurement(observation.quantity, "A", value, said, (), (start, end))

    observation = Observation(
        "current_after", {"after": list(after), "settle": settle, "over": over}, "sleep_current", "supply", after, look,
        "the highest current",
    )  # fmt: skip
    return observation


def falls_below(amperes: float, after: Stamp) -> Observation:
    """Seconds from ``after`` until the current is below ``amperes`` and stays there for STAYS_DOWN: between the last
    reading that was above for sure and the first from which all are below for sure."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        end = after.late + max(ns(limit.high), patience) + STAYS_DOWN + NEXT_READING
        down: Stamp | None = None
        sure: Stamp | None = None
        above = after
        for reading in recording.supply(after.early, end):
            if reading.amperes - reading.amperes_within > amperes:
                above = reading.stamp
            if reading.amperes + reading.amperes_within > amperes:
                sure = None
            elif sure is None:
                sure = reading.stamp
            if reading.amperes > amperes:
                down = None
            elif down is None:
                down = reading.stamp
            elif reading.stamp.early - down.late >= STAYS_DOWN:
                observation.found = down
                late, early = elapsed(after, sure or Stamp.exact(end)), elapsed(after, above)
                value = Interval(elapsed(after, down).value, max(0.0, early.low), late.high)
                said = f"below {amperes * 1000:.3g} mA from {show_time(down.t)} on"
                return Measurement("latency", "s", value, said, (), (after.t, reading.stamp.t))
        if recording.seen_to("supply") < end:
            return Undecided(end)
        said = f"not below {amperes * 1000:.3g} mA for {show_time(STAYS_DOWN)} up to {show_time(end)}"
        return Measurement("latency", "s", None, said, (), (after.t, end))

    arguments = {"amperes": amperes, "after": list(after)}
    observation = Observation("falls_below", arguments, "latency", "supply", after, look, "the unit falls asleep")
    return observation
