"""What the unit takes from its buses: roles that change, messages that stop, the bus that wakes or falls asleep.

Theory. A frame nobody asked for costs one look-up. One that carries a role costs comparing its bytes with the last
ones; only other bytes are read. A message that stays away for the car's number of cycles makes its roles unknown
(None). Asleep, only network management is looked at; without KL30, nothing. What cannot be used is counted, never
raised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.can.message import Message
from harness.can.port import CanPort, Heard
from harness.foundation.units import MS, Ns
from harness.headunit.beside import Beside
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.call import HandsFree, HandsFreeOver
from harness.headunit.events.car import RoleChanged
from harness.headunit.events.event import Elapsed, Event
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.power import BusAwake, BusOff, BusQuiet
from harness.headunit.events.voice import SafetyChime, SafetyChimeOver
from harness.headunit.network_management import by_pdu, listeners
from harness.headunit.wheel import Wheel
from harness.headunit.wheel_events import WheelEvents
from harness.vehicle.driving import KMH_PER_MS

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit
    from harness.vehicle.role import Role

ON = "on"
NETWORK = "network.vehicle_awake"
ALSO = (
    "speed", "gear", "brake", "camera.reverse", "warning.safety", "phone.call_hfp", "amplifier.safety_chime", "lock",
    "engine", "ignition", "door.driver", "seat.passenger",
)  # fmt: skip

ALARMS = ("amplifier.safety_chime", "warning.safety")
"""What tells that a safety chime sounds: the amplifier, or where it does not say so, what makes it sound."""

TABLE: Table = {
    (ON, RoleChanged): (ON, ("note_role",)),
    (ON, BusOff): (ON, ("recover_bus",)),
}
Key = tuple[int, bool]
Takes = Callable[[Heard], None]

LOOK_AGAIN: Ns = 5 * MS


class Watched:
    """One message: the last bytes, when they came, and the roles in them."""

    __slots__ = ("_port", "_unit", "known", "last", "message", "name", "roles", "seen", "timeout", "wheel")

    def __init__(
        self,
        unit: HeadUnit,
        port: CanPort,
        message: Message,
        roles: list[Role],
        wheel: Wheel | WheelEvents | Beside | None,
    ) -> None:
        self._unit = unit
        self._port = port
        self.roles = roles
        self.name = f"timeout {roles[0].bus}/{message.name}" if roles else f"timeout {message.name}"
        self.message = message
        self.wheel = wheel
        self.known: bool
        self.last: bytes | None
        self.forget()
        self.seen: Ns = 0
        cycles = int(unit.figures["message_timeout_cycles"])
        network = any(role.name == NETWORK for role in roles)
        self.timeout: Ns = int(unit.figures["nm_timeout"]) if network else (message.cycle or 0) * cycles

    def __call__(self, heard: Heard) -> None:
        frame = heard[4]
        data = frame.data  # type: ignore[union-attr]
        if len(data) != self.message.length:
            self._unit.counted["wrong length"] += 1
            return
        self.seen = heard[0]
        if not self.known:
            self._first()
        if self.wheel is not None:
            self.wheel.take(heard)  # also the same bytes again: a counter that stands still is news
        if data == self.last:
            return
        self.last = data
        for role in self.roles:
            if role.signal is None or role.signal.mux is None or role.in_(data):  # another page says nothing of it
                self._unit.intake.read(role.name, role.read(data))

    def _first(self) -> None:
        self.known = True
        if self.wheel is not None:
            self.wheel.back()
        if self.timeout:
            self._look_in(self.timeout)

    def _look_in(self, left: Ns) -> None:
        """Most often the message is there, and nothing in the unit changes."""
        self._unit.quietly(self.name, self._unit.clock.now() + self._unit.lasting(left), self._check)

    def _check(self) -> None:
        if not self._unit.alive:
            return
        deadline = self.seen + self.timeout
        left = deadline - self._unit.clock.now()
        if left <= 0 and self._port.seen_to() + 1 < deadline:
            left = LOOK_AGAIN  # on a wall clock: what came until then has not been taken from the bus yet
        if left > 0:
            self._look_in(left)
            return
        self._unit.post(Elapsed(lambda unit: self._gone()))

    def _gone(self) -> None:
        self.forget()
        if self.wheel is not None:
            self.wheel.lost()
        for role in self.roles:
            self._unit.intake.read(role.name, None)

    def forget(self) -> None:
        self.known = False
        self.last = None


class Intake:
    """``bus_awake``: somebody else votes to keep the bus awake."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self.bus_awake: bool
        vehicle = unit.vehicle
        self.wheel = WheelEvents(unit) if vehicle.role("wheel.messaging").event else Wheel(unit)
        self._driving = {"speed"} | {r for rule in vehicle.driving.parked for r in rule.states}
        self._presence = vehicle.presence.roles()
        self.alarms = [r for r in ALARMS if r in vehicle.roles][:1]
        self._standstill = vehicle.driving.thresholds[0] * KMH_PER_MS
        wanted = {*ALSO, *self._driving, *self._presence, NETWORK} & vehicle.roles.keys()
        self._watched: dict[str, dict[Key, Watched]] = {bus: {} for bus in vehicle.buses}
        button = vehicle.role("wheel.messaging")
        grouped: dict[tuple[str, Key], list[Role]] = {(button.bus, button.message.key): []}
        for name in sorted(wanted):
            role = vehicle.role(name)
            grouped.setdefault((role.bus, role.message.key), []).append(role)
        for (bus, key), roles in grouped.items():
            is_wheel = (bus, key) == (button.bus, button.message.key)
            message = button.message if is_wheel else roles[0].message
            wheel = self.wheel if is_wheel else None
            self._watched[bus][key] = Watched(unit, unit.ends.can[bus], message, roles, wheel)
        for other in self.wheel.beside:
            watched = self._watched[other.bus].get(other.message.key)
            self._watched[other.bus][other.message.key] = Watched(
                unit, unit.ends.can[other.bus], other.message, [] if watched is None else watched.roles, other
            )
        self._asleep: dict[str, dict[Key, Takes]] = {bus: {} for bus in vehicle.buses}
        if NETWORK in vehicle.roles:
            network = vehicle.role(NETWORK)
            self._asleep[network.bus][network.message.key] = self._watched[network.bus][network.message.key]
        self._takes: dict[str, dict[Key, Takes]] = {bus: {} for bus in vehicle.buses}
        self._more: dict[str, dict[Key, Takes]] = {bus: {} for bus in vehicle.buses}
        if by_pdu(vehicle):
            network = vehicle.role(NETWORK)
            for bus, key, take in listeners(unit, self._watched[network.bus][network.message.key]):
                self._asleep[bus][key] = self._more[bus][key] = take
        self._tapped = unit.has_tap("can_in")
        self._off: set[str] = set()
        for bus, port in unit.ends.can.items():
            port.listen(self._listener(bus, port))

    def also(self, bus: str, key: Key, take: Takes) -> None:
        """Let somebody else take a message while the unit is awake (diagnostics)."""
        self._more[bus][key] = take

    def start(self) -> None:
        """KL30 has come: listen for what wakes."""
        self.sleep()
        self.bus_awake = False

    def sleep(self) -> None:
        self.wheel.reset()
        for bus, watched in self._watched.items():
            self._takes[bus] = self._asleep[bus]
            for one in watched.values():
                one.forget()
                self._unit.stop(one.name)

    def wake(self) -> None:
        for bus, watched in self._watched.items():
            self._takes[bus] = {**watched, **self._more[bus]}

    def die(self) -> None:
        for bus, watched in self._watched.items():
            self._takes[bus] = {}
            for one in watched.values():
                one.forget()
        self.wheel.reset()
        self._off.clear()

    def read(self, role: str, state: str | float | None) -> None:
        """A role was read; only another state than before is news."""
        roles = self._unit.ram.roles
        before = roles.get(role, self)
        if before != state:
            if role == "speed" and self._both_moving(before, state):
                roles[role] = state  # faster or slower: nothing in the unit turns on it
                return
            event = self._unit.tapped("role", RoleChanged(role, state))
            if event is not None and event.state != before:
                self._unit.post(event)

    def _both_moving(self, before: object, now: object) -> bool:
        return isinstance(before, float) and isinstance(now, float) and min(before, now) > self._standstill

    def noted(self, role: str, state: str | float | None) -> None:
        """What follows from a role's new state."""
        unit = self._unit
        unit.ram.roles[role] = state
        if role == NETWORK:
            awake = state == "awake"
            if awake != self.bus_awake:
                self.bus_awake = awake
                unit.post(BusAwake() if awake else BusQuiet())
        if role in self._driving:
            unit.act("look_at_driving", RoleChanged(role, state))
        if role in self._presence:
            unit.act("look_at_presence", RoleChanged(role, state))
        if role == "speed":
            unit.post(FaultSeen("speed_lost") if state is None else FaultGone("speed_lost"))
        elif role == "phone.call_hfp":
            unit.post(HandsFree() if state in ("ringing", "active") else HandsFreeOver())
        elif role in self.alarms:
            unit.post(SafetyChime() if state == "active" else SafetyChimeOver())

    def _listener(self, bus: str, port: CanPort) -> Takes:
        takes_of = self._takes

        def heard(seen: Heard) -> None:
            if self._tapped and seen[3] == "data" and not seen[5]:
                kept: Heard | None = self._unit.tapped("can_in", seen) if self._unit.alive else None
                if kept is None:
                    return
                seen = kept
            frame = seen[4]
            if seen[3] != "data" or frame is None:
                self._odd(seen, bus, port)
                return
            take = takes_of[bus].get((frame[0], frame[2]))
            if take is not None and not seen[5]:
                take(seen)

        return heard

    def _odd(self, seen: Heard, bus: str, port: CanPort) -> None:
        """A controller that recovers is on again at once; the bus is well when it stays so for as long."""
        unit = self._unit
        if not unit.alive:
            return
        unit.counted[f"can {seen.kind}"] += 1
        after = unit.figures["bus_off_recovery"]
        if seen.detail == "off":
            self._off.add(bus)
            unit.stop(f"steady {bus}")
            unit.post(FaultSeen("bus_off"))
            unit.post(BusOff())
            recover = getattr(port, "recover", None)
            if recover is not None:
                unit.later(f"recover {bus}", after, lambda u: recover())
        elif seen.detail == "active":
            unit.later(f"steady {bus}", after, lambda u: u.intake.steady(bus))

    def steady(self, bus: str) -> None:
        """This bus has been well for a while; the fault has gone when all are."""
        self._off.discard(bus)
        if not self._off:
            self._unit.post(FaultGone("bus_off"))


def note_role(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, RoleChanged)
    unit.intake.noted(event.role, event.state)


def recover_bus(unit: HeadUnit, event: Event) -> None:
    """A controller that was off has lost its place in every counter."""
    unit.intake.wheel.reset()


ACTIONS: dict[str, Action] = {"note_role": note_role, "recover_bus": recover_bus}
