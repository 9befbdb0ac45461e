"""The unit's own network-management frames: that they come while the unit needs the bus, and what they say.

Theory. What a frame of network management says beside "I am here" makes others act: a repeat message request brings the
frames of all nodes back, a coordinator bit concerns their sleep. A unit that needs nothing of the kind sends what its
database gives as start values. Where the frames are CanNm PDUs (AUTOSAR Classic Platform R21-11, Specification of CAN
Network Management: byte 1 is the control bit vector), its bit 4 tells whether the sender has woken the bus itself, and
a node that enters the network may send its first ones much faster than their cycle (7.7, immediate transmissions), so
that nobody misses that the bus is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.can.port import Heard
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.cyclic import NETWORK, of_the_worst, own_messages
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import stamp_of

SOURCE = f"role/{NETWORK}"
OTHERS = "network.vehicle_awake"
CONTROL_BYTE, ACTIVE_WAKE_UP = 1, 0x10


def keeps_voting(after: Stamp, until: Ns) -> Observation:
    """Percent of the gaps between own network-management frames that lie within half a cycle of it; silence counts as a
    gap here: for a time in which the unit needs the bus."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        own = [own._replace(may_rest=False) for own in own_messages(recording) if own.may_rest]
        return of_the_worst(recording, own, 0.5, after, until)

    arguments = {"after": list(after), "until": until}
    return Observation(
        "keeps_voting", arguments, "cycle_within_50_percent", SOURCE, after, look, "the unit votes to stay awake",
        roles=(NETWORK,),
    )  # fmt: skip


def asks_nothing(after: Stamp, until: Ns) -> Observation:
    """How many own network-management frames say anything but that the unit is there, or has woken the bus."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        role = recording.vehicle.role(NETWORK)
        plain = bytearray(role.message.start_data())
        others = recording.vehicle.roles.get(OTHERS)
        free = ACTIVE_WAKE_UP if others is not None and others.by_presence else 0
        frames = recording.frames(role.bus, role.message.key, after.early, until)
        wrong = [h for h in frames if _without(h, free) != _without(plain, free)]
        return _counted(role.message.name, frames, wrong, "say what nobody needs", (after.t, until))

    arguments = {"after": list(after), "until": until}
    return Observation(
        "asks_nothing", arguments, "vote_mismatches", SOURCE, after, look, "network management asks for nothing",
        roles=(NETWORK,),
    )  # fmt: skip


def tells_who_woke(itself: bool, after: Stamp, until: Ns) -> Observation:
    """How many own CanNm PDUs do not tell that the unit has woken the bus ``itself`` (or, False, that it has not)."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        role = recording.vehicle.role(NETWORK)
        frames = recording.frames(role.bus, role.message.key, after.early, until)
        wrong = [h for h in frames if bool(_data(h)[CONTROL_BYTE] & ACTIVE_WAKE_UP) is not itself]
        said = f"{'do not tell' if itself else 'tell'} that the unit woke the bus"
        return _counted(role.message.name, frames, wrong, said, (after.t, until))

    arguments = {"itself": itself, "after": list(after), "until": until}
    sentence = f"the unit says that it {'has' if itself else 'has not'} woken the bus"
    return Observation(
        "tells_who_woke", arguments, "vote_mismatches", SOURCE, after, look, sentence, roles=(NETWORK,)
    )  # fmt: skip


def first_votes(count: int, after: Stamp, until: Ns) -> Observation:
    """Seconds from the first own network-management frame after ``after`` to the ``count``-th (2 or more)."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to(SOURCE) < until:
            return Undecided(until)
        role = recording.vehicle.role(NETWORK)
        frames = recording.frames(role.bus, role.message.key, after.early, until)[:count]
        name, window = role.message.name, (after.t, until)
        if len(frames) < count:
            return Measurement("first_votes", "s", None, f"{len(frames)} of {count} {name} were sent", (), window)
        value = elapsed(stamp_of(frames[0]), stamp_of(frames[-1]))
        said = f"the first {count} {name} from {show_time(frames[0].t)} to {show_time(frames[-1].t)}"
        return Measurement("first_votes", "s", value, said, (), window)

    arguments = {"count": count, "after": list(after), "until": until}
    sentence = "the unit's first votes come in quick succession"
    return Observation("first_votes", arguments, "first_votes", SOURCE, after, look, sentence, roles=(NETWORK,))


def _counted(
    name: str, frames: Sequence[Heard], wrong: Sequence[Heard], what: str, window: tuple[Ns, Ns]
) -> Measurement:
    if not frames:
        return Measurement("vote_mismatches", "1", None, f"no {name} was sent", (), window)
    said = f"none of {len(frames)} {name} {what}"
    if wrong:
        first = wrong[0]
        said = f"{len(wrong)} of {len(frames)} {name} {what}: {_data(first).hex(' ').upper()} at {show_time(first.t)}"
    return Measurement("vote_mismatches", "1", Interval.exact(len(wrong)), said, (), window)


def _without(frame: Heard | bytearray, bits: int) -> bytes:
    data = bytearray(frame if isinstance(frame, bytearray) else _data(frame))
    if len(data) > CONTROL_BYTE:
        data[CONTROL_BYTE] &= ~bits
    return bytes(data)


def _data(heard: Heard) -> bytes:
    assert heard.frame is not None
    return heard.frame.data
