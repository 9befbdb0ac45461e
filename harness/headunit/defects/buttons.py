"""BTN: faults of the wheel button."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.can.e2e import Status
from harness.can.port import Heard
from harness.can.protection import Checked
from harness.foundation.units import MS, S
from harness.headunit.blueprint import (
    after,
    drop,
    every,
    gesture,
    once_after,
    row,
    scale_figure,
    set_figure,
    tap,
    together,
    wrap,
)
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import later_by, skipped, sound_later
from harness.headunit.events.button import ButtonDown, ButtonInvalid, ButtonLost
from harness.headunit.events.event import Event
from harness.headunit.events.gesture import Discard, HangUp, Undo
from harness.headunit.events.power import BusAwake, BusOff
from harness.headunit.events.voice import StoppedTimer
from harness.headunit.mouth import Utterance

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action, Blueprint, Filter
    from harness.headunit.unit import HeadUnit


def taken_as_ok(*statuses: Status) -> Filter:
    """Tap "e2e": frames that must not count do."""
    return lambda status, unit: Status.OK if status in statuses else status


def checksum_right(checked: Checked, unit: HeadUnit) -> Checked:
    """Tap "check": nobody computes the checksum."""
    return checked._replace(checksum_ok=True)


def wakes_on_button(heard: Heard, unit: HeadUnit) -> Heard:
    """Tap "can_in": asleep, the wheel's frame counts as a wake-up."""
    message = unit.vehicle.role("wheel.messaging").message
    if unit.states["power"] == "sleep" and heard.frame is not None and heard.frame.key == message.key:
        unit.post(BusAwake())
    return heard


def deaf_to(role: str) -> Filter:
    """Tap "role": the unit never hears of this role."""
    return lambda event, unit: None if event.role == role else event


def plays_a_little_later(value: Utterance, unit: HeadUnit) -> Utterance:
    """Tap "mouth": each chime is a millisecond and a half later than the one before."""
    if value.name != "chime":
        return value
    late = unit.ram.more["chimes"] = unit.ram.more.get("chimes", 0) + 1
    return replace(value, after=value.after + late * 3 * MS // 2)


def twice(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``begin_press``: the press counts a second time, which takes it back."""
    inner(unit, event)
    unit.post(Discard())


def worked_off_later(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``begin_press``: what comes quickly is put into a queue and worked off by and by."""
    now, queue = unit.clock.now(), unit.ram.more
    due = max(now, queue.get("free", 0))
    queue["free"] = due + 600 * MS
    if due == now:
        inner(unit, event)
    else:
        unit.later(f"queued press {due}", due - now, lambda u: inner(u, event))


def mute_hangs_up(heard: Heard, unit: HeadUnit) -> Heard:
    """Tap "can_in": whoever presses to mute hangs up."""
    role = unit.vehicle.roles.get("wheel.mute")
    if role is None or heard.frame is None or heard.frame.key != role.message.key:
        return heard
    data = heard.frame.data
    if role.event.kind(data) is not None if role.event is not None else role.in_(data) and role.read(data) == "pressed":
        unit.post(HangUp())
    return heard


COUNTERS = (Status.REPEATED, Status.WRONG_SEQUENCE)


def dead_while_sending(base: Blueprint) -> Blueprint:
    return replace(base, gestures={**base.gestures, "sending": {"press": "ignore@press"}})


DEFECTS = (
    Defect(
        "btn-01-chime-late",
        "The bus says 'listening' at once, but the chime sounds 200 ms later.",
        ("BTN-01",),
        tap("mouth", sound_later("chime", 200 * MS)),
        Kind.WRONG_TIME,
        hooks=("taps.mouth",),
    ),
    Defect(
        "btn-01-every-sixteenth-slow",
        "Now and then a press takes half a second until anything is heard.",
        ("BTN-01", "BTN-11"),
        wrap("chime", later_by(400 * MS), when=every(16)),
        Kind.WRONG_TIME,
        hooks=("wraps.chime",),
    ),
    Defect(
        "btn-01-screen-late",
        "The chime is in time, the screen follows when one has already begun to speak.",
        ("BTN-01",),
        set_figure("screen_latency", 420 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.screen_latency",),
    ),
    Defect(
        "btn-01-dead-while-sending",
        "As long as a message is on its way, the button does nothing.",
        ("BTN-01",),
        dead_while_sending,
        Kind.WRONG_VALUE,
        hooks=("gestures.sending",),
    ),
    Defect(
        "btn-02-long-press-slow",
        "The button has to be held for longer than the handbook says until it undoes.",
        ("BTN-02",),
        scale_figure("long_press", 1.15),
        Kind.WRONG_TIME,
        hooks=("figures.long_press",),
        needs=("button.level",),
    ),
    Defect(
        "btn-02-long-press-hasty",
        "A press that is only a little long already undoes.",
        ("BTN-02",),
        scale_figure("long_press", 0.875),
        Kind.WRONG_TIME,
        hooks=("figures.long_press",),
        needs=("button.level",),
    ),
    Defect(
        "btn-02-undo-sends",
        "A long press closes messaging, but what was said until then is sent.",
        ("BTN-02", "MSG-04"),
        together(
            row("voice", "listening", Undo, "sending", "end_recording", "stop_ear", "stop_mouth", "queue_message"),
            row("voice", "stopped", Discard, "sending", "stop_voice_timers", "queue_message"),
        ),
        Kind.WRONG_VALUE,
        hooks=("tables.voice",),
        needs=("button.level",),
    ),
    Defect(
        "btn-03-gap-wide",
        "Two separate presses, one soon after the other, replay the last message.",
        ("BTN-03",),
        scale_figure("double_press_gap", 1.375),
        Kind.WRONG_TIME,
        hooks=("figures.double_press_gap",),
        needs=("button.level",),
    ),
    Defect(
        "btn-03-gap-narrow",
        "One has to press twice very quickly to hear a message again.",
        ("BTN-03",),
        scale_figure("double_press_gap", 0.825),
        Kind.WRONG_TIME,
        hooks=("figures.double_press_gap",),
        needs=("button.level",),
    ),
    Defect(
        "btn-04-one-frame-enough",
        "A single disturbed frame opens messaging.",
        ("BTN-04",),
        set_figure("debounce_frames", 1),
        Kind.MISSING,
        hooks=("figures.debounce_frames",),
    ),
    Defect(
        "btn-05-never-stuck",
        "A jammed button is not recognised within ten seconds.",
        ("BTN-05",),
        set_figure("stuck_time", 14 * S),
        Kind.WRONG_TIME,
        hooks=("figures.stuck_time",),
    ),
    Defect(
        "btn-06-counter-unchecked",
        "Button frames whose counter stands still are obeyed.",
        ("BTN-06",),
        tap("e2e", taken_as_ok(*COUNTERS)),
        Kind.MISSING,
        hooks=("taps.e2e",),
    ),
    Defect(
        "btn-06-counter-unchecked-after-bus-off",
        "Once the bus has been off, button frames with a frozen counter are obeyed.",
        ("BTN-06",),
        tap("e2e", taken_as_ok(*COUNTERS), when=once_after(BusOff)),
        Kind.STATE_LEAK,
        hooks=("taps.e2e",),
        needs=("button.counter",),
    ),
    Defect(
        "btn-06-one-wrong-frame",
        "Now and then, next to a mobile phone, a press is not answered.",
        ("BTN-06",),
        set_figure("e2e_errors_to_invalid", 1),
        Kind.WRONG_VALUE,
        hooks=("figures.e2e_errors_to_invalid",),
        needs=("button.level",),
    ),
    Defect(
        "btn-06-checksum-unchecked",
        "Button frames with a wrong checksum are obeyed.",
        ("BTN-06",),
        tap("check", checksum_right),
        Kind.MISSING,
        hooks=("taps.check",),
    ),
    Defect(
        "btn-06-first-frame-is-a-press",
        "A button already held when the message comes back opens messaging.",
        ("BTN-06", "BTN-07"),
        row("button", "unknown", ButtonDown, "pressed", "begin_press"),
        Kind.MISSING,
        hooks=("tables.button",),
        needs=("button.level",),
    ),
    Defect(
        "btn-07-goes-on-counting",
        "When the button's message stops mid-press, the unit makes a long press of it.",
        ("BTN-07",),
        drop("button", "pressed", ButtonLost),
        Kind.STATE_LEAK,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-07-timeout-releases",
        "When the button's message stops mid-press, that counts as letting go and sends.",
        ("BTN-07",),
        row("button", "pressed", ButtonLost, "unknown", "end_press", "forget_press"),
        Kind.WRONG_VALUE,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-07-never-at-rest",
        "When the button's message stops while a recording is to end, messaging stays in front for the whole drive.",
        ("BTN-07",),
        drop("voice", "stopped", StoppedTimer),
        Kind.STATE_LEAK,
        hooks=("tables.voice",),
        needs=("button.level",),
    ),
    Defect(
        "btn-08-invalid-presses",
        "When the wheel module says that it does not know, messaging opens.",
        ("BTN-08",),
        row("button", "released", ButtonInvalid, "pressed", "begin_press"),
        Kind.WRONG_VALUE,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-08-invalid-releases",
        "A wheel module that restarts in a press sends what has been said so far.",
        ("BTN-08",),
        row("button", "pressed", ButtonInvalid, "unknown", "end_press", "forget_press"),
        Kind.WRONG_VALUE,
        hooks=("tables.button",),
        needs=("button.level",),
    ),
    Defect(
        "btn-08-pressed-after-invalid",
        "When the wheel module has restarted, a button that is down opens messaging.",
        ("BTN-08",),
        row("button", "released", ButtonInvalid, "released"),
        Kind.STATE_LEAK,
        hooks=("tables.button",),
        needs=("button.level",),
    ),
    Defect(
        "btn-09-wheel-frame-wakes",
        "One wheel frame on the sleeping bus wakes the unit; the battery is flat after a weekend.",
        ("BTN-09",),
        tap("can_in", wakes_on_button),
        Kind.RESOURCE,
        hooks=("taps.can_in",),
    ),
    Defect(
        "btn-10-opens-over-camera",
        "A press while reversing starts a recording.",
        ("BTN-10",),
        gesture("reverse", "press", "listen@press"),
        Kind.WRONG_ORDER,
        hooks=("gestures.reverse",),
    ),
    Defect(
        "btn-10-deaf-to-warnings",
        "While the car warns of a collision a press opens messaging and chimes into the warning.",
        ("BTN-10",),
        tap("role", deaf_to("warning.safety")),
        Kind.MISSING,
        hooks=("taps.role",),
    ),
    Defect(
        "btn-10-plays-over-camera",
        "A press while reversing reads the waiting message aloud.",
        ("BTN-10",),
        gesture("reverse", "press", "play@press"),
        Kind.WRONG_ORDER,
        hooks=("gestures.reverse",),
    ),
    Defect(
        "btn-11-every-64th-lost",
        "Once in a while a press does nothing at all.",
        ("BTN-11",),
        wrap("begin_press", skipped, when=every(64)),
        Kind.MISSING,
        hooks=("wraps.begin_press",),
    ),
    Defect(
        "btn-11-every-40th-twice",
        "Once in a while messaging opens and is gone again before one has said a word.",
        ("BTN-11",),
        wrap("begin_press", twice, when=every(41)),
        Kind.RACE,
        hooks=("wraps.begin_press",),
    ),
    Defect(
        "btn-11-slower-each-time",
        "The longer the drive, the later the chime; after a restart it is quick again.",
        ("BTN-11",),
        tap("mouth", plays_a_little_later),
        Kind.RESOURCE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "btn-11-storm-worked-off",
        "After a child has played with the button, messaging goes on opening and closing by itself for seconds.",
        ("BTN-11",),
        wrap("begin_press", worked_off_later),
        Kind.RESOURCE,
        hooks=("wraps.begin_press",),
    ),
    Defect(
        "btn-12-no-order",
        "A hand that slips over the button beside it opens messaging too.",
        ("BTN-12",),
        set_figure("button_order", "none"),
        Kind.WRONG_ORDER,
        hooks=("figures.button_order",),
    ),
    Defect(
        "btn-12-order-reversed",
        "With a finger also on the mute button, messaging cannot be opened.",
        ("BTN-12",),
        set_figure("button_order", "reversed"),
        Kind.WRONG_ORDER,
        hooks=("figures.button_order",),
    ),
    Defect(
        "btn-12-slip-counts",
        "Letting go of two buttons one after the other counts as a press of the one that is let go last.",
        ("BTN-12", "BTN-06"),
        row("button", "unknown", ButtonDown, "pressed", "begin_press"),
        Kind.RACE,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-11-latency-grows",
        "After twenty presses the chime comes late, and stays late.",
        ("BTN-11",),
        wrap("chime", later_by(180 * MS), when=after(20)),
        Kind.RESOURCE,
        hooks=("wraps.chime",),
    ),
    Defect(
        "call-01-mute-hangs-up",
        "Who mutes the radio in the middle of a call has lost the call.",
        ("CALL-01",),
        tap("can_in", mute_hangs_up),
        Kind.WRONG_VALUE,
        hooks=("taps.can_in",),
        needs=("wheel.mute",),
    ),
)
