"""The wheel button, debounced, and the timers of a press."""

from __future__ import annotations

from dataclasses import dataclass

from harness.foundation.units import Ns
from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class ButtonDown(Event):
    """Debounced 'pressed'; ``t`` is the first frame that carried it."""

    t: Ns


@dataclass(frozen=True, slots=True)
class ButtonUp(Event):
    """Debounced 'released'; ``t`` is the first frame that carried it."""

    t: Ns


class ButtonInvalid(Event):
    """The signal says 'invalid' or 'not available', or the protection has given it up."""


class ButtonLost(Event):
    """The button's message has timed out."""


class LongPressTimer(Event):
    """The button has been down for the long-press time."""


class StuckTimer(Event):
    """The button has been down for longer than a person presses."""


class GapTimer(Event):
    """The double-press gap is over."""
