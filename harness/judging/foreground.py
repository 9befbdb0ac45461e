"""What is in front of the driver: messaging, or what was there before."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.pictures import view_is_on
from harness.judging.recording import Recording
from harness.judging.signals import ns

MESSAGING = ("listening", "sending", "prompt", "playing", "ringing", "call", "messages", "contacts")
STEADY: Ns = 2 * S
"""Gone is what does not come back within this time."""


def messaging_leaves(after: Stamp) -> Observation:
    """Seconds from ``after`` until none of messaging's views is in front, for good; 0 when they had gone before."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        end = watched + STEADY
        seen = min(recording.seen_to("screen"), end)
        views = [view for view in MESSAGING if view in recording.vehicle.screens]
        left, shown = after, ""
        gone = False
        for picture in recording.pictures(after.t, seen):
            there = next((view for view in views if view_is_on(recording, view, picture)), "")
            if there:
                shown, gone = there, False
            elif not gone:
                gone, left = True, max(after, picture.stamp)
        if gone and seen >= left.late + STEADY:
            observation.found = left
            said = f"the last of messaging, {shown or 'nothing'}, had left at {show_time(left.t)}"
            value = elapsed(after, left) if left is not after else Interval.exact(0.0)
            return Measurement("latency", "s", value, said, ({"track": "screen", "t": left.t},), (after.t, seen))
        if seen < end:
            return Undecided(end)
        return Measurement("latency", "s", None, f"{shown} is in front at {show_time(end)}", (), (after.t, end))

    observation = Observation(
        "messaging_leaves", {"after": list(after)}, "latency", "screen", after, look, "messaging leaves the foreground"
    )
    return observation
