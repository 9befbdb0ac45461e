"""The unit's own frames: cyclic, with counter and checksum, and at once when what they say has changed.

Theory. What is sent is derived from the states; nobody orders a frame. A change is on the bus after the unit's reaction
time, with the repetitions its DBC asks for; the beat of the cycle never moves because of it. Network management is a
message like the others, sent only as long as the unit votes to stay awake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.message import Message
from harness.can.port import CanPort, Frame
from harness.can.protection import Protector
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns
from harness.headunit import cluster
from harness.headunit.mixer import audio_state
from harness.headunit.network_management import VOTING, CanNm, by_pdu

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit
    from harness.vehicle.role import Role

APP = {"stopped": "listening", "phone": "idle", "held": "idle"}
SESSION = {
    "none": "none",
    "away": "logged_out",
    "offline": "logged_out",
    "fetching": "logged_out",
    "notice": "logged_out",
    "goodbye": "logged_out",
    "opening": "confirming",
    "erasing": "leaving",
}
MOST_UNREAD = 254


def witness(unit: HeadUnit) -> dict[str, str | float]:
    """What the unit says of itself, by role."""
    power, voice, session = unit.states["power"], unit.states["voice"], unit.states["session"]
    unread = sum(not m.played for m in unit.ram.user.messages)
    said: dict[str, str | float] = {
        "head_unit.app": APP.get(voice, voice) if power == "run" else "off",
        "head_unit.session": SESSION.get(session, session),
        "head_unit.unread": float(min(unread, MOST_UNREAD)),
        "head_unit.audio": audio_state(unit),
        "head_unit.ready": "booting" if power in ("boot", "dark_boot") else "ready",
        "head_unit.navigation": "guiding" if unit.ram.user.destination else "none",
        "head_unit.view": unit.screens.shown,
    }
    if "head_unit.cluster" in unit.vehicle.roles:
        said["head_unit.cluster"] = cluster.asked(unit)
    if unit.has_tap("telegram"):
        for role, state in tuple(said.items()):
            changed = unit.tapped("telegram", (role, state))
            if changed is not None:
                said[role] = changed[1]
    return said


class Telegram:
    """One message of ours: its payload, its beat, its counter."""

    def __init__(self, unit: HeadUnit, bus: str, message: Message, roles: list[Role], network: bool) -> None:
        self._unit = unit
        self._port: CanPort = unit.ends.can[bus]
        self._message = message
        self._place = f"{bus}/{message.name}"
        self._roles = roles
        protection = unit.vehicle.protection.get((bus, message.name))
        self._protector = None if protection is None else Protector(message, protection)
        self._counter = 0
        self._payload = message.start_data()
        self._frames: dict[int, Frame] = {}
        self._due: Ns = 0
        self._left = 0
        self._network = network
        self._cycle: Ns = unit.lasting(int(unit.figures["nm_cycle"]) if network else message.cycle or 0)
        self._on_change = "change" in message.send_type.lower()
        self._running = False

    def start(self) -> None:
        self._running = True
        self._due = self._unit.clock.now()
        self._beat()

    def stop(self) -> None:
        self._running = False
        self._left = 0
        self._unit.stop(f"beat {self._place}")
        self._unit.stop(f"burst {self._place}")

    def say(self, said: dict[str, str | float]) -> None:
        """Take over what has changed; on the bus at once where the message is sent on change."""
        values: dict[str, int | float] = {}
        for role in self._roles:
            assert role.signal is not None
            state = said[role.name]
            if isinstance(state, str) and state not in role.values:
                if "notice" not in role.values:
                    continue
                state = "notice"
            values[role.signal.name] = role.raw(state)
        payload = self._message.encode_raw(values, start=self._payload)
        if payload == self._payload:
            return
        self._payload = payload
        self._frames.clear()
        if self._on_change and self._running:
            self._left = self._message.repetitions
            self._burst()

    def _beat(self) -> None:
        self._due += self._cycle
        self._unit.quietly(f"beat {self._place}", self._due, self._beat)
        self._emit()

    def _burst(self) -> None:
        self._emit()
        if self._left > 0:
            self._left -= 1
            fast = self._message.fast_cycle or 10 * MS
            self._unit.quietly(f"burst {self._place}", self._unit.clock.now() + fast, self._burst)

    def _emit(self) -> None:
        unit = self._unit
        if self._network and unit.states["power"] not in VOTING:
            return
        frame = self._frames.get(self._counter)
        if frame is None:
            message = self._message
            data = self._payload if self._protector is None else self._protector.apply(self._payload, self._counter)
            frame = self._frames[self._counter] = Frame(message.id, data, message.extended, message.fd, message.brs)
        if self._protector is not None:
            self._counter = self._protector.next_counter(self._counter)
        frame = unit.tapped("can_out", frame)
        if frame is not None:
            unit.telegrams.put(self._port, frame)


class Telegrams:
    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        vehicle = unit.vehicle
        network = vehicle.roles.get("network.head_unit")
        nm_key = None if network is None else (network.bus, network.message.name)
        self._telegrams: list[Telegram | CanNm] = []
        if by_pdu(vehicle):
            self.nm = CanNm(unit, vehicle.role("network.head_unit"))
        for bus in vehicle.buses.values():
            for message in bus.database.messages.values():
                if vehicle.head_unit_nodes.isdisjoint(message.senders) or not message.cycle:
                    continue
                roles = [
                    role
                    for role in vehicle.roles.values()
                    if role.name.startswith("head_unit.") and role.name != "head_unit.alive"
                    and (role.bus, role.message.name) == (bus.name, message.name)
                ]  # fmt: skip
                ours = (bus.name, message.name) == nm_key
                pdus = ours and by_pdu(vehicle)
                self._telegrams.append(self.nm if pdus else Telegram(unit, bus.name, message, roles, ours))
        self._said: dict[str, str | float] = {}

    def wake(self) -> None:
        """Begin to send."""
        self._said = witness(self._unit)
        for telegram in self._telegrams:
            telegram.say(self._said)
            telegram.start()

    def sleep(self) -> None:
        for telegram in self._telegrams:
            telegram.stop()
        self._unit.stop("say")

    def die(self) -> None:
        self.sleep()

    def refresh(self) -> None:
        """Something may have changed: say so after the reaction time."""
        if not self._unit.alive or self._unit.running("say"):
            return
        if witness(self._unit) != self._said:
            unit = self._unit
            unit.quietly("say", unit.clock.now() + unit.figures["press_latency"], self._say)

    def _say(self) -> None:
        self._said = witness(self._unit)
        for telegram in self._telegrams:
            telegram.say(self._said)

    def put(self, port: CanPort, frame: Frame) -> None:
        try:
            port.send(frame)
        except RigFault:  # bus-off: the frame is lost, the beat is not
            self._unit.counted["unsent"] += 1
