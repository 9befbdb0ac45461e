"""Pressing a button whose wheel module decides: the bench is the module, and sends its event.

Theory. What a level-type button is told by its edges, an event says by itself: code, kind, number, the same frame
several times. ``began`` is the first frame of the event, ``ended`` its last repeat; a time for which the button is held
has no frame to begin or end with, so there is none. The number is one more than that of the last event on the wire: it
belongs to the module, not to the button. A repeat sent later has the number it had.
"""

from __future__ import annotations

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.can.port import Heard
from harness.can.sending import FAST_CYCLE
from harness.foundation.config import suggest
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.vehicle.button_event import ButtonEvent
from harness.vehicle.role import Role

SEEN_WITHIN: Ns = 1 * S
"""An event that is not seen on the wire within this time: the rig does not send."""


def press_event(world: World, role: Role, kind: str, what: str, *, frames: int | None = None) -> Stimulus:
    """The event ``kind`` ("short", "long", "double", "invalid") of ``role``, with the next number."""
    last = _last_number(world, role)
    number = 1 if last is None else (last + 1) % _event(role).numbers
    return _send(world, role, kind, number, what, frames)


def repeat_event(world: World, role: Role, kind: str, what: str) -> Stimulus:
    """The event again, with the number of the last one on the wire. HarnessError where there was none."""
    number = _last_number(world, role)
    if number is None:
        raise HarnessError(f"{role.name} was not pressed yet: there is no event to repeat")
    return _send(world, role, kind, number, what, None)


def _send(world: World, role: Role, kind: str, number: int, what: str, frames: int | None) -> Stimulus:
    event = _event(role)
    if kind not in event.kinds:
        raise HarnessError(f"{role.name} knows no {kind} press. {suggest(kind, event.kinds)}")
    count = event.repeat if frames is None else frames
    world.intends(what)
    world.touched[role.name] = None
    since = world.clock.now()
    world.restbus[role.bus].send_event(role.message.name, event.values(kind, number), count - 1)
    seen = _echoes(world, role, number, since, count)
    track = f"can/{role.bus}"
    stamps = [world.saw(Stamp(*heard[:3]), track=track, role=role.name, number=number) for heard in seen]
    arguments = {"kind": kind, "number": number, "frames": count}
    return world.did(Stimulus(what, stamps[0], stamps[-1], arguments))


def _echoes(world: World, role: Role, number: int, since: Ns, count: int) -> list[Heard]:
    """Let time pass until ``count`` own frames of the event have been on the wire. RigFault when they never are."""
    event, step = _event(role), max(MS, (role.message.fast_cycle or FAST_CYCLE) // 4)
    deadline = since + count * (role.message.fast_cycle or FAST_CYCLE) + max(SEEN_WITHIN, 10 * world.ports.lateness)
    while True:
        frames = world.recorder.frames(role.bus, role.message.key, since, deadline)
        seen = [h for h in frames if h.own and h.frame is not None and event.number(h.frame.data) in (number, None)]
        if len(seen) >= count:
            return seen[:count]
        if world.clock.now() >= deadline:
            raise RigFault(
                f"{len(seen)} of {count} frames of {role.message.name} were seen on {role.bus} within "
                f"{show_time(deadline - since)}: the rig does not send"
            )
        world.clock.run_until(min(deadline, world.clock.now() + step))


def _last_number(world: World, role: Role) -> int | None:
    last = world.recorder.last_frame(role.bus, role.message.key, world.clock.now() + 1)
    return _event(role).number(last.frame.data) if last is not None and last.frame is not None else None


def _event(role: Role) -> ButtonEvent:
    if role.event is None:
        raise HarnessError(f"{role.name} is a {role.kind}: it sends no events")
    return role.event
