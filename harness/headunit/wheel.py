"""The wheel button on its way from frames to edges: protection, validity, debouncing.

Theory. A frame counts when its checksum and counter are right; others change nothing, except that too many of them
make the signal invalid. N consecutive frames that count make an edge, whose instant is that of the first of them.
After a start or a time-out nothing is known: the first good frame only sets the counter, and the machine
(gestures.py) wants to see 'released' before it takes a 'pressed' for an edge. While a button that the car puts above
it is down, the messaging button is worth nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.e2e import USABLE, Bounds, Receiver, State, Window
from harness.can.port import Heard
from harness.can.protection import Checked, Protector
from harness.headunit.beside import above, beside
from harness.headunit.debounce import Debounce
from harness.headunit.events.button import ButtonDown, ButtonInvalid, ButtonLost, ButtonUp
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.gesture import HangUp

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

_KNOWN = 512
"""So many different payloads are remembered with what they mean; a car sends a few dozen."""


class Wheel:
    """Takes every frame of the message that carries ``wheel.messaging``."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        vehicle = unit.vehicle
        self._role = role = vehicle.role("wheel.messaging")
        protection = vehicle.protection.get((role.bus, role.message.name))
        self._protector = protector = None if protection is None else Protector(role.message, protection)
        figures = unit.figures
        window = Window(
            valid=Bounds(1, figures["e2e_errors_to_invalid"] - 1), invalid=Bounds(figures["e2e_good_to_valid"], 0)
        )
        self._receiver = None
        if protection is not None and protector is not None:
            self._receiver = Receiver(protection.max_delta, protector.modulus, window)
        self._above = [
            vehicle.roles[name]
            for name in above(unit)
            if name in vehicle.roles and vehicle.roles[name].message is role.message
        ]
        self.beside = beside(unit)
        self._known: dict[bytes, tuple[Checked, str | None, bool]] = {}
        self._button = Debounce(int(figures["debounce_frames"]))
        self._hangup = Debounce(int(figures["debounce_frames"]))
        self.reset()

    def reset(self) -> None:
        """As after a start: nothing is known."""
        for other in self.beside:
            other.reset()
        if self._receiver is not None:
            self._receiver.restart()
        self._valid = False
        self._forget()

    @property
    def releasing(self) -> bool:
        """Whether something other than 'pressed' has been seen, and not often enough yet."""
        return self._button.wavering and self._button.state == "pressed"

    def lost(self) -> None:
        """The message has timed out."""
        self.reset()
        self._unit.post(ButtonLost())
        self._unit.post(FaultSeen("wheel_communication"))

    def back(self) -> None:
        """The first frame after a time-out."""
        self._unit.post(FaultGone("wheel_communication"))

    def take(self, heard: Heard) -> None:
        """One frame of the right length."""
        frame = heard.frame
        assert frame is not None
        known = self._known.get(frame.data)
        if known is None:
            known = self._look(frame.data)
        checked, state, hangup = known
        if self._receiver is not None:
            status = self._receiver.check(self._unit.tapped("check", checked))
            status = self._unit.tapped("e2e", status)  # what is taken for good counts as good for the signal too
            self._receiver.note(status)
            self._watch_validity(self._receiver.machine.state)
            if status not in USABLE:
                self._unit.counted[f"wheel {status}"] += 1
                return
            if not self._valid:
                return
        if not self._role.in_(frame.data):  # another page of a multiplexed message
            return
        if any(other.down for other in self.beside):
            state = None
        if self._button.take(state, heard.t):
            self._edge()
        was_known = self._hangup.state is not None  # held while the message comes back it is no edge
        if self._hangup.take("pressed" if hangup else "released", heard.t) and hangup and was_known:
            self._unit.post(HangUp())

    def _look(self, data: bytes) -> tuple[Checked, str | None, bool]:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        checked = Checked(None, True) if self._protector is None else self._protector.check(data)
        state = self._role.read(data)
        down = [role.name for role in self._above if role.read(data) == "pressed"]
        worth = state if isinstance(state, str) and not down else None
        known = self._known[data] = (checked, worth, "wheel.hangup" in down)
        return known

    def _watch_validity(self, state: State) -> None:
        if state is State.VALID:
            if not self._valid:
                self._valid = True
                self._unit.post(FaultGone("wheel_invalid"))
        elif state is State.INVALID and self._valid:
            self._valid = False
            self._forget()
            self._unit.post(ButtonInvalid())
            self._unit.post(FaultSeen("wheel_invalid"))

    def _forget(self) -> None:
        self._button.reset()
        self._hangup.reset()

    def _edge(self) -> None:
        button = self._button
        if button.state == "pressed":
            self._unit.post(ButtonDown(button.since))
        elif button.state == "released":
            self._unit.post(ButtonUp(button.since))
        else:
            self._unit.post(ButtonInvalid())
