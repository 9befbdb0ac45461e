"""Faults that show only when something comes at the wrong moment: a call, a loss of power, sleep, the other person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import S
from harness.headunit.blueprint import drop, row, set_figure, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import instead
from harness.headunit.events.call import CallEnds, CallRings
from harness.headunit.events.event import Event
from harness.headunit.events.gesture import StopPlaying
from harness.headunit.events.login import CodeConfirmed

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.unit import HeadUnit


def end_is_told_at_once_or_never(method: str, unit: HeadUnit) -> str | None:
    """Tap "request": without network nobody learns of the end of a call, then or later."""
    known = unit.ram.more
    known["untold"] = known.get("untold", False) or not unit.ram.link_up
    return None if method == "end_call" and known["untold"] else method


def answers_the_first(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``queue_message``: whoever wrote, the first contact is answered."""
    unit.ram.user.reply_to = ""
    inner(unit, event)


def asks_only_when_new(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``restore_session``: a unit that slept goes on as if nothing could have happened."""
    if unit.states["session"] == "none":
        inner(unit, event)


def sent_and_composing(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``drop_head``: that something is being encoded stays written down."""
    inner(unit, event)
    unit.flash.composing = True


def rings_once(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``ring``."""
    inner(unit, event)
    unit.stop("ring")


def sound_only(unit: HeadUnit) -> None:
    """In the place of ``stop_mouth``: what sounds is cut off, and what is about to sound is not."""
    unit.mouth.hush()


DEFECTS = (
    Defect(
        "call-01-rings-once",
        "Who misses the first ring of a call misses the call.",
        ("CALL-01",),
        wrap("ring", rings_once),
        Kind.MISSING,
        hooks=("wraps.ring",),
    ),
    Defect(
        "call-01-end-untold",
        "Who hangs up in a tunnel leaves the friend on the line.",
        ("CALL-01",),
        tap("request", end_is_told_at_once_or_never),
        Kind.MISSING,
        hooks=("taps.request",),
    ),
    Defect(
        "call-01-empty-call",
        "When the network goes as one takes a call, the screen says that one talks, and nobody is there.",
        ("CALL-01",),
        drop("voice", "call", CallEnds),
        Kind.STATE_LEAK,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-second-ring",
        "A friend's call rings into a telephone call.",
        ("CALL-04",),
        row("voice", "phone", CallRings, "ringing", "note_call", "ring"),
        Kind.WRONG_ORDER,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-call-of-nobody",
        "A friend on hold has hung up; after the telephone call the car shows a call with nobody.",
        ("CALL-04",),
        drop("voice", "held", CallEnds),
        Kind.STATE_LEAK,
        hooks=("tables.voice",),
    ),
    Defect(
        "msg-04-swallowed-by-a-call",
        "A friend who calls right after one has spoken makes the message disappear.",
        ("MSG-04",),
        row("voice", "sending", CallRings, "ringing", "stop_voice_timers", "drop_message", "note_call", "ring"),
        Kind.RACE,
        hooks=("tables.voice",),
    ),
    Defect(
        "msg-04-answers-the-first",
        "An answer goes to the first of the contacts, whoever wrote.",
        ("MSG-04",),
        wrap("queue_message", answers_the_first),
        Kind.SECURITY,
        hooks=("wraps.queue_message",),
    ),
    Defect(
        "msg-12-plays-on",
        "A message that plays cannot be ended with the button.",
        ("MSG-12",),
        drop("voice", "playing", StopPlaying),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "drv-06-confirmed-under-way",
        "Who scans before driving off can confirm while driving, and is logged in.",
        ("DRV-06",),
        row("session", "away", CodeConfirmed, "opening", "open_session"),
        Kind.RACE,
        hooks=("tables.session",),
    ),
    Defect(
        "qr-09-asleep",
        "Who logs in elsewhere while the car is parked is still logged in here the next morning.",
        ("QR-09", "MSG-05"),
        wrap("restore_session", asks_only_when_new),
        Kind.STATE_LEAK,
        hooks=("wraps.restore_session",),
    ),
    Defect(
        "out-07-reported-though-sent",
        "A message that arrived is reported as lost after the battery was off.",
        ("OUT-07",),
        wrap("drop_head", sent_and_composing),
        Kind.WRONG_VALUE,
        hooks=("wraps.drop_head",),
    ),
    Defect(
        "call-04-begins-over-the-telephone",
        "Once in many times a message begins to play just after the telephone has rung.",
        ("CALL-04",),
        wrap("stop_mouth", instead(sound_only)),
        Kind.RACE,
        hooks=("wraps.stop_mouth",),
    ),
    Defect(
        "qr-02-dead-code-in-front",
        "Now and then a code that is on the screen is refused: one has to wait for the next.",
        ("QR-02",),
        set_figure("code_margin", -3 * S),
        Kind.WRONG_TIME,
        hooks=("figures.code_margin",),
    ),
)
