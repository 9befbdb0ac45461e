"""What the messaging service knows: the account's session in the car, and what reached an inbox."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns


def session_is(account: str, what: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until the service has the account's car session opened, closed or revoked."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        for event in recording.sessions(account, after.early, watched):
            if event.what == what or (what == "closed" and event.what == "revoked"):
                observation.found = event.stamp
                said = f"the service has the session {event.what} at {show_time(event.stamp.t)}"
                refs = ({"track": f"account/{account}", "t": event.stamp.t},)
                return Measurement("latency", "s", elapsed(after, event.stamp), said, refs, (after.t, event.stamp.t))
        if recording.seen_to(observation.source) < watched:
            return Undecided(watched)
        said = f"the service never had the session {what} (watched {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(
        "session_is", {"account": account, "what": what, "after": list(after)}, "latency", f"account/{account}", after,
        look, f"{account}: session {what}",
    )  # fmt: skip
    return observation


def arrives(account: str, after: Stamp, kind: str = "voice") -> Observation:
    """Seconds from ``after`` until a message of ``kind`` is in the inbox of ``account``."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        for message in recording.inbox(account, after.early, watched):
            if message.kind == kind:
                observation.found = message.stamp
                said = f"{kind} message from {message.sender} in the inbox at {show_time(message.stamp.t)}"
                refs = ({"track": f"account/{account}", "t": message.stamp.t},)
                return Measurement(
                    "latency", "s", elapsed(after, message.stamp), said, refs, (after.t, message.stamp.t)
                )
        if recording.seen_to(observation.source) < watched:
            return Undecided(watched)
        said = f"no {kind} message in the inbox of {account} (watched {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(
        "arrives", {"account": account, "kind": kind, "after": list(after)}, "latency", f"account/{account}", after,
        look, f"a {kind} message reaches {account}",
    )  # fmt: skip
    return observation


def delivered(account: str, after: Stamp, watch: Ns) -> Observation:
    """How many messages reach ``account`` from ``after`` on, counted over ``watch`` ns."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        end = after.late + watch
        if recording.seen_to(observation.source) < end:
            return Undecided(end)
        messages = recording.inbox(account, after.early, end)
        said = f"{len(messages)} message(s) in the inbox of {account} from {show_time(after.t)} to {show_time(end)}"
        refs = tuple({"track": f"account/{account}", "t": m.stamp.t} for m in messages)
        return Measurement("delivered", "1", Interval.exact(len(messages)), said, refs, (after.t, end))

    observation = Observation(
        "delivered", {"account": account, "after": list(after), "watch": watch}, "delivered", f"account/{account}",
        after, look, f"messages that reach {account} in {watch / S:g} s",
    )  # fmt: skip
    return observation


def nothing_arrives(account: str, after: Stamp) -> Observation:
    """Seconds in which no message reaches ``account``, up to the watch time."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + ns(limit.low)
        seen = recording.seen_to(observation.source)
        for message in recording.inbox(account, after.early, min(seen, end))[:1]:
            said = f"a {message.kind} message reached {account} at {show_time(message.stamp.t)}"
            refs = ({"track": f"account/{account}", "t": message.stamp.t},)
            return Measurement("watch", "s", elapsed(after, message.stamp), said, refs, (after.t, message.stamp.t))
        if seen < end:
            return Undecided(end)
        said = f"nothing reached {account} to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    observation = Observation(
        "nothing_arrives", {"account": account, "after": list(after)}, "watch", f"account/{account}", after, look,
        f"nothing reaches {account}",
    )  # fmt: skip
    return observation


def session_stays(account: str, after: Stamp) -> Observation:
    """Seconds the service keeps the account's open car session, up to the watch time."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + ns(limit.low)
        seen = recording.seen_to(observation.source)
        if seen < after.early:
            return Undecided(end)
        known = recording.sessions(account, 0, after.early)
        if not known or known[-1].what != "opened":
            was = known[-1].what if known else "never opened"
            return Measurement(
                "watch", "s", Interval.exact(0.0), f"the session was {was} before", (), (after.t, after.t)
            )
        for event in recording.sessions(account, after.early, min(seen, end)):
            if event.what in ("closed", "revoked"):
                said = f"the service has the session {event.what} at {show_time(event.stamp.t)}"
                refs = ({"track": f"account/{account}", "t": event.stamp.t},)
                return Measurement("watch", "s", elapsed(after, event.stamp), said, refs, (after.t, event.stamp.t))
        if seen < end:
            return Undecided(end)
        said = f"the service keeps the session to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    observation = Observation(
        "session_stays", {"account": account, "after": list(after)}, "watch", f"account/{account}", after, look,
        f"{account}: session stays",
    )  # fmt: skip
    return observation


def accepted(outcome: str, at: Stamp) -> Observation:
    """1 when the phone's app was told "accepted", else 0."""

    def look(_recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        value = Interval.exact(1.0 if outcome == "accepted" else 0.0)
        return Measurement("accepted", "1", value, f"the phone was told {outcome!r}", (), (at.t, at.t))

    return Observation(
        "accepted", {"outcome": outcome, "at": list(at)}, "accepted", "phone", at, look, "the code is accepted"
    )


def session_state(account: str, wanted: str, at: Stamp) -> Observation:
    """1 when the service's last word on the account's car session up to ``at`` is ``wanted``, else 0."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(observation.source) < at.t:
            return Undecided(at.t)
        known = recording.sessions(account, 0, at.t)
        last = known[-1].what if known else "never opened"
        closed = wanted == "closed" and last in ("closed", "revoked", "never opened")
        value = Interval.exact(1.0 if last == wanted or closed else 0.0)
        return Measurement("session", "1", value, f"the service has the session {last}", (), (at.t, at.t))

    observation = Observation(
        "session_state", {"account": account, "wanted": wanted, "at": list(at)}, "session", f"account/{account}", at,
        look, f"{account}: session {wanted}",
    )  # fmt: skip
    return observation
