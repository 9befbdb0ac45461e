"""Wheel buttons that the car puts above the messaging button and sends in another message.

Theory. A hand that slips over two buttons must not do two things, also where the two come from different modules. Only
whether such a button is down matters here, debounced and protected like the messaging button's own message; while
nothing is known of it, it is up: a module that is silent must not take the messaging button away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.e2e import USABLE, Receiver
from harness.can.message import Message
from harness.can.port import Heard
from harness.can.protection import Protector
from harness.headunit.debounce import Debounce
from harness.headunit.events.gesture import HangUp

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit
    from harness.vehicle.role import Role


class Beside:
    """Takes every frame of one message that carries ``roles``; ``down`` while one of them is pressed."""

    def __init__(self, unit: HeadUnit, bus: str, message: Message, roles: list[Role]) -> None:
        self._unit = unit
        self.bus, self.message = bus, message
        protection = unit.vehicle.protection.get((bus, message.name))
        self._protector = None if protection is None else Protector(message, protection)
        self._receiver = Receiver(
            1 if protection is None else protection.max_delta, 1 if self._protector is None else self._protector.modulus
        )
        self._buttons = [(role, Debounce(int(unit.figures["debounce_frames"]))) for role in roles]

    @property
    def down(self) -> bool:
        return any(button.state == "pressed" for _, button in self._buttons)

    def take(self, heard: Heard) -> None:
        """One frame of the right length."""
        frame = heard.frame
        assert frame is not None
        if self._protector is not None and self._receiver.receive(self._protector.check(frame.data)) not in USABLE:
            return
        for role, button in self._buttons:
            if not role.in_(frame.data):
                continue
            state = role.read(frame.data)
            known = button.state is not None
            edge = button.take(state if isinstance(state, str) else None, heard.t)
            if edge and known and button.state == "pressed" and role.name == "wheel.hangup":
                self._unit.post(HangUp())

    def reset(self) -> None:
        """As after a start: nothing is known."""
        self._receiver.restart()
        for _, button in self._buttons:
            button.reset()

    def lost(self) -> None:
        self.reset()

    def back(self) -> None:
        """The first frame after a time-out says nothing yet."""


def above(unit: HeadUnit) -> tuple[str, ...]:
    """The buttons that outrank the messaging button, as the unit orders them: by the car's table where it is right."""
    order, own = unit.vehicle.priority, unit.vehicle.role("wheel.messaging").name
    order = {"table": order, "reversed": order[::-1]}.get(str(unit.figures["button_order"]), ())
    return order[: (*order, own).index(own)] if own in order else ()


def beside(unit: HeadUnit) -> list[Beside]:
    """The messages, other than the messaging button's own, that carry buttons above it in the car's priority table."""
    vehicle = unit.vehicle
    own = vehicle.role("wheel.messaging")
    found: dict[tuple[str, str], list[Role]] = {}
    for name in above(unit):
        role = vehicle.roles.get(name)
        if role is not None and role.kind == "button.level" and role.message is not own.message:
            found.setdefault((role.bus, role.message.name), []).append(role)
    return [Beside(unit, bus, roles[0].message, roles) for (bus, _), roles in found.items()]
