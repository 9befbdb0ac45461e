"""CALL: faults of a friend's call, and of messaging when the telephone rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.units import MS
from harness.headunit.blueprint import drop, gesture, row, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import instead, later_by, skipped
from harness.headunit.events.call import CallEnds, HandsFree
from harness.headunit.events.event import Event
from harness.headunit.events.gesture import Answer, HangUp, Send
from harness.phone.events import CallArrived

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def rings_in_silence(unit: HeadUnit) -> None:
    """The call is on the screen; no sound is made."""


def sends_what_it_has(unit: HeadUnit) -> None:
    """In the place of ``drop_recording``, after the ear was closed: what was said so far is queued."""
    if unit.ear.spoke and unit.ram.roles.get("phone.call_hfp") != "idle":
        unit.ear.spoke = False
        unit.ram.user.recording = unit.ear.recording()
        unit.act("queue_message", Send())


def with_icon(view: View, unit: HeadUnit) -> View:
    """Tap "view": a still of the friend beside the call."""
    return view._replace(extra=("video",)) if view.name == "call" else view


def rolls_film(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``answer_call``: pictures come, ten in a second."""
    inner(unit, event)

    def next_picture(u: HeadUnit) -> None:
        if u.states["voice"] == "call":
            u.ram.more["film"] = int(u.ram.more.get("film", 0)) + 1
            u.later("film", 100 * MS, next_picture)

    next_picture(unit)


def film(view: View, unit: HeadUnit) -> View:
    """Tap "view": a bar that moves stands for the friend's face."""
    step = int(unit.ram.more.get("film", 0)) % 20
    return view._replace(lines=("", "　" * step + "█████")) if view.name == "call" else view


def no_video(event: object, unit: HeadUnit) -> object | None:
    """Tap "push": calls with picture are not for this unit."""
    return None if isinstance(event, CallArrived) and event.video else event


def every_tenth_lost(packet: NDArray[np.int16], unit: HeadUnit) -> NDArray[np.int16] | None:
    """Tap "talk_in": two packets of fifteen are lost."""
    count = unit.ram.more["packets"] = int(unit.ram.more.get("packets", 0)) + 1
    return None if count % 15 < 2 else packet


def muffled(packet: NDArray[np.int16], unit: HeadUnit) -> NDArray[np.int16]:
    """Tap "talk_out": four bits of each sample are left, and noise of the road on top."""
    return (packet // 4096 * 4096).astype(packet.dtype)


def not_held_at_once(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``start_talk``: whether the telephone has rung meanwhile is not looked at."""
    inner(unit, event)
    unit.talk.hold(False)


DEFECTS = (
    Defect(
        "call-01-rings-silently",
        "A call is only to be seen: one has to look at the screen to notice it.",
        ("CALL-01",),
        wrap("ring", instead(rings_in_silence)),
        Kind.MISSING,
        hooks=("wraps.ring",),
    ),
    Defect(
        "call-01-slow-to-answer",
        "The caller still hears the ring tone for a second after the button was pressed.",
        ("CALL-01",),
        wrap("answer_call", later_by(900 * MS)),
        Kind.WRONG_TIME,
        hooks=("wraps.answer_call",),
    ),
    Defect(
        "call-01-other-side-stays",
        "After hanging up in the car the other side is still connected.",
        ("CALL-01",),
        drop("voice", "call", HangUp, "end_call"),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-01-not-ended-by-button",
        "A call cannot be ended with the button on the wheel.",
        ("CALL-01",),
        gesture("call", "press", "none@press"),
        Kind.MISSING,
        hooks=("gestures.call",),
    ),
    Defect(
        "call-01-rings-on",
        "When the caller gives up the car goes on ringing.",
        ("CALL-01",),
        drop("voice", "ringing", CallEnds),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-02-taken-with-picture",
        "Who is called by video sees from the other side's picture that the car has its camera on.",
        ("CALL-02",),
        set_figure("call_media", "video"),
        Kind.SECURITY,
        hooks=("figures.call_media",),
    ),
    Defect(
        "call-02-shows-a-still",
        "During a call a picture of the friend is shown.",
        ("CALL-02",),
        tap("view", with_icon),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "call-02-shows-film",
        "During a video call the friend moves on the screen.",
        ("CALL-02",),
        together(wrap("answer_call", rolls_film), tap("view", film)),
        Kind.WRONG_VALUE,
        hooks=("taps.view", "wraps.answer_call"),
    ),
    Defect(
        "call-02-video-not-offered",
        "Friends who call by video never get through.",
        ("CALL-02",),
        tap("push", no_video),
        Kind.MISSING,
        hooks=("taps.push",),
    ),
    Defect(
        "call-03-long-buffer",
        "In calls one talks over each other: what the friend says comes late.",
        ("CALL-03",),
        set_figure("talk_buffer", 120 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.talk_buffer",),
    ),
    Defect(
        "call-03-slow-microphone",
        "The friend complains of a delay that he has with nobody else.",
        ("CALL-03",),
        set_figure("talk_work", 65 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.talk_work",),
    ),
    Defect(
        "call-03-one-way",
        "The friend cannot hear the driver.",
        ("CALL-03",),
        tap("talk_out", lambda packet, unit: None),
        Kind.MISSING,
        hooks=("taps.talk_out",),
    ),
    Defect(
        "call-03-holes",
        "The friend's voice breaks up now and then.",
        ("CALL-03",),
        tap("talk_in", every_tenth_lost),
        Kind.MISSING,
        hooks=("taps.talk_in",),
    ),
    Defect(
        "call-03-muffled",
        "The friend understands only half of what the driver says.",
        ("CALL-03",),
        tap("talk_out", muffled),
        Kind.WRONG_VALUE,
        hooks=("taps.talk_out",),
    ),
    Defect(
        "call-04-half-sent",
        "When the telephone rings while one dictates, the beginning of the message is sent.",
        ("CALL-04",),
        wrap("drop_recording", instead(sends_what_it_has)),
        Kind.WRONG_VALUE,
        hooks=("wraps.drop_recording",),
    ),
    Defect(
        "call-04-sending-lost",
        "A message that was just being sent when the telephone rang never arrives.",
        ("CALL-04",),
        row("voice", "sending", HandsFree, "phone", "stop_voice_timers", "drop_message"),
        Kind.RACE,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-prompt-lost",
        "A message that came just before the telephone rang is not announced again.",
        ("CALL-04",),
        drop("voice", "prompt", HandsFree, "hold_message"),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-friend-listens-in",
        "The friend on hold hears what is said on the telephone.",
        ("CALL-04",),
        drop("voice", "call", HandsFree, "hold_talk"),
        Kind.SECURITY,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-friend-dropped",
        "A friend on the line is gone after a telephone call.",
        ("CALL-04",),
        row("voice", "call", HandsFree, "phone", "stop_mouth", "end_call"),
        Kind.WRONG_VALUE,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-keeps-recording",
        "Messaging goes on recording while the telephone rings.",
        ("CALL-04",),
        drop("voice", "listening", HandsFree),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-01-rings-into-the-talk",
        "One has taken the call, and it goes on ringing into the talk.",
        ("CALL-01",),
        drop("voice", "ringing", Answer, "stop_mouth"),
        Kind.STATE_LEAK,
        hooks=("tables.voice",),
    ),
    Defect(
        "call-04-silent-after-the-telephone",
        "A friend who has waited for the end of a telephone call hears nothing any more.",
        ("CALL-04", "CALL-03"),
        wrap("resume_talk", skipped),
        Kind.MISSING,
        hooks=("wraps.resume_talk",),
    ),
    Defect(
        "call-04-not-held-when-just-taken",
        "Once in many times a friend listens in on a telephone call that came as his own was taken.",
        ("CALL-04",),
        wrap("start_talk", not_held_at_once),
        Kind.RACE,
        hooks=("wraps.start_talk",),
    ),
)
