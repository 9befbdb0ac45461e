"""Network management by CanNm: who keeps a bus awake, told by PDUs and by their absence.

Theory (AUTOSAR Classic Platform R21-11, Specification of CAN Network Management). Each node that needs the bus sends
its own PDU: byte 0 its node id, byte 1 the control bit vector (bit 4: it has woken the bus itself; what the other bits
ask of other nodes this unit never needs).
Whatever is in it, a PDU is a vote. The node's states follow from timing alone:

- Repeat message, on entering the network: PDUs for ``nm_repeat_message``, the first ``nm_immediate_count`` of them
  ``nm_immediate_cycle`` apart, so that nobody misses that the bus is needed.
- Normal operation, as long as the unit itself needs the bus: a PDU each ``nm_cycle``.
- Ready sleep: no PDU of our own, and everything else is still sent, until ``nm_timeout`` has passed since the last PDU
  of anybody.
- Prepare bus-sleep: nothing is sent any more, for ``nm_wait_bus_sleep``. A PDU or the ignition brings it all back.
- Bus-sleep: a PDU of any other node wakes, and nothing else on the bus does.

The machine "power" knows the first two and the last already; ``fitted`` puts the others between standby and sleep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.can.message import Message
from harness.can.port import Frame, Heard
from harness.foundation.units import Ns
from harness.headunit.blueprint import Action, Blueprint
from harness.headunit.events.event import Event
from harness.headunit.events.power import BusAwake, BusQuiet, IgnitionOn
from harness.headunit.power import RUN, SLEEP, STANDBY

if TYPE_CHECKING:
    from harness.headunit.intake import Watched
    from harness.headunit.unit import HeadUnit
    from harness.vehicle.role import Role
    from harness.vehicle.vehicle import Vehicle

OTHERS, OWN = "network.vehicle_awake", "network.head_unit"
PREPARE = "prepare_bus_sleep"
CONTROL_BYTE = 1
ACTIVE_WAKE_UP = 0x10
VOTING = frozenset({"boot", "dark_boot", "run", "post_run"})


class NetworkTimeout(Event):
    """Nobody has sent a PDU for the time-out."""


class WaitBusSleepEnded(Event):
    """The bus has been quiet for long enough."""


def by_pdu(vehicle: Vehicle) -> bool:
    """Whether this car's nodes vote by PDUs."""
    others = vehicle.roles.get(OTHERS)
    return others is not None and others.by_presence and OWN in vehicle.roles


class CanNm:
    """The unit's own PDUs. To telegrams.py it is one of the messages the unit sends."""

    def __init__(self, unit: HeadUnit, role: Role) -> None:
        self._unit = unit
        self._port = unit.ends.can[role.bus]
        self._message = role.message
        self._sent: Ns = 0
        # entering the network sets these
        self._repeat_until: Ns
        self._due: Ns
        self._immediate: int
        self._active: bool

    def start(self) -> None:
        """Enter the network."""
        unit = self._unit
        self._active = unit.ram.ignition
        self._immediate = int(unit.figures["nm_immediate_count"])
        self._due = unit.clock.now()
        self._repeat_until = self._due + int(unit.figures["nm_repeat_message"])
        self._beat()

    def stop(self) -> None:
        self._unit.stop("nm beat")

    def say(self, said: dict[str, str | float]) -> None:
        """A PDU says nothing of what the unit does."""

    @property
    def quiet_from(self) -> Ns:
        """When the time-out is over, as far as it is ours: counted from our last PDU, sent or still to be sent."""
        return max(self._sent, self._repeat_until) + int(self._unit.figures["nm_timeout"])

    def _beat(self) -> None:
        unit = self._unit
        name = "nm_immediate_cycle" if self._immediate > 0 else "nm_cycle"
        self._immediate -= 1
        self._due += unit.lasting(int(unit.figures[name]))
        unit.quietly("nm beat", self._due, self._beat)
        if unit.states["power"] in VOTING or unit.clock.now() < self._repeat_until:
            self._emit()

    def _emit(self) -> None:
        unit, message = self._unit, self._message
        data = bytearray(message.start_data())
        data[CONTROL_BYTE] = ACTIVE_WAKE_UP if self._active else 0
        self._sent = unit.clock.now()
        frame = unit.tapped("can_out", Frame(message.id, bytes(data), message.extended, message.fd, message.brs))
        if frame is not None:
            unit.telegrams.put(self._port, frame)


def listeners(unit: HeadUnit, watched: Watched) -> Iterator[tuple[str, tuple[int, bool], Callable[[Heard], None]]]:
    """(bus, identity, taker) of every other node's PDU; ``watched`` is told of each as if they were one message."""
    vehicle = unit.vehicle
    own = vehicle.role(OWN)
    for message in vehicle.buses[own.bus].database.messages.values():
        if message.network_management and not _ours(vehicle, message):
            yield own.bus, message.key, watched


def _ours(vehicle: Vehicle, message: Message) -> bool:
    return not vehicle.head_unit_nodes.isdisjoint(message.senders)


def ready_sleep(unit: HeadUnit, event: Event) -> None:
    """Nobody needs the bus any more: wait for the time-out, unless somebody votes again meanwhile."""
    if unit.intake.bus_awake:
        return

    def over(unit: HeadUnit) -> None:
        if not unit.intake.bus_awake:
            unit.post(NetworkTimeout())

    unit.later("nm timeout", unit.telegrams.nm.quiet_from - unit.clock.now(), over)


def prepare_bus_sleep(unit: HeadUnit, event: Event) -> None:
    unit.log.line("power: prepare bus-sleep")
    unit.telegrams.sleep()
    unit.start("nm wait", int(unit.figures["nm_wait_bus_sleep"]), WaitBusSleepEnded())


def enter_network(unit: HeadUnit, event: Event) -> None:
    unit.stop("nm wait")
    unit.telegrams.wake()


ACTIONS: dict[str, Action] = {f.__name__: f for f in (ready_sleep, prepare_bus_sleep, enter_network)}


def fitted(base: Blueprint, vehicle: Vehicle) -> Blueprint:
    """``base`` with ready sleep and prepare bus-sleep, where the car's nodes vote by PDUs."""
    if not by_pdu(vehicle):
        return base
    rows = dict(base.tables["power"])
    _, starting = rows[(STANDBY, IgnitionOn)]
    rows |= {
        (STANDBY, BusQuiet): (STANDBY, ("ready_sleep",)),
        (STANDBY, NetworkTimeout): (PREPARE, ("prepare_bus_sleep",)),
        (PREPARE, WaitBusSleepEnded): (SLEEP, ("rest",)),
        (PREPARE, BusAwake): (STANDBY, ("enter_network",)),
        (PREPARE, IgnitionOn): (RUN, ("enter_network", *starting)),
    }
    return replace(base, tables={**base.tables, "power": rows}, actions={**base.actions, **ACTIONS})
