"""What messaging does and whose session it is, as the screen shows it: for cars that do not say so on the bus.

Theory. A unit without a status message still tells the driver everything on its screen, so the screen is the witness: a
state is known by the view that belongs to it. ``idle`` is a lit screen with none of messaging's views on it; who is
logged in is seen by a page that is only there with a session. The screen follows the state: what is asked of the bus
"from now on" is asked of the screen once it has had FOLLOWS to follow. States that no view belongs to cannot be seen.
The questions and their figures are those of signals.py.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.pictures import view_is_on
from harness.judging.recording import Recording
from harness.judging.signals import ns
from harness.judging.views import codes_on, is_dark
from harness.screen.port import Picture

FOLLOWS: Ns = 250 * MS
"""How long the screen may show what was before: BTN-01's limit for the screen to answer."""
AT_WORK = ("listening", "sending", "playing", "prompt", "ringing", "call")
WITH_SESSION = ("home", *AT_WORK, "messages", "contacts", "settings", "navigation")
WITHOUT_SESSION = ("logged_out", "expired", "refused", "no_network")

Sees = Callable[[Recording, Picture], bool]


def _any_of(*views: str) -> Sees:
    return lambda recording, picture: any(
        view in recording.vehicle.screens and view_is_on(recording, view, picture) for view in views
    )


def _idle(recording: Recording, picture: Picture) -> bool:
    return not is_dark(picture) and not _any_of("boot", *AT_WORK)(recording, picture)


def _off(recording: Recording, picture: Picture) -> bool:
    return is_dark(picture) or _any_of("boot")(recording, picture)


def _confirming(recording: Recording, picture: Picture) -> bool:
    return not codes_on(picture) and _any_of("code")(recording, picture)


STATES: dict[tuple[str, str], Sees] = {
    **{("head_unit.app", view): _any_of(view) for view in AT_WORK},
    ("head_unit.app", "idle"): _idle,
    ("head_unit.app", "off"): _off,
    ("head_unit.navigation", "guiding"): _any_of("navigation"),
    ("head_unit.session", "active"): _any_of(*WITH_SESSION),
    ("head_unit.session", "logged_out"): _any_of(*WITHOUT_SESSION),
    ("head_unit.session", "code_shown"): lambda recording, picture: bool(codes_on(picture)),
    ("head_unit.session", "confirming"): _confirming,
}
"""(role, state) -> whether a picture shows it."""


def reaches(role: str, state: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until a picture shows the state that did not show it before."""
    return _until("reaches_seen", role, state, after, f"{role} reaches {state}, by the screen", newly=True)


def says(role: str, state: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until a picture shows the state, whether or not it was there before."""
    return _until("says_seen", role, state, after, f"{role} is {state}, by the screen", newly=False)


def _until(name: str, role: str, state: str, after: Stamp, sentence: str, *, newly: bool) -> Observation:
    sees = STATES[role, state]

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        seen = recording.seen_to("screen")
        left = not newly
        for picture in recording.pictures(after.early, min(seen, watched)):
            if not sees(recording, picture):
                left = True
            elif left:
                stamp = picture.stamp if picture.stamp.late > after.early else after
                observation.found = stamp
                said = f"the screen shows {role} {state!r} at {show_time(stamp.t)}"
                return Measurement("latency", "s", elapsed(after, stamp), said, _refs(picture), (after.t, stamp.t))
        if seen < watched:
            return Undecided(watched)
        again = "" if left else "; it was there all the time"
        said = f"the screen never came to show {role} {state!r} (watched {show_time(watched - after.t)}){again}"
        return Measurement("latency", "s", None, said, (), (after.t, watched))

    observation = Observation(name, _arguments(role, state, after), "latency", "screen", after, look, sentence)
    return observation


def stays(role: str, state: str, after: Stamp) -> Observation:
    """Seconds the screen keeps showing the state, from when it has followed on, up to the watch time."""
    sees = STATES[role, state]

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        start = after.late + FOLLOWS
        end = start + ns(limit.low)
        seen = recording.seen_to("screen")
        if seen < start:
            return Undecided(end)
        for picture in recording.pictures(start, min(seen, end)):
            if not sees(recording, picture):
                said = f"the screen does not show {role} {state!r} at {show_time(max(picture.stamp.t, start))}"
                return _kept(after, picture, said)
        if seen < end:
            return Undecided(end)
        said = f"the screen showed {role} {state!r} all the time to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    return Observation("stays_seen", _arguments(role, state, after), "watch", "screen", after, look,
                       f"{role} stays {state}, by the screen")  # fmt: skip


def avoids(role: str, state: str, after: Stamp) -> Observation:
    """Seconds the screen never comes to show the state, up to the watch time; it must show something meanwhile."""
    sees = STATES[role, state]

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        start, end = after.late + FOLLOWS, after.late + FOLLOWS + ns(limit.low)
        seen = recording.seen_to("screen")
        if seen < start:
            return Undecided(end)
        stop = min(seen, end)
        pictures = [*recording.pictures(start, start)[:1], *recording.pictures(after.late, stop)[1:]]
        for picture in sorted(pictures, key=lambda p: p.stamp.t):
            if sees(recording, picture):
                return _kept(after, picture, f"the screen shows {role} {state!r} at {show_time(picture.stamp.t)}")
        if seen < end:
            return Undecided(end)
        if all(is_dark(picture) for picture in pictures):
            return _kept(after, pictures[0], "the screen was dark all the time: nothing was shown at all")
        said = f"the screen never showed {role} {state!r} to {show_time(end)}"
        return Measurement("watch", "s", Interval.exact(ns(limit.low) / S), said, (), (after.t, end))

    return Observation("avoids_seen", _arguments(role, state, after), "watch", "screen", after, look,
                       f"{role} never {state}, by the screen")  # fmt: skip


def _arguments(role: str, state: str, after: Stamp) -> dict[str, object]:
    return {"role": role, "state": state, "after": list(after)}


def _kept(after: Stamp, picture: Picture, said: str) -> Measurement:
    held = Interval(*(max(0.0, x) for x in elapsed(after, picture.stamp)))
    return Measurement("watch", "s", held, said, _refs(picture), (after.t, max(after.t, picture.stamp.t)))


def _refs(picture: Picture) -> tuple[dict[str, object], ...]:
    return ({"track": "screen", "t": picture.stamp.t},)
