"""What the unit says of itself on the bus: states it reaches, states it keeps.

``reaches``: the first frame after the anchor that carries the state, having carried another one before. ``stays``:
every frame in the watched window carries the state, and the frames kept coming: a unit that falls silent has not
stayed, it has gone.
"""

from __future__ import annotations

from harness.can.port import Heard
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

SILENT_CYCLES = 5
"""A cyclic message missing for so many cycles is gone (the usual time-out monitoring of a receiver)."""


def stamp_of(heard: Heard) -> Stamp:
    return Stamp(heard.t, heard.early, heard.late)


def reaches(role: str, state: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until the role first carries ``state``."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        where = recording.vehicle.role(role)
        watched = after.late + max(patience, ns(limit.high))
        before = recording.last_frame(where.bus, where.message.key, after.early)
        state_before = where.read(before.frame.data) if before and before.frame else None
        left = state_before != state
        last = state_before
        for heard in recording.frames(where.bus, where.message.key, after.early, watched):
            now = where.read(heard.frame.data) if heard.frame else None
            last = now
            if now != state:
                left = True
            elif left:
                observation.found = stamp_of(heard)
                return Measurement(
                    "latency",
                    "s",
                    elapsed(after, stamp_of(heard)),
                    f"{where.place} {state!r} at {show_time(heard.t)}",
                    (frame_ref(where.bus, heard),),
                    (after.t, heard.t),
                )
        if recording.seen_to(observation.source) < watched:
            return Undecided(watched)
        again = "" if left else f"; it was {state!r} all the time"
        return Measurement(
            "latency",
            "s",
            None,
            f"{where.place} still {last!r} at {show_time(watched)}; "
            f"first {state!r} never (watched {show_time(watched - after.t)}){again}",
            (),
            (after.t, watched),
        )

    observation = Observation(
        "reaches", {"role": role, "state": state, "after": list(after)}, "latency", f"role/{role}", after, look,
        f"{role} reaches {state}", roles=(role,),
    )  # fmt: skip
    return observation


def says(role: str, state: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until a frame carries ``state``, whether or not the role carried it before."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        where = recording.vehicle.role(role)
        watched = after.late + max(patience, ns(limit.high))
        last: object = None
        for heard in recording.frames(where.bus, where.message.key, after.early, watched):
            last = where.read(heard.frame.data) if heard.frame else None
            if last == state:
                observation.found = stamp_of(heard)
                said = f"{where.place} {state!r} at {show_time(heard.t)}"
                refs = (frame_ref(where.bus, heard),)
                return Measurement("latency", "s", elapsed(after, stamp_of(heard)), said, refs, (after.t, heard.t))
        if recording.seen_to(observation.source) < watched:
            return Undecided(watched)
        said = (
            f"{where.place} {last!r} at {show_time(watched)}; {state!r} never (watched {show_time(watched - after.t)})"
        )
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(
        "says", {"role": role, "state": state, "after": list(after)}, "latency", f"role/{role}", after, look,
        f"{role} says {state}", roles=(role,),
    )  # fmt: skip
    return observation


def stays(role: str, state: str, after: Stamp) -> Observation:
    """Seconds the role keeps ``state``, from ``after`` on, up to the watch time (the limit's lower side)."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        where = recording.vehicle.role(role)
        watch = ns(limit.low)
        end = after.late + watch
        allowed = max(SILENT_CYCLES * (where.message.cycle or 0), 500 * MS)
        name = f"{where.place}"
        seen = recording.seen_to(observation.source)
        if seen < after.early:
            return Undecided(end)
        before = recording.last_frame(where.bus, where.message.key, after.early)
        previous = before.t if before else after.t
        held = where.read(before.frame.data) if before and before.frame else None
        if held != state:
            return _kept(after, after, after.t, f"{name} was {held!r}, not {state!r}, before the watch began", ())
        for heard in recording.frames(where.bus, where.message.key, after.early, end):
            if heard.t - previous > allowed:
                return _silent(after, previous, name)
            previous = heard.t
            now = where.read(heard.frame.data) if heard.frame else None
            if now != state:
                said = f"{name} {state!r} -> {now!r} at {show_time(heard.t)}"
                return _kept(after, stamp_of(heard), heard.t, said, (frame_ref(where.bus, heard),))
        if min(seen, end) - previous > allowed:
            return _silent(after, previous, name)
        if seen < end:
            return Undecided(end)
        return Measurement(
            "watch",
            "s",
            Interval.exact(watch / S),
            f"{name} {state!r} all the time to {show_time(end)}",
            (),
            (after.t, end),
        )

    observation = Observation(
        "stays", {"role": role, "state": state, "after": list(after)}, "watch", f"role/{role}", after, look,
        f"{role} stays {state}", roles=(role,),
    )  # fmt: skip
    return observation


def avoids(role: str, state: str, after: Stamp) -> Observation:
    """Seconds the role never carries ``state``, up to the watch time; the unit must keep reporting meanwhile."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        where = recording.vehicle.role(role)
        end = after.late + ns(limit.low)
        allowed = max(SILENT_CYCLES * (where.message.cycle or 0), 500 * MS)
        previous = after.t
        for heard in recording.frames(where.bus, where.message.key, after.early, end):
            if heard.t - previous > allowed:
                return _silent(after, previous, where.place)
            previous = heard.t
            if heard.frame and where.read(heard.frame.data) == state:
                said = f"{where.place} {state!r} at {show_time(heard.t)}"
                return _kept(after, stamp_of(heard), heard.t, said, (frame_ref(where.bus, heard),))
        seen = recording.seen_to(observation.source)
        if min(seen, end) - previous > allowed:
            return _silent(after, previous, where.place)
        if seen < end:
            return Undecided(end)
        said = f"{where.place} never {state!r} to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    observation = Observation(
        "avoids", {"role": role, "state": state, "after": list(after)}, "watch", f"role/{role}", after, look,
        f"{role} never {state}", roles=(role,),
    )  # fmt: skip
    return observation


def silent(role: str, after: Stamp) -> Observation:
    """Seconds without any frame of the role's message, up to the watch time: no vote to keep the bus awake."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        where = recording.vehicle.role(role)
        end = after.late + ns(limit.low)
        for heard in recording.frames(where.bus, where.message.key, after.early, end)[:1]:
            said = f"{where.place} sent at {show_time(heard.t)}"
            return _kept(after, stamp_of(heard), heard.t, said, (frame_ref(where.bus, heard),))
        if recording.seen_to(observation.source) < end:
            return Undecided(end)
        said = f"no {where.place} to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    observation = Observation(
        "silent", {"role": role, "after": list(after)}, "watch", f"role/{role}", after, look,
        f"{role} sends nothing", roles=(role,),
    )  # fmt: skip
    return observation


def _kept(after: Stamp, until: Stamp, end: Ns, detail: str, refs: tuple[dict[str, object], ...]) -> Measurement:
    held = Interval(*(max(0.0, x) for x in elapsed(after, until)))
    return Measurement("watch", "s", held, detail, refs, (after.t, end))


def _silent(after: Stamp, last: Ns, name: str) -> Measurement:
    return _kept(after, Stamp.exact(max(last, after.t)), last, f"{name} fell silent after {show_time(last)}", ())


def frame_ref(bus: str, heard: Heard) -> dict[str, object]:
    frame = heard.frame
    return {"track": f"can/{bus}", "t": heard.t, "id": frame.id if frame else None}


def ns(seconds: float | None) -> Ns:
    """Seconds of a limit in ns; no limit is no time."""
    return 0 if seconds is None else round(seconds * S)
