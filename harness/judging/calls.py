"""Calls as the messaging service knows them: rung, answered, over, and with what they are carried."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns

OVER = ("ended", "refused", "missed", "lost")


def call_is(account: str, what: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until the service has a call of ``account`` as ``what``: answered, or over ("ended", by
    whichever side and in whatever way)."""
    wanted = OVER if what == "ended" else (what,)

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        for event in recording.calls(account, after.early, watched):
            if event.what in wanted:
                observation.found = event.stamp
                said = f"the service has the call {event.what} at {show_time(event.stamp.t)}"
                refs = ({"track": f"account/{account}", "t": event.stamp.t},)
                return Measurement("latency", "s", elapsed(after, event.stamp), said, refs, (after.t, event.stamp.t))
        if recording.seen_to(observation.source) < watched:
            return Undecided(watched)
        said = f"the service never had the call {what} (watched {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(
        "call_is", {"account": account, "what": what, "after": list(after)}, "latency", f"account/{account}", after,
        look, f"the call of {account} is {what}",
    )  # fmt: skip
    return observation


def call_stays(account: str, after: Stamp) -> Observation:
    """Seconds the answered call of ``account`` goes on, from ``after`` on, up to the watch time."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + ns(limit.low)
        seen = recording.seen_to(observation.source)
        if seen < after.early:
            return Undecided(end)
        known = recording.calls(account, 0, after.early)
        if not known or known[-1].what != "answered":
            was = known[-1].what if known else "never there"
            said = f"the call was {was} before"
            return Measurement("watch", "s", Interval.exact(0.0), said, (), (after.t, after.t))
        for event in recording.calls(account, after.early, min(seen, end)):
            if event.what in OVER:
                said = f"the service has the call {event.what} at {show_time(event.stamp.t)}"
                refs = ({"track": f"account/{account}", "t": event.stamp.t},)
                return Measurement("watch", "s", elapsed(after, event.stamp), said, refs, (after.t, event.stamp.t))
        if seen < end:
            return Undecided(end)
        said = f"the call goes on to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(limit.low or 0.0), said, (), (after.t, end))

    observation = Observation(
        "call_stays", {"account": account, "after": list(after)}, "watch", f"account/{account}", after, look,
        f"the call of {account} goes on",
    )  # fmt: skip
    return observation


def with_picture(account: str, after: Stamp) -> Observation:
    """How many calls of ``account`` from ``after`` on were taken with picture; none taken at all is no measurement."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        seen = recording.seen_to(observation.source)
        taken = [e for e in recording.calls(account, after.early, seen) if e.what == "answered"]
        if taken:
            count = sum(e.media == "video" for e in taken)
            said = f"taken as {', '.join(e.media for e in taken)}"
            window = (after.t, taken[-1].stamp.t)
            return Measurement("with_picture", "1", Interval.exact(count), said, (), window)
        watched = after.late + patience
        if seen < watched:
            return Undecided(watched)
        return Measurement("with_picture", "1", None, "the call was never taken", (), (after.t, watched))

    observation = Observation(
        "with_picture", {"account": account, "after": list(after)}, "with_picture", f"account/{account}", after, look,
        "the call is taken with picture",
    )  # fmt: skip
    return observation
