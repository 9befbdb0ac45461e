"""The wheel button: from debounced edges to gestures, from gestures to what they mean here and now.

Theory. Time runs between the first frames that carry each value, so debouncing and late callbacks cost no accuracy: an
edge event brings its instant along. A press belongs to the context it began in (a press that opens messaging and is
held is the long press of where it began, not of 'listening'). Whether a gesture acts on press or on release, and what
it does, is the car's table. Only a 'released' that was seen makes the next 'pressed' an edge: after start, time-out,
'invalid' or a protection error the state is unknown, and what is unknown is no gesture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.button import (
    ButtonDown,
    ButtonInvalid,
    ButtonLost,
    ButtonUp,
    GapTimer,
    LongPressTimer,
    StuckTimer,
)
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultGone, FaultSeen
from harness.headunit.events.gesture import (
    Answer,
    Discard,
    HangUp,
    Listen,
    Play,
    Replay,
    Send,
    StopCapture,
    StopPlaying,
    Undo,
)
from harness.headunit.power import RUN

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

UNKNOWN, RELEASED, PRESSED, HELD, STUCK, GAP = "unknown", "released", "pressed", "held", "stuck", "gap"
STATES = (UNKNOWN, RELEASED, PRESSED, HELD, STUCK, GAP)

TABLE: Table = {
    (UNKNOWN, ButtonUp): (RELEASED, ("unstick",)),
    (RELEASED, ButtonDown): (PRESSED, ("begin_press",)),
    (PRESSED, LongPressTimer): (HELD, ("long_press",)),
    (PRESSED, StuckTimer): (STUCK, ("forget_press", "stick")),
    (PRESSED, ButtonUp): (GAP, ("end_press", "start_gap")),
    (HELD, ButtonUp): (RELEASED, ("end_long_press", "forget_press")),
    (HELD, StuckTimer): (STUCK, ("forget_press", "stick")),
    (STUCK, ButtonUp): (RELEASED, ("unstick",)),
    (GAP, GapTimer): (RELEASED, ("forget_press",)),
    (GAP, ButtonDown): (PRESSED, ("second_press",)),
    **{(s, ButtonInvalid): (UNKNOWN, ("forget_press",)) for s in STATES if s != UNKNOWN},
    **{(s, ButtonLost): (UNKNOWN, ("forget_press",)) for s in STATES if s != UNKNOWN},
}

MEANINGS: dict[str, type[Event] | None] = {
    "none": None,
    "ignore": None,
    "listen": Listen,
    "undo": Undo,
    "replay": Replay,
    "stop_capture": StopCapture,
    "send": Send,
    "discard": Discard,
    "play": Play,
    "stop": StopPlaying,
    "answer": Answer,
    "hang_up": HangUp,
}
"""What a car's table may say, and the event it becomes."""


def context(unit: HeadUnit) -> str:
    """Where a press that begins now belongs to."""
    if unit.states["power"] != RUN or unit.states["session"] not in ("active", "leaving"):
        return "off"
    roles, known = unit.ram.roles, unit.blueprint.gestures
    if roles.get("camera.reverse") == "on":
        return "reverse"
    if roles.get("warning.safety") == "active":
        return "warning" if "warning" in known else "reverse"
    app = unit.states["voice"]
    here = {"stopped": "listening", "phone": "off", "held": "off"}.get(app, app)
    return here if here in known else "idle"  # what a car has no row for is in nobody's way


def meant(unit: HeadUnit, where: str, gesture: str) -> tuple[tuple[str, str], ...]:
    """(action, moment) of ``gesture`` in context ``where``; empty where the car's table has nothing for it.

    HarnessError for an action the unit does not have: the car's file is checked when it is read, so this is ours.
    """
    found = []
    for part in unit.blueprint.gestures.get(where, {}).get(gesture, "").split(","):
        action, _, moment = part.strip().partition("@")
        if not action:
            continue
        if action not in MEANINGS:
            raise HarnessError(f"unknown action {action!r} in the gestures; known: {', '.join(MEANINGS)}")
        found.append((action, moment or "press"))
    return tuple(found)


def _act(unit: HeadUnit, where: str, gesture: str, moment: str) -> None:
    for action, at in meant(unit, where, gesture):
        kind = MEANINGS[action]
        if at == moment and kind is not None:
            unit.post(kind())


def begin_press(unit: HeadUnit, event: Event) -> None:
    button = unit.ram.button
    button.pressed_at = event.t if isinstance(event, ButtonDown) else unit.clock.now()
    button.context = context(unit)
    _start_timers(unit)
    _act(unit, button.context, "press", "press")


def second_press(unit: HeadUnit, event: Event) -> None:
    """Within the gap after the first release it is a double press, if there is such a gesture where that one began.

    The second press of a double may still stick, but is neither a press nor the first of another double.
    """
    assert isinstance(event, ButtonDown)
    button = unit.ram.button
    within = event.t - button.released_at <= unit.figures["double_press_gap"]
    if not within or not meant(unit, button.context, "double"):
        unit.act("begin_press", event)
        return
    first, button.context, button.pressed_at = button.context, "", event.t
    _start_timers(unit)
    _act(unit, first, "double", "press")


def _start_timers(unit: HeadUnit) -> None:
    passed = unit.clock.now() - unit.ram.button.pressed_at
    _start_timer(unit, "long_press", unit.figures["long_press"] - passed, LongPressTimer())
    _start_timer(unit, "stuck", unit.figures["stuck_time"] - passed, StuckTimer())


def _start_timer(unit: HeadUnit, name: str, after: Ns, event: Event) -> None:
    """A release that has begun and is not debounced yet is waited for: it may have come just before the limit."""

    def ended(unit: HeadUnit) -> None:
        if unit.intake.wheel.releasing:
            _start_timer(unit, name, unit.vehicle.period("wheel.messaging") * 5 // 4, event)
        else:
            unit.post(event)

    unit.later(name, after, ended)


def end_press(unit: HeadUnit, event: Event) -> None:
    unit.stop("long_press")
    unit.stop("stuck")
    button = unit.ram.button
    button.released_at = event.t if isinstance(event, ButtonUp) else unit.clock.now()
    _act(unit, button.context, "press", "release")


def start_gap(unit: HeadUnit, event: Event) -> None:
    assert isinstance(event, ButtonUp)
    settle = unit.figures["debounce_frames"] * unit.vehicle.period("wheel.messaging") * 5 // 4
    unit.start("gap", event.t + unit.figures["double_press_gap"] + settle - unit.clock.now(), GapTimer())


def long_press(unit: HeadUnit, event: Event) -> None:
    _act(unit, unit.ram.button.context, "long", "press")


def end_long_press(unit: HeadUnit, event: Event) -> None:
    unit.stop("stuck")
    _act(unit, unit.ram.button.context, "long", "release")


def forget_press(unit: HeadUnit, event: Event) -> None:
    for timer in ("long_press", "stuck"):
        unit.stop(timer)
    unit.ram.button.context = ""


def stick(unit: HeadUnit, event: Event) -> None:
    unit.post(FaultSeen("button_stuck"))


def unstick(unit: HeadUnit, event: Event) -> None:
    unit.post(FaultGone("button_stuck"))


ACTIONS: dict[str, Action] = {
    "begin_press": begin_press,
    "second_press": second_press,
    "end_press": end_press,
    "start_gap": start_gap,
    "long_press": long_press,
    "end_long_press": end_long_press,
    "forget_press": forget_press,
    "stick": stick,
    "unstick": unstick,
}
