"""Several messages: in which order they are played or arrive, and whether unit and service agree how many are left."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.speech import BEYOND, plays_speech
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETTLES: Ns = 2000 * MS
"""Unit and service tell each other by a network and a cyclic frame; they are compared when both have had time."""


def in_order(references: Mapping[str, NDArray[np.int16]], line: str, after: Stamp, until: Stamp) -> Observation:
    """How many of the messages (named in the order they were sent) began before their predecessor, up to ``until``.
    One that was never played is no measurement."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("audio") < until.t:
            return Undecided(until.t)
        begins: dict[str, Ns] = {}
        for name, reference in references.items():
            heard = plays_speech(name, reference, line, after)
            span = until.t - after.late - len(reference) * S // JUDGED_RATE - BEYOND
            heard.look(recording, Limit("s", high=max(span, 0) / S), 0)
            if heard.found is None:
                said = f"{name} was never played up to {show_time(until.t)}"
                return Measurement("reordered", "1", None, said, (), (after.t, until.t))
            begins[name] = heard.found.t
        wrong = sum(later < earlier for earlier, later in pairwise(begins.values()))
        order = sorted(begins, key=lambda name: begins[name])
        said = "played: " + ", ".join(f"{name} at {show_time(begins[name])}" for name in order)
        refs = tuple({"track": f"audio/{line}", "t": t} for t in begins.values())
        return Measurement("reordered", "1", Interval.exact(wrong), said, refs, (after.t, until.t))

    return Observation(
        "in_order", {"messages": list(references), "line": line, "after": list(after), "until": list(until)},
        "reordered", "audio", after, look, "messages are played in the order they were sent",
    )  # fmt: skip


def arrive_in_order(references: Mapping[str, NDArray[np.int16]], account: str, after: Stamp, watch: Ns) -> Observation:
    """How many of the messages (named in the order they were said) reach ``account`` before their predecessor, within
    ``watch`` ns. One that never arrives is no measurement."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.audio.match import match
        from harness.audio.rates import to_rate

        end = after.late + watch
        if recording.seen_to(observation.source) < end:
            return Undecided(end)
        came: dict[str, Ns] = {}
        for message in recording.inbox(account, after.early, end):
            if message.samples is not None:
                heard = match(to_rate(message.samples, message.rate, JUDGED_RATE), references, JUDGED_RATE)
                for best in heard.candidates[:1]:
                    came.setdefault(best.id, message.stamp.t)
        refs = tuple({"track": f"account/{account}", "t": t} for t in came.values())
        missing = [name for name in references if name not in came]
        if missing:
            said = f"{missing[0]} never reached {account} up to {show_time(end)}"
            return Measurement("reordered", "1", None, said, refs, (after.t, end))
        wrong = sum(came[later] < came[earlier] for earlier, later in pairwise(references))
        said = "arrived: " + ", ".join(f"{name} at {show_time(t)}" for name, t in came.items())
        return Measurement("reordered", "1", Interval.exact(wrong), said, refs, (after.t, end))

    arguments = {"messages": list(references), "account": account, "after": list(after), "watch": watch}
    observation = Observation(
        "arrive_in_order", arguments, "reordered", f"account/{account}", after, look,
        f"messages reach {account} in the order they were said",
    )  # fmt: skip
    return observation


def count_difference(role: str, account: str, after: Stamp) -> Observation:
    """What the unit says is unread less what the service holds as unread, so long after ``after`` that both agree."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        at = after.late + SETTLES
        if min(recording.seen_to(observation.source), recording.seen_to(f"account/{account}")) < at:
            return Undecided(at)
        where = recording.vehicle.role(role)
        last = recording.last_frame(where.bus, where.message.key, at)
        said = where.read(last.frame.data) if last and last.frame else None
        held = recording.unread(account, at, at)
        count = held[-1].count if held else 0
        window = (after.t, at)
        if not isinstance(said, float | int):
            return Measurement("count_difference", "1", None, f"{where.place} says {said!r}", (), window)
        refs = ({"track": f"can/{where.bus}", "t": last.t if last else at},)
        detail = f"{where.place} {said:g}, the account {count} unread at {show_time(at)}"
        return Measurement("count_difference", "1", Interval.exact(said - count), detail, refs, window)

    observation = Observation(
        "count_difference", {"role": role, "account": account, "after": list(after)}, "count_difference",
        f"role/{role}", after, look, "unread messages, unit less account", roles=(role,),
    )  # fmt: skip
    return observation
