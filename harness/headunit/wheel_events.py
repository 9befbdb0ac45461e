"""The wheel button whose module decides: from event frames to gestures.

Theory. There is nothing to debounce, to time or to release: a frame says "this switch, pressed long, event number 7",
and says it several times. A frame counts when its checksum is right. The number tells a repeat from a second press:
only a number ahead of the last one (at most half way round, as serial numbers are compared) is a new event; the same
one, or one behind it, is a repeat that was late. After a start or a sleep no number is known and the first event
counts, for otherwise the first press would be lost. Too many wrong frames in a row make the message invalid, and good
ones heal it. No cycle means no time-out: that a module is silent says nothing.

A gesture acts with its event. Release does not exist: what the car's table puts "@release" acts at once, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.can.e2e import USABLE, Status
from harness.can.port import Heard
from harness.can.protection import Checked, Protector
from harness.foundation.units import Ns
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.button import ButtonInvalid
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.gesture import HangUp
from harness.headunit.gestures import MEANINGS, RELEASED, STATES, UNKNOWN, context, meant
from harness.vehicle.button_event import DOUBLE, INVALID, LONG, SHORT

if TYPE_CHECKING:
    from harness.headunit.beside import Beside
    from harness.headunit.unit import HeadUnit

GESTURE = {SHORT: "press", LONG: "long", DOUBLE: "double"}
"""What a kind of event is called in the car's table of gestures."""


@dataclass(frozen=True, slots=True)
class WheelPress(Event):
    """The wheel module has seen ``gesture``; ``t`` is the first frame of it that counted."""

    gesture: str
    t: Ns


TABLE: Table = {(state, WheelPress): (RELEASED, ("obey_wheel",)) for state in STATES}


class WheelEvents:
    """Takes every frame of the message that carries ``wheel.messaging``, as Wheel does for one that has a level."""

    releasing = False

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        vehicle = unit.vehicle
        role = vehicle.role("wheel.messaging")
        assert role.event is not None
        self._button = role.event
        hangup = vehicle.roles.get("wheel.hangup")
        ours = hangup is not None and hangup.message is role.message
        self._hangup = hangup.event if hangup is not None and ours else None
        protection = vehicle.protection.get((role.bus, role.message.name))
        self._protector = None if protection is None else Protector(role.message, protection)
        self.beside: list[Beside] = []
        self.reset()

    def reset(self) -> None:
        """As after a start: no number is known, nothing was wrong."""
        self._last: int | None = None
        self._wrong = self._good = 0
        self._valid = True

    def lost(self) -> None:
        """A message without cycle is never missed."""

    def back(self) -> None:
        """Nor does it come back."""

    def take(self, heard: Heard) -> None:
        """One frame of the right length."""
        frame, unit = heard.frame, self._unit
        assert frame is not None
        checked = Checked(None, True) if self._protector is None else self._protector.check(frame.data)
        checked = unit.tapped("check", checked)
        number = self._button.number(frame.data)
        status = unit.tapped("e2e", self._status(checked, number))
        self._watch_validity(checked.checksum_ok)
        if status not in USABLE or not self._valid:
            unit.counted[f"wheel {status}"] += 1
            return
        self._last = number
        kind = self._button.kind(frame.data)
        if kind == INVALID:
            unit.post(ButtonInvalid())
        elif kind is not None:
            unit.post(WheelPress(GESTURE[kind], heard.t))
        elif self._hangup is not None and self._hangup.kind(frame.data) == SHORT:
            unit.post(HangUp())

    def _status(self, checked: Checked, number: int | None) -> Status:
        if not checked.checksum_ok:
            return Status.WRONG_CRC
        if self._last is None or number is None:
            return Status.OK
        ahead = (number - self._last) % self._button.numbers
        return Status.OK if 0 < ahead <= self._button.numbers // 2 else Status.REPEATED

    def _watch_validity(self, right: bool) -> None:
        figures = self._unit.figures
        self._wrong, self._good = (0, self._good + 1) if right else (self._wrong + 1, 0)
        if self._valid and self._wrong >= figures["e2e_errors_to_invalid"]:
            self._valid = False
            self._unit.post(FaultSeen("wheel_invalid"))
        elif not self._valid and self._good >= figures["e2e_good_to_valid"]:
            self._valid = True
            self._unit.post(FaultGone("wheel_invalid"))


def first_state(unit_decides: bool) -> str:
    """Of the button's machine: a level has to be seen released first, an event has nothing to be released."""
    return UNKNOWN if unit_decides else RELEASED


def obey_wheel(unit: HeadUnit, event: Event) -> None:
    """Do what the gesture means in front of what is there now, its "@press" and its "@release" part in turn."""
    assert isinstance(event, WheelPress)
    button = unit.ram.button
    button.pressed_at, button.context = event.t, context(unit)
    parts = meant(unit, button.context, event.gesture)
    for action, _ in sorted(parts, key=lambda part: part[1] == "release"):
        kind = MEANINGS[action]
        if kind is not None:
            unit.post(kind())


ACTIONS: dict[str, Action] = {"obey_wheel": obey_wheel}
