"""One event, and what each of the rig's sources saw of it.

Theory. An event that several sources see binds their time lines together: each gives an interval for it, and the
intervals of what happens at one instant must overlap. Switching KL15 is such an event for the relay, the supply's
current and whatever the unit does at once; what a unit does later (its first frame, its boot picture) bounds its
source from one side only: it cannot come before its cause. Taking KL30 away binds the frames that cease and the
picture that goes dark as well, but a hard cut costs a real unit its flash, so only a simulated one is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from harness.can.port import Heard
from harness.foundation.errors import RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.rig.probing.findings import Marker, Sighting, sighting
from harness.rig.probing.holding import Together

NOMINAL = 12.0
QUIET: Ns = 300 * MS
"""So long a source must have said nothing before an event, or what it says is not taken for an answer."""
LOOK: Ns = 20 * MS
ANSWER: Ns = 12 * S
"""How long a unit gets to answer being switched on."""
SETTLES: Ns = 1 * S
STEP = 0.03
"""A: a current that changes by less is no event."""

Seen = tuple[Ns, Ns] | None
"""(early, late) of what a source saw."""


def switch_on(rig: Together) -> Marker:
    """KL30, a pause, then KL15: who sees it."""
    supply, io = rig.held.supply, rig.held.io
    supply.set_voltage(NOMINAL)
    supply.output(True)
    rig.wait(SETTLES)
    before = rig.clock.now()
    rig.wait(QUIET)
    calm = supply.read()
    line = "KL15" if "KL15" in io.lines() else ""
    spoke = _spoke_since(rig, before)
    sent = rig.clock.now()
    if not line:
        raise RigFault("no line KL15 is wired, so the unit was not switched on. Give 'io' a channel for it")
    cause = io.set(line, True)
    current = _current_moves(rig, calm.amperes, calm.stamp.early, up=True)
    for bus in rig.held.restbus.values():
        bus.start()
    seen = _answers(rig, sent)
    rows = [sighting(f"relay of {line}", cause, (cause.early, cause.late)), sighting("supply current", cause, *current)]
    for source, found in seen.items():
        if source in spoke:
            rows.append(sighting(source, cause, None, f"it was not quiet in the {show_time(QUIET)} before"))
        else:
            rows.append(sighting(source, cause, found, "" if found else f"nothing within {show_time(ANSWER)}"))
    return Marker(f"{line} on", tuple(rows), _verdict(rows))


def _verdict(rows: Sequence[Sighting]) -> str:
    """What the intervals say about the sources' time lines."""
    once = [(row.source, row.low, row.high) for row in rows if row.low is not None and row.high is not None
            and row.relation == "at once"]  # fmt: skip
    later = [row.source for row in rows if row.relation == "later"]
    low = max((entry[1] for entry in once), default=0.0)
    high = min((entry[2] for entry in once), default=0.0)
    names = ", ".join(entry[0] for entry in once)
    said = []
    if len(once) < 2:
        said.append("no two sources saw it at one instant")
    elif low <= high:
        said.append(f"{names} overlap from {low * 1e3:+.1f} to {high * 1e3:+.1f} ms: one time line within these widths")
    else:
        said.append(f"{names} each overlap the cause, but have no instant in common")
    if later:
        said.append(f"{', '.join(later)} come after it, as a reaction may; that bounds their clocks from one side only")
    return "; ".join(said)


def _current_moves(rig: Together, calm: float, since: Ns, *, up: bool) -> tuple[Seen, str]:
    """When the current left ``calm``: between the last reading that had it and the first that had not."""
    last, until = since, rig.clock.now() + 3 * S
    while rig.clock.now() < until:
        reading = rig.held.supply.read()
        moved = reading.amperes - calm > STEP if up else calm - reading.amperes > STEP
        if moved:
            return (last, reading.stamp.late), f"{calm:.3g} A to {reading.amperes:.3g} A"
        last = reading.stamp.early
        rig.wait(LOOK)
    return None, f"it stayed at {calm:.3g} A"


def _answers(rig: Together, since: Ns) -> dict[str, Seen]:
    """Each source's first word that was delivered after ``since``, until all have spoken or ANSWER is over."""
    sources = _sources(rig)
    seen: dict[str, Seen] = dict.fromkeys(sources)
    until = since + ANSWER
    while rig.clock.now() < until and not all(seen.values()):
        rig.wait(LOOK)
        for source, first in sources.items():
            seen[source] = seen[source] or first(since)
    return seen


def _spoke_since(rig: Together, since: Ns) -> set[str]:
    return {source for source, first in _sources(rig).items() if first(since) is not None}


def _sources(rig: Together) -> dict[str, Callable[[Ns], Seen]]:
    """Who may see something of the unit: (since) -> the first of it stamped from then on."""
    found: dict[str, Callable[[Ns], Seen]] = {
        f"first frame on {name}": partial(_first_frame, rig, name) for name in rig.held.can if _cycles(rig, name)
    }
    if "console" in rig.ports:
        found["console text"] = partial(_first_text, rig)
    if "screen" in rig.ports:
        found["picture"] = partial(_first_picture, rig)
    return found


def _first_frame(rig: Together, bus: str, since: Ns) -> Seen:
    for heard in rig.heard[bus]:
        if heard.late >= since and _from_unit(rig, bus, heard):
            return heard.early, heard.late
    return None


def _from_unit(rig: Together, bus: str, heard: Heard) -> bool:
    if heard.kind != "data" or heard.own or heard.frame is None:
        return False
    message = rig.vehicle.buses[bus].database.messages.get(heard.frame.key)
    return message is not None and not rig.vehicle.head_unit_nodes.isdisjoint(message.senders)


def _first_text(rig: Together, since: Ns) -> Seen:
    return next(((b.stamp.early, b.stamp.late) for b in rig.said if b.stamp.late >= since), None)


def _first_picture(rig: Together, since: Ns) -> Seen:
    screen = rig.ports["screen"]
    seen = screen.seen_to()
    if seen <= since:
        return None
    pictures = screen.frames(since, seen)
    return next(((p.stamp.early, p.stamp.late) for p in pictures if p.stamp.t > since), None)


def cut(rig: Together) -> Marker:
    """KL30 off under a simulated unit that is awake: frames cease, current and picture go."""
    rig.wait(QUIET)
    calm = rig.held.supply.read()
    before = rig.clock.now()
    rig.held.supply.output(False)
    cause = Stamp(before, before, rig.clock.now())
    current = _current_moves(rig, calm.amperes, calm.stamp.early, up=False)
    rig.wait(SETTLES)
    rows = [sighting("supply output", cause, (cause.early, cause.late)), sighting("supply current", cause, *current)]
    rows += [sighting(f"frames on {name}", cause, *_ceased(rig, name)) for name in rig.held.can if _cycles(rig, name)]
    if "screen" in rig.ports:
        dark = _first_picture(rig, before)
        rows.append(sighting("picture", cause, dark, "" if dark else "it did not change"))
    return Marker("KL30 off", tuple(rows), _verdict(rows))


def _ceased(rig: Together, bus: str) -> tuple[Seen, str]:
    """The unit fell silent after its last frame and before the next of its quickest message would have come."""
    own = [h for h in rig.heard[bus] if _from_unit(rig, bus, h)]
    sent = {h.frame.key for h in own if h.frame is not None}
    cycles = [cycle for key, cycle in _cycles(rig, bus).items() if key in sent]
    if not cycles:
        return None, "the unit sent nothing cyclic there"
    quickest = min(cycles)
    return (own[-1].early, own[-1].late + 2 * quickest), f"its quickest cycle is {show_time(quickest)}"


def _cycles(rig: Together, bus: str) -> dict[tuple[int, bool], Ns]:
    """Cycle times of what the unit sends on ``bus``, by message."""
    messages = rig.vehicle.buses[bus].database.messages
    nodes = rig.vehicle.head_unit_nodes
    return {key: m.cycle for key, m in messages.items() if m.cycle and not nodes.isdisjoint(m.senders)}
