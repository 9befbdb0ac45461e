"""The other nodes' votes to keep the buses awake, where a PDU's being sent is the vote (AUTOSAR CanNm).

Theory. A signal "awake" can be set; a vote that is told by its PDU can only be sent or not. Asleep means that no node
votes any more: the network-management messages of all buses stop, while everything else may still be sent, and what a
unit's going to sleep is counted from is the last of them on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.bench.stimulus import Stimulus
from harness.foundation.errors import NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.judging.votes import OTHERS
from harness.vehicle.role import ASLEEP

if TYPE_CHECKING:
    from harness.bench.world import World
    from harness.can.message import Message
    from harness.vehicle.role import Role


def vote(world: World, role: Role, state: str | float) -> None:
    """ "awake": the node that ``role`` names votes; the mode the car is in starts the others. "asleep": nobody does."""
    if state != ASLEEP:
        world.restbus[role.bus].start([role.message.name])
        return
    for bus, message in _pdus(world):
        world.restbus[bus].stop_message(message.name)


def last_vote(world: World) -> Stamp:
    """The last network-management frame of the other nodes. RigFault when there has been none."""
    now = world.clock.now() + 1
    found = (world.recorder.last_frame(bus, message.key, now) for bus, message in _pdus(world))
    last = max((heard for heard in found if heard is not None), key=lambda heard: heard.t, default=None)
    if last is None:
        raise RigFault("no node of the rest-bus has sent a network-management frame: the rig does not send")
    return Stamp(last.t, last.early, last.late)


def another_node_votes(world: World) -> Stimulus:
    """From now on one node votes, and not the one that the car's data call its vote. NotOffered where there is none, or
    votes are told by a signal."""
    role = world.vehicle.role(OTHERS)
    others = [(bus, m) for bus, m in _pdus(world) if bus == role.bus and m.key != role.message.key]
    if not role.by_presence or not others:
        raise NotOffered(f"{world.vehicle.name} has no second node that votes")
    bus, message = others[0]
    began = world.now()
    world.intends(f"{message.name} is sent")
    world.restbus[bus].start([message.name])
    return world.did(Stimulus(f"{message.name} is sent", began, world.now()))


def _pdus(world: World) -> Iterator[tuple[str, Message]]:
    for name, bus in world.vehicle.buses.items():
        ours = set(world.restbus[name].messages)
        for message in bus.database.messages.values():
            if message.network_management and message.name in ours:
                yield name, message
