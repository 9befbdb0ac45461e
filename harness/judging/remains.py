"""What of a user is still to be seen on the screen once he is gone: views of messaging, and a name he has met.

Theory. Which words a unit writes where is not known, so no name can be looked for as such. A name made of equal,
unconnected strokes (lists.py) can: no other text has so many alike marks in a row. Half of them count as the name, for
a unit may show it shortened. That it was on the screen while the user was there is a question of its own
(``name_is_written``): what never was shown cannot remain.
"""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.foreground import MESSAGING
from harness.judging.lists import strokes
from harness.judging.observation import Observation, Undecided
from harness.judging.pictures import view_is_on
from harness.judging.recording import Recording
from harness.judging.seen import FOLLOWS
from harness.screen.port import Picture


def name_is_written(length: int, after: Stamp, until: Ns) -> Observation:
    """Seconds from ``after`` until a picture, up to ``until``, shows a name of ``length`` strokes."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("screen") < until:
            return Undecided(until)
        for picture in recording.pictures(after.t, until):
            if strokes(picture.pixels) >= length / 2:
                stamp = observation.found = max(after, picture.stamp)
                said = f"the name is on the screen at {show_time(stamp.t)}"
                return Measurement("latency", "s", elapsed(after, stamp), said, (_ref(picture),), (after.t, until))
        said = f"the name was never on the screen up to {show_time(until)}"
        return Measurement("latency", "s", None, said, (), (after.t, until))

    observation = Observation(
        "name_is_written", {"length": length, "after": list(after), "until": until}, "latency", "screen", after, look,
        "the planted name is on the screen",
    )  # fmt: skip
    return observation


def on_the_screen(length: int, after: Stamp, until: Ns) -> Observation:
    """How many views of messaging, and names of ``length`` strokes, the screen shows from ``after``, once it has had
    time to follow, to ``until``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("screen") < until:
            return Undecided(until)
        start = after.late + FOLLOWS
        views = [view for view in MESSAGING if view in recording.vehicle.screens]
        hits: dict[str, Picture] = {}
        pictures = {id(p.pixels): p for p in reversed(recording.pictures(start, until))}  # the first of each
        for picture in reversed(pictures.values()):
            written = ["a name"] if strokes(picture.pixels) >= length / 2 else []
            for what in (*written, *(view for view in views if view_is_on(recording, view, picture))):
                hits.setdefault(what, picture)
        found = "; ".join(f"{what} at {show_time(max(start, picture.stamp.t))}" for what, picture in hits.items())
        said = found or f"nothing of the user on {len(pictures)} pictures up to {show_time(until)}"
        refs = tuple(_ref(picture) for picture in hits.values())
        return Measurement("canaries", "1", Interval.exact(len(hits)), said, refs, (after.t, until))

    arguments = {"length": length, "after": list(after), "until": until}
    return Observation(
        "on_the_screen", arguments, "canaries", "screen", after, look, "what of the user the screen shows"
    )


def _ref(picture: Picture) -> dict[str, object]:
    return {"track": "screen", "t": picture.stamp.t}
