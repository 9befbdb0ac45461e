"""CALL: faults of a friend's call, and of messaging when the telephone rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import MS
from harness.headunit import events as ev
from harness.headunit.blueprint import drop, gesture, wrap
from harness.headunit.defects.defect import Defect
from harness.headunit.defects.filters import instead, later_by

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


def rings_in_silence(unit: HeadUnit) -> None:
    """The call is on the screen; no sound is made."""


DEFECTS = (
    Defect(
        "call-01-rings-silently",
        "A call is only to be seen: one has to look at the screen to notice it.",
        ("CALL-01",),
        wrap("ring", instead(rings_in_silence)),
        "sound",
    ),
    Defect(
        "call-01-slow-to-answer",
        "The caller still hears the ring tone for a second after the button was pressed.",
        ("CALL-01",),
        wrap("answer_call", later_by(900 * MS)),
        "timing",
    ),
    Defect(
        "call-01-other-side-stays",
        "After hanging up in the car the other side is still connected.",
        ("CALL-01",),
        drop("voice", "call", ev.HangUp, "end_call"),
    ),
    Defect(
        "call-01-not-ended-by-button",
        "A call cannot be ended with the button on the wheel.",
        ("CALL-01",),
        gesture("call", "press", "none@press"),
    ),
    Defect(
        "call-01-rings-on",
        "When the caller gives up the car goes on ringing.",
        ("CALL-01",),
        drop("voice", "ringing", ev.CallEnds),
    ),
)
