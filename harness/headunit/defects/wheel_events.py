"""BTN-06, MSG-05, BTN-09: faults of what only some cars have: event-type buttons, a cluster that is asked, CanNm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.can.e2e import Status
from harness.can.protection import Checked
from harness.foundation.units import S
from harness.headunit.blueprint import gesture, once_after, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.events.event import Event
from harness.headunit.events.voice import PromptTimer
from harness.headunit.wheel_events import WheelPress

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action, Filter
    from harness.headunit.unit import HeadUnit

FORGETS: int = 3 * S


def repeat_counts(status: Status, unit: HeadUnit) -> Status:
    """Tap "e2e": a number that was there before is as good as a new one."""
    return Status.OK if status == Status.REPEATED else status


def forgets_number(status: Status, unit: HeadUnit) -> Status:
    """Tap "e2e": a few seconds after an event its number is forgotten, and a late repeat is a new event."""
    now, last = unit.clock.now(), unit.ram.more.get("event at")
    if status == Status.OK:
        unit.ram.more["event at"] = now
    late = last is not None and now - last > FORGETS
    return Status.OK if status == Status.REPEATED and late else status


def last_frame_unchecked(checked: Checked, unit: HeadUnit) -> Checked:
    """Tap "check": after two wrong frames the third is taken on trust."""
    wrong = 0 if checked.checksum_ok else unit.ram.more.get("wrong frames", 0) + 1
    unit.ram.more["wrong frames"] = wrong % 3
    return checked._replace(checksum_ok=True) if wrong >= 3 else checked


def cluster_says(was: str, becomes: str) -> Filter:
    """Tap "telegram": the cluster is asked for something else."""

    def changed(said: tuple[str, str | float], unit: HeadUnit) -> tuple[str, str | float]:
        return (said[0], becomes) if said == ("head_unit.cluster", was) else said

    return changed


def pairs_up(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``obey_wheel``: two short presses within a second are taken for a double one."""
    assert isinstance(event, WheelPress)
    last, unit.ram.more["short at"] = unit.ram.more.get("short at"), event.t
    twice = event.gesture == "press" and last is not None and event.t - last < S
    inner(unit, replace(event, gesture="double") if twice else event)


DEFECTS = (
    Defect(
        "btn-02-long-event-sends",
        "A long press does not drop what was said, it sends it.",
        ("BTN-02",),
        gesture("listening", "long", "stop_capture@press, send@press"),
        Kind.WRONG_VALUE,
        hooks=("gestures.listening",),
        needs=("button.event",),
    ),
    Defect(
        "btn-03-double-event-records",
        "A double press opens the microphone instead of playing the last message.",
        ("BTN-03",),
        gesture("idle", "double", "listen@press"),
        Kind.WRONG_VALUE,
        hooks=("gestures.idle",),
        needs=("button.event",),
    ),
    Defect(
        "btn-03-pairs-up-short-presses",
        "Who opens messaging and closes it again at once hears the last message, though the wheel said short twice.",
        ("BTN-03",),
        wrap("obey_wheel", pairs_up),
        Kind.STATE_LEAK,
        hooks=("wraps.obey_wheel",),
        needs=("button.event",),
    ),
    Defect(
        "btn-06-repeats-are-presses",
        "One press opens messaging and closes it again at once: each repeat of the event counts.",
        ("BTN-06", "BTN-01", "BTN-11"),
        tap("e2e", repeat_counts),
        Kind.MISSING,
        hooks=("taps.e2e",),
        needs=("button.event",),
    ),
    Defect(
        "btn-06-late-repeat-is-a-press",
        "Messaging opens by itself seconds after it was used, when the wheel repeats its last event.",
        ("BTN-06",),
        tap("e2e", forgets_number),
        Kind.STATE_LEAK,
        hooks=("taps.e2e",),
        needs=("button.event",),
    ),
    Defect(
        "btn-06-third-frame-on-trust",
        "A press whose every frame is damaged opens messaging all the same.",
        ("BTN-06",),
        tap("check", last_frame_unchecked),
        Kind.MISSING,
        hooks=("taps.check",),
        needs=("button.event", "button.checksum"),
    ),
    Defect(
        "msg-05-cluster-not-asked",
        "The centre screen prompts; the display behind the wheel shows nothing of the message.",
        ("MSG-05",),
        tap("telegram", cluster_says("new_message", "none")),
        Kind.MISSING,
        hooks=("taps.telegram",),
        needs=("head_unit.cluster",),
    ),
    Defect(
        "msg-05-cluster-calls",
        "Once a message was left unanswered, the display behind the wheel announces a call for the next one.",
        ("MSG-05",),
        tap("telegram", cluster_says("new_message", "incoming_call"), when=once_after(PromptTimer)),
        Kind.WRONG_VALUE,
        hooks=("taps.telegram",),
        needs=("head_unit.cluster",),
    ),
)
