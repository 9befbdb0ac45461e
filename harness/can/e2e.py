"""The receiver's side of end-to-end protection: what each frame is worth, and what the signal is worth.

Theory (AUTOSAR PRS_E2EProtocol, FO R21-11: check of the counter, figures of 6.3 to 6.12; state machine, 6.13, tables of
E2E_SMCheck). Two steps, neither with I/O or time of its own:

1. ``check_frame`` compares a frame's counter with the last one. A wrong checksum says nothing about the counter. The
   first good frame is INITIAL. Equal is REPEATED; one more is OK; up to ``max_delta`` is OK_SOME_LOST; beyond that
   WRONG_SEQUENCE. The counter of every frame with a right checksum becomes the last one, so that a single jump costs
   one frame. (Profile 1's growing tolerance after missed frames is left out: ``max_delta`` is what the car's data
   says and does not move.)
2. ``StateMachine`` keeps the last ``window_size`` statuses and moves between NODATA, INIT, VALID and INVALID by how
   many of them are good and how many are errors. As in the newer behaviour of the standard (profileBehavior = 1),
   INITIAL, REPEATED, WRONG_SEQUENCE and NO_NEW_DATA fill the window and count as neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from harness.can.protection import Checked


class Status(StrEnum):
    """What one frame (or its absence) is worth."""

    OK = "ok"
    OK_SOME_LOST = "ok, some lost"
    REPEATED = "repeated"
    WRONG_SEQUENCE = "wrong sequence"
    WRONG_CRC = "wrong crc"
    INITIAL = "initial"
    NO_NEW_DATA = "no new data"


USABLE = frozenset({Status.OK, Status.OK_SOME_LOST})
"""Frames whose content a receiver may act on. INITIAL is not among them: the first frame is no edge."""


def check_frame(checked: Checked | None, last: int | None, max_delta: int, modulus: int) -> tuple[Status, int | None]:
    """(status, counter to compare the next frame with). ``checked`` is None where no frame came; ``last`` is None
    before the first good one. A message without counter is OK whenever its checksum is right."""
    if checked is None:
        return Status.NO_NEW_DATA, last
    if not checked.checksum_ok:
        return Status.WRONG_CRC, last
    if checked.counter is None:
        return Status.OK, last
    if last is None:
        return Status.INITIAL, checked.counter
    delta = (checked.counter - last) % modulus
    if delta == 0:
        return Status.REPEATED, last
    if delta == 1:
        return Status.OK, checked.counter
    return (Status.OK_SOME_LOST if delta <= max_delta else Status.WRONG_SEQUENCE), checked.counter


class State(StrEnum):
    """What the signal is worth."""

    NODATA = "no data"
    INIT = "init"
    VALID = "valid"
    INVALID = "invalid"


class Bounds(NamedTuple):
    """So many good ones are needed, and so many errors are allowed, within the window."""

    min_ok: int
    max_error: int


_INIT, _VALID, _INVALID = Bounds(1, 0), Bounds(1, 2), Bounds(3, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """Configuration of the state machine (E2E_SMConfigType)."""

    size: int = 10
    init: Bounds = _INIT
    valid: Bounds = _VALID
    invalid: Bounds = _INVALID


_COUNTED = {Status.OK: 1, Status.OK_SOME_LOST: 1, Status.WRONG_CRC: -1}


@dataclass(frozen=True, slots=True)
class StateMachine:
    """The state machine as a value: ``after(status)`` is the next one. ``recent`` holds the counted statuses, newest
    last: 1 good, -1 error, 0 neither."""

    window: Window
    state: State = State.NODATA
    recent: tuple[int, ...] = ()

    def after(self, status: Status) -> StateMachine:
        """The machine after one more check."""
        if self.state is State.NODATA:
            if status in (Status.WRONG_CRC, Status.NO_NEW_DATA):
                return self
            return StateMachine(self.window, State.INIT)
        recent = (*self.recent, _COUNTED.get(status, 0))[-self.window.size:]
        return StateMachine(self.window, self._next(recent.count(1), recent.count(-1)), recent)

    def _next(self, good: int, errors: int) -> State:
        bounds = {State.INIT: self.window.init, State.VALID: self.window.valid,
                  State.INVALID: self.window.invalid}[self.state]
        within = errors <= bounds.max_error and good >= bounds.min_ok
        if self.state is State.INIT:
            return State.VALID if within else State.INVALID if errors > bounds.max_error else State.INIT
        return State.VALID if within else State.INVALID


class Receiver:
    """Check and state machine of one message, remembering. ``valid`` says whether the signal is worth anything."""

    __slots__ = ("_last", "_max_delta", "_modulus", "machine")

    def __init__(self, max_delta: int, modulus: int, window: Window | None = None) -> None:
        self.machine = StateMachine(window or Window())
        self._last: int | None = None
        self._max_delta = max_delta
        self._modulus = modulus

    @property
    def valid(self) -> bool:
        return self.machine.state is State.VALID

    def receive(self, checked: Checked | None) -> Status:
        """Take one frame's check, or None where a cycle passed without a frame."""
        status = self.check(checked)
        self.note(status)
        return status

    def check(self, checked: Checked | None) -> Status:
        """The first half of ``receive``: what the frame is worth."""
        status, self._last = check_frame(checked, self._last, self._max_delta, self._modulus)
        return status

    def note(self, status: Status) -> None:
        """The second half: what that makes of the signal."""
        self.machine = self.machine.after(status)

    def restart(self) -> None:
        """As after start-up or a time-out: the next good frame is INITIAL again."""
        self._last = None
        self.machine = StateMachine(self.machine.window)
