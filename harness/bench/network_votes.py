"""The other nodes' votes to keep the buses awake, where a PDU's being sent is the vote (AUTOSAR CanNm).

Theory. A signal "awake" can be set; a vote that is told by its PDU can only be sent or not. Asleep means that no node
votes any more: the network-management messages of all buses stop, while everything else may still be sent, and what a
unit's going to sleep is counted from is the last of them on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.foundation.errors import RigFault
from harness.foundation.stamps import Stamp
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


def _pdus(world: World) -> Iterator[tuple[str, Message]]:
    for name, bus in world.vehicle.buses.items():
        ours = set(world.restbus[name].messages)
        for message in bus.database.messages.values():
            if message.network_management and message.name in ours:
                yield name, message
