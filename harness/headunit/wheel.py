"""The wheel button on its way from frames to edges: protection, validity, debouncing.

Theory. A frame counts when its checksum and counter are right; others change nothing, except that too many of them make
the signal invalid. N consecutive frames that count make an edge, whose instant is that of the first of them. After a
start or a time-out nothing is known: the first good frame only sets the counter, and the machine (gestures.py) wants to
see 'released' before it takes a 'pressed' for an edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.e2e import USABLE, Bounds, Receiver, State, Status, Window
from harness.can.port import Heard
from harness.can.protection import Checked, Protector
from harness.foundation.units import Ns
from harness.headunit import events as ev

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

_KNOWN = 512
"""So many different payloads are remembered with what they mean; a car sends a few dozen."""


class Wheel:
    """Takes every frame of the message that carries ``wheel.messaging``."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._role = role = unit.vehicle.role("wheel.messaging")
        protection = unit.vehicle.protection.get((role.bus, role.message.name))
        self._protector = None if protection is None else Protector(role.message, protection)
        figures = unit.figures
        window = Window(
            valid=Bounds(1, figures["e2e_errors_to_invalid"] - 1), invalid=Bounds(figures["e2e_good_to_valid"], 0)
        )
        modulus = 1 if self._protector is None else self._protector.modulus
        delta = 1 if protection is None else protection.max_delta
        self._receiver = Receiver(delta, modulus, window)
        self._known: dict[bytes, tuple[Checked, str | None]] = {}
        self._tapped = unit.has_tap("e2e")
        self._needed = int(figures["debounce_frames"])
        self._valid = False
        self._state: str | None = None
        self._candidate: str | None = None
        self._count = 0
        self._first: Ns = 0

    def reset(self) -> None:
        """As after a start: nothing is known."""
        self._receiver.restart()
        self._valid = False
        self._forget()

    @property
    def releasing(self) -> bool:
        """Whether something other than 'pressed' has been seen, and not often enough yet."""
        return self._count > 0 and self._state == "pressed"

    def lost(self) -> None:
        """The message has timed out."""
        self.reset()
        self._unit.post(ev.ButtonLost())
        self._unit.post(ev.FaultSeen("wheel_communication"))

    def back(self) -> None:
        """The first frame after a time-out."""
        self._unit.post(ev.FaultGone("wheel_communication"))

    def take(self, heard: Heard) -> None:
        """One frame of the right length."""
        frame = heard.frame
        assert frame is not None
        known = self._known.get(frame.data)
        if known is None:
            known = self._look(frame.data)
        checked, state = known
        if self._protector is not None:
            if self._unit.has_tap("check"):
                checked = self._unit.tapped("check", checked) or checked
            status, forced = self._receiver.receive(checked), False
            if self._tapped:
                status, before = Status(self._unit.tapped("e2e", status) or status), status
                forced = status is not before
            self._watch_validity()
            if status not in USABLE:
                self._unit.counted[f"wheel {status}"] += 1
                return
            if not (self._valid or forced):
                return
        self._debounce(state, heard.t)

    def _look(self, data: bytes) -> tuple[Checked, str | None]:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        checked = Checked(None, True) if self._protector is None else self._protector.check(data)
        state = self._role.read(data)
        known = self._known[data] = (checked, state if isinstance(state, str) else None)
        return known

    def _watch_validity(self) -> None:
        state = self._receiver.machine.state
        if state is State.VALID:
            if not self._valid:
                self._valid = True
                self._unit.post(ev.FaultGone("wheel_invalid"))
        elif state is State.INVALID and self._valid:
            self._valid = False
            self._forget()
            self._unit.post(ev.ButtonInvalid())
            self._unit.post(ev.FaultSeen("wheel_invalid"))

    def _forget(self) -> None:
        self._state = self._candidate = None
        self._count = 0

    def _debounce(self, state: str | None, t: Ns) -> None:
        if state == self._state:
            self._count = 0
            return
        if state != self._candidate or not self._count:
            self._candidate, self._count, self._first = state, 0, t
        self._count += 1
        if self._count < self._needed:
            return
        self._state, self._count = state, 0
        if state == "pressed":
            self._unit.post(ev.ButtonDown(self._first))
        elif state == "released":
            self._unit.post(ev.ButtonUp(self._first))
        else:
            self._unit.post(ev.ButtonInvalid())
