"""The unit's own cyclic messages: do they keep their cycle, their counter and their checksum.

Theory. A message that is also sent on change has frames beside its beat, and the beat does not move because of them
(AUTOSAR "mixed" transmission; harness/can/restbus.py). So the beat is found first: from one beat the next one is the
frame nearest to a cycle later, within half a cycle. Every gap between beats is a sample; where half a cycle around the
expected instant is empty, the gap reaches to the next frame and is a sample outside everything. A frame that is no beat
must belong to a change: it says something new, or repeats what was new no longer ago than its repetitions take.

Network management is sent only while the unit votes: for it silence is no gap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from harness.can.message import Message
from harness.can.port import Heard
from harness.can.protection import Protector
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

SOURCE = "role/head_unit.alive"
NETWORK = "network.head_unit"


class Own(NamedTuple):
    """One of the unit's cyclic messages."""

    bus: str
    message: Message
    cycle: Ns
    may_rest: bool
    moving: tuple[str, ...]
    """Signals that differ in every frame: counter and checksum."""


class Gap(NamedTuple):
    """From one beat to the next: the best estimate and its bounds, ns; and where it ends."""

    value: Ns
    low: Ns
    high: Ns
    at: Ns


def own_messages(recording: Recording) -> list[Own]:
    vehicle = recording.vehicle
    network = vehicle.roles.get(NETWORK)
    found = []
    for bus in vehicle.buses.values():
        for message in bus.database.messages.values():
            if message.cycle and not vehicle.head_unit_nodes.isdisjoint(message.senders):
                rests = network is not None and (network.bus, network.message.name) == (bus.name, message.name)
                protection = vehicle.protection.get((bus.name, message.name))
                moving = () if protection is None else (protection.counter, protection.checksum)
                found.append(Own(bus.name, message, message.cycle, rests, moving))
    return found


def within_cycle(share: float, after: Stamp, until: Ns) -> Observation:
    """Percent of the gaps that lie within +/- ``share`` of the message's cycle; of the worst of the messages."""
    quantity = f"cycle_within_{round(100 * share)}_percent"

    def measure(recording: Recording) -> Measurement:
        return of_the_worst(recording, own_messages(recording), share, after, until)

    return _observation("within_cycle", {"share": share}, quantity, after, until, measure,
                        f"own messages within {round(100 * share)} % of their cycle")  # fmt: skip


def of_the_worst(recording: Recording, of: Sequence[Own], share: float, after: Stamp, until: Ns) -> Measurement:
    """The share of the gaps within +/- ``share`` of the cycle, of that message of ``of`` that has the lowest."""
    quantity, window = f"cycle_within_{round(100 * share)}_percent", (after.t, until)
    worst: Measurement | None = None
    for own in of:
        found = _share(own, list(gaps(recording, own, after.late, until)), share, quantity, window)
        if worst is None or _low(found) < _low(worst):
            worst = found
    return worst or Measurement(quantity, "%", None, "the unit has no cyclic message", (), window)


def counter_errors(after: Stamp, until: Ns) -> Observation:
    """How many frames of protected messages did not carry the counter after that of the frame before."""

    def measure(recording: Recording) -> Measurement:
        count, said = 0, "no protected message"
        for own, protector, frames in _protected(recording, after.late, until):
            if protector.modulus < 2:
                continue
            wrong = [
                later for earlier, later in pairwise(frames)
                if protector.counter_of(_data(later)) != protector.next_counter(protector.counter_of(_data(earlier)))
            ]  # fmt: skip
            count += len(wrong)
            said = _told(own, frames, wrong, "counter", said)
        return Measurement("counter_errors", "1", Interval.exact(count), said, (), (after.t, until))

    return _observation("counter_errors", {}, "counter_errors", after, until, measure, "counters of own messages")


def checksum_errors(after: Stamp, until: Ns) -> Observation:
    """How many frames of protected messages had a wrong checksum."""

    def measure(recording: Recording) -> Measurement:
        count, said = 0, "no protected message"
        for own, protector, frames in _protected(recording, after.late, until):
            wrong = [h for h in frames if not protector.check(_data(h)).checksum_ok]
            count += len(wrong)
            said = _told(own, frames, wrong, "checksum", said)
        return Measurement("checksum_errors", "1", Interval.exact(count), said, (), (after.t, until))

    return _observation("checksum_errors", {}, "checksum_errors", after, until, measure, "checksums of own messages")


def gaps(recording: Recording, own: Own, start: Ns, stop: Ns) -> Iterator[Gap]:
    """Between the beats from ``start`` to ``stop``, and frames that are neither beat nor change, as gaps of nothing."""
    frames = recording.frames(own.bus, own.message.key, start, stop)
    if not frames:
        if not own.may_rest:
            yield Gap(stop - start, stop - start, stop - start, stop)
        return
    times = [h.t for h in frames]
    if times[0] - start > own.cycle * 3 // 2 and not own.may_rest:
        yield Gap(times[0] - start, times[0] - start, times[0] - start, times[0])
    earlier = recording.frames(own.bus, own.message.key, start - _burst(own) - 2 * own.cycle, start - 1)
    changed = _changes(own, [*earlier, *frames])[len(earlier) :]
    beats = [_first_beat(own, times)]
    while True:
        due = times[beats[-1]] + own.cycle
        near = _nearest(times, due, own.cycle // 2, beats[-1] + 1)
        if near is None:
            near = bisect_left(times, due, lo=beats[-1] + 1)
            if near >= len(times):
                break
            if own.may_rest and times[near] - times[beats[-1]] > 4 * own.cycle:
                beats.append(near)  # it had stopped voting
                continue
        one, two = frames[beats[-1]], frames[near]
        yield Gap(two.t - one.t, two.early - one.late, two.late - one.early, two.t)
        yield from (Gap(0, 0, 0, times[n]) for n in range(beats[-1] + 1, near) if not changed[n])
        beats.append(near)
    rest = stop - times[beats[-1]]
    if rest > own.cycle * 3 // 2 and not own.may_rest:
        yield Gap(rest, rest, rest, stop)


def _first_beat(own: Own, times: Sequence[Ns]) -> int:
    """The frame of the first cycle from which the most beats follow without a gap."""
    among = [n for n, t in enumerate(times) if t < times[0] + own.cycle]
    return max(among, key=lambda n: (_followers(own, times, n), -n))


def _followers(own: Own, times: Sequence[Ns], first: int, most: int = 6) -> int:
    count, at = 0, first
    while count < most:
        near = _nearest(times, times[at] + own.cycle, own.cycle // 10, at + 1)
        if near is None:
            break
        count, at = count + 1, near
    return count


def _nearest(times: Sequence[Ns], due: Ns, within: Ns, lowest: int) -> int | None:
    right = bisect_left(times, due, lo=lowest)
    near = [n for n in (right - 1, right) if lowest <= n < len(times) and abs(times[n] - due) <= within]
    return min(near, key=lambda n: abs(times[n] - due)) if near else None


def _changes(own: Own, frames: Sequence[Heard]) -> list[bool]:
    """Which frames may be there because something has changed; ``frames`` begin before the window, so that a change at
    its start is known for one."""
    if "change" not in own.message.send_type.lower():
        return [False] * len(frames)
    lasts = _burst(own)
    still = content_of(own)
    out, since, before = [], None, b""
    for heard in frames:
        content = still(_data(heard))
        if content != before:
            since = heard.t if before else None
        out.append(since is not None and heard.t - since <= lasts)
        before = content
    return out


def _burst(own: Own) -> Ns:
    """How long a change and its repetitions take, generously."""
    return (own.message.repetitions + 1) * (own.message.fast_cycle or 10 * MS) * 3 // 2


def content_of(own: Own) -> Callable[[bytes], bytes]:
    """The payload without what differs in every frame."""
    moving = [own.message.signals[name] for name in own.moving if name]

    def still(data: bytes) -> bytes:
        out = bytearray(data)
        for signal in moving:
            signal.write_raw(out, 0)
        return bytes(out)

    return still


def _share(own: Own, found: list[Gap], share: float, quantity: str, window: tuple[Ns, Ns]) -> Measurement:
    if not found:
        return Measurement(quantity, "%", Interval.exact(100.0), f"{own.message.name} rests", (), window)
    low, high = own.cycle * (1 - share), own.cycle * (1 + share)
    sure = sum(g.low >= low and g.high <= high for g in found)
    inside = sum(low <= g.value <= high for g in found)
    maybe = sum(g.high >= low and g.low <= high for g in found)
    value = Interval(*(100.0 * n / len(found) for n in (inside, sure, maybe)))
    worst = max(found, key=lambda g: abs(g.value - own.cycle))
    said = (
        f"{own.bus}/{own.message.name}: {inside} of {len(found)} gaps within {round(100 * share)} % of "
        f"{show_time(own.cycle)}; worst {show_time(worst.value)} at {show_time(worst.at)}"
    )
    return Measurement(quantity, "%", value, said, ({"track": f"can/{own.bus}", "t": worst.at},), window)


def _protected(recording: Recording, start: Ns, stop: Ns) -> Iterator[tuple[Own, Protector, Sequence[Heard]]]:
    for own in own_messages(recording):
        protection = recording.vehicle.protection.get((own.bus, own.message.name))
        if protection is not None:
            frames = recording.frames(own.bus, own.message.key, start, stop)
            yield own, Protector(own.message, protection), frames


def _told(own: Own, frames: Sequence[Heard], wrong: Sequence[Heard], what: str, said: str) -> str:
    if not wrong:
        return said if " wrong " in said else f"{own.message.name}: {len(frames)} frames, every {what} right"
    return f"{own.message.name}: {len(wrong)} of {len(frames)} with a wrong {what}, first at {show_time(wrong[0].t)}"


def _data(heard: Heard) -> bytes:
    assert heard.frame is not None
    return heard.frame.data


def _low(measurement: Measurement) -> float:
    return -1.0 if measurement.value is None else measurement.value.value


def _observation(
    name: str, more: dict[str, object], quantity: str, after: Stamp, until: Ns,
    measure: Callable[[Recording], Measurement], sentence: str,
) -> Observation:  # fmt: skip
    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if any(recording.seen_to(f"can/{bus}") < until for bus in recording.vehicle.buses):
            return Undecided(until)
        return measure(recording)

    arguments = {"after": list(after), "until": until, **more}
    return Observation(name, arguments, quantity, SOURCE, after, look, sentence)
