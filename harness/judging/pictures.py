"""What the driver can see: a view of the unit's screen, a login code, and things that must not be there."""

from __future__ import annotations

from collections.abc import Sequence

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns
from harness.screen.port import Picture


def shows(view: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until a picture with ``view`` comes to the front that was not there before."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        seen = min(recording.seen_to("screen"), watched)
        left = False
        pictures = recording.pictures(after.early, seen)
        for picture in pictures:
            there = view_is_on(recording, view, picture)
            if not there:
                left = True
            elif left:
                observation.found = picture.stamp
                return Measurement(
                    "latency",
                    "s",
                    elapsed(after, picture.stamp),
                    f"screen shows {view} at {show_time(picture.stamp.t)}",
                    ({"track": "screen", "t": picture.stamp.t},),
                    (after.t, picture.stamp.t),
                )
        if recording.seen_to("screen") < watched:
            return Undecided(watched)
        why = "" if left else "; it was there all the time"
        said = f"screen never came to show {view} (watched {show_time(watched - after.t)}){why}"
        return Measurement("latency", "s", None, said, _refs(pictures[-1:]), (after.t, watched))

    observation = Observation(
        "shows", {"view": view, "after": list(after)}, "latency", "screen", after, look, f"screen shows {view}"
    )
    return observation


def free_of(things: tuple[str, ...], after: Stamp) -> Observation:
    """Seconds the screen shows none of ``things``, up to the watch time."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        end = after.late + ns(limit.low)
        seen = min(recording.seen_to("screen"), end)
        for picture in recording.pictures(after.t, seen):
            for thing in things:
                if view_is_on(recording, thing, picture):
                    held = elapsed(after, picture.stamp)
                    value = Interval(max(0.0, held.value), max(0.0, held.low), max(0.0, held.high))
                    said = f"screen shows {thing} at {show_time(picture.stamp.t)}"
                    return Measurement("watch", "s", value, said, _refs([picture]), (after.t, picture.stamp.t))
        if seen < end:
            return Undecided(end)
        said = f"screen free of {', '.join(things)} to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    return Observation(
        "free_of", {"things": list(things), "after": list(after)}, "watch", "screen", after, look,
        f"screen free of {', '.join(things)}",
    )  # fmt: skip


def code_there(after: Stamp, *, other_than: str | None = None, gone: bool = False) -> Observation:
    """Seconds from ``after`` until a phone can read a login code (other than ``other_than``), or until none can be
    read."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import codes_on

        watched = after.late + max(patience, ns(limit.high))
        seen = min(recording.seen_to("screen"), watched)
        pictures = recording.pictures(after.early, seen)
        for picture in pictures:
            texts = [c.text for c in codes_on(picture) if c.text != other_than]
            if bool(texts) is not gone:
                stamp = picture.stamp if picture.stamp.late > after.early else after
                observation.found = stamp
                what = "no code any more" if gone else "a code that a phone reads"
                return Measurement(
                    "latency", "s", elapsed(after, stamp), f"screen shows {what} at {show_time(stamp.t)}",
                    _refs([picture]), (after.t, stamp.t),
                )  # fmt: skip
        if recording.seen_to("screen") < watched:
            return Undecided(watched)
        what = "code still readable" if gone else "no readable code"
        said = f"{what} at {show_time(watched)} (watched {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, _refs(pictures[-1:]), (after.t, watched))

    name = "code_gone" if gone else "code_shown"
    observation = Observation(
        name, {"after": list(after), "fresh": other_than is not None}, "latency", "screen", after, look,
        "the login code goes" if gone else "a login code comes",
    )  # fmt: skip
    return observation


def view_is_on(recording: Recording, view: str, picture: Picture) -> bool:
    from harness.judging.views import on_screen

    return on_screen(recording.vehicle.screens[view], picture)


def differs(first: Stamp, second: Stamp, span: Ns) -> Observation:
    """Largest share of the screen (%) that looks different in the ``span`` after two instants.

    For two messages of one sender that say different things: what differs is content (or a counter's digit). Each
    picture after one instant is held against the most similar one after the other.
    """

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import difference

        end = max(first.late, second.late) + span
        if recording.seen_to("screen") < end:
            return Undecided(end)
        one = recording.pictures(first.t, min(first.t + span, second.t))
        other = recording.pictures(second.t, second.t + span)
        pairs = [min((100 * difference(p, q), p.stamp.t, q.stamp.t) for q in one) for p in other]
        worst, there, here = max(pairs)
        said = f"at most {worst:.2f} % of the screen differ (pictures of {show_time(there)} and {show_time(here)})"
        refs = ({"track": "screen", "t": there}, {"track": "screen", "t": here})
        return Measurement("content_shown", "%", Interval.exact(worst), said, refs, (first.t, end))

    return Observation(
        "differs", {"first": list(first), "second": list(second), "span": span}, "content_shown", "screen",
        second, look,
        "what the screen shows of a message's content",
    )  # fmt: skip


def shown_among(things: tuple[str, ...], start: Stamp, stop: Stamp) -> Observation:
    """How many of ``things`` were on the screen between two instants."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("screen") < stop.t:
            return Undecided(stop.t)
        pictures = recording.pictures(start.t, stop.t)
        hits = [(thing, p) for thing in things for p in pictures if view_is_on(recording, thing, p)]
        found = sorted({thing for thing, _ in hits})
        said = f"seen: {', '.join(found)}" if found else f"none of {', '.join(things)} on {len(pictures)} pictures"
        return Measurement(
            "found", "1", Interval.exact(len(found)), said, _refs([p for _, p in hits[:3]]), (start.t, stop.t)
        )

    return Observation(
        "shown_among", {"things": list(things), "start": list(start), "stop": list(stop)}, "found", "screen",
        start, look,
        f"screen shows {', '.join(things)}",
    )  # fmt: skip


def reads_through(camera: str, seed: int, at: Stamp) -> Observation:
    """1 when the code in front at ``at`` can be read from a picture degraded as ``camera`` says, else 0."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        import random

        from harness.screen.code import read_codes
        from harness.screen.degrade import camera_views

        if recording.seen_to("screen") < at.t:
            return Undecided(at.t)
        picture = recording.pictures(at.t, at.t)[-1]
        views = camera_views(picture.pixels, random.Random(seed))
        seen = read_codes(views[camera])
        true = read_codes(picture.pixels)
        right = bool(true) and [c.text for c in seen] == [c.text for c in true]
        said = f"code {'read' if right else 'not read'} through {camera.replace('_', ' ')}"
        return Measurement("readable", "1", Interval.exact(1.0 if right else 0.0), said, _refs([picture]), (at.t, at.t))

    return Observation(
        "reads_through", {"camera": camera, "seed": seed, "at": list(at)}, "readable", "screen", at, look,
        f"the code reads through {camera.replace('_', ' ')}",
    )  # fmt: skip


def _refs(pictures: Sequence[Picture]) -> tuple[dict[str, object], ...]:
    return tuple({"track": "screen", "t": p.stamp.t} for p in pictures)
