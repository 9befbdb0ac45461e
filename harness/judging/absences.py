"""What has to be away from the screen: no code to scan for as long as is watched, a view that goes in time."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.pictures import view_is_on
from harness.judging.recording import Recording
from harness.judging.signals import ns
from harness.screen.port import Picture


def no_code(after: Stamp) -> Observation:
    """Seconds from ``after`` in which no phone can read a login code, up to the watch time."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import codes_on

        end = after.late + ns(limit.low)
        seen = min(recording.seen_to("screen"), end)
        for picture in recording.pictures(after.t, seen):
            if codes_on(picture):
                held = elapsed(after, picture.stamp)
                value = Interval(*(max(0.0, x) for x in held))
                said = f"a code that a phone reads at {show_time(max(picture.stamp.t, after.t))}"
                return Measurement("watch", "s", value, said, (_ref(picture),), (after.t, picture.stamp.t))
        if seen < end:
            return Undecided(end)
        said = f"no code to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    return Observation("no_code", {"after": list(after)}, "watch", "screen", after, look, "no login code to scan")


def leaves(view: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until ``view``, which was in front, is not any more. Never (None) when it was not."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        seen = min(recording.seen_to("screen"), watched)
        front = recording.pictures(after.early, after.early)
        if front and not view_is_on(recording, view, front[-1]):
            said = f"{view} was not in front at {show_time(after.t)}"
            return Measurement("latency", "s", None, said, (_ref(front[-1]),), (after.t, after.t))
        for picture in recording.pictures(after.early, seen):
            if not view_is_on(recording, view, picture):
                observation.found = picture.stamp
                said = f"{view} gone at {show_time(picture.stamp.t)}"
                value = elapsed(after, picture.stamp)
                return Measurement("latency", "s", value, said, (_ref(picture),), (after.t, picture.stamp.t))
        if recording.seen_to("screen") < watched:
            return Undecided(watched)
        said = f"{view} still in front at {show_time(watched)}"
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(
        "leaves", {"view": view, "after": list(after)}, "latency", "screen", after, look, f"{view} leaves the screen"
    )
    return observation


def _ref(picture: Picture) -> dict[str, object]:
    return {"track": "screen", "t": picture.stamp.t}
