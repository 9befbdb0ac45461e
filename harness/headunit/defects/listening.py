"""MSG-07 to MSG-13: faults of what is heard where and when, beside what, and of what waits for the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import RATE, SPEAKERS
from harness.foundation.units import MS, Ns, S
from harness.headunit import mixer
from harness.headunit.blueprint import Filter, after, drop, once_after, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import instead, skipped
from harness.headunit.events.call import HandsFree
from harness.headunit.events.event import Event
from harness.headunit.events.voice import MessageWaits, NothingSaid, PlayEnded, SafetyChime
from harness.headunit.mouth import Utterance

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit

LINGERS: Ns = 8 * S


SEPARATION = 20.0
"""dB between the driver's channel and another (MSG-07)."""


def leaks(line: str, decibel: float, lasts: Ns | None = None) -> Filter:
    """Tap "mouth": a message is on ``line`` too, ``decibel`` louder (negative: fainter), for ``lasts`` ns at most."""

    def changed(value: Utterance, unit: HeadUnit) -> Utterance:
        if value.name == "message":
            count = len(value.samples) if lasts is None else lasts * RATE // S
            faint = (value.samples[:count] * 10 ** (decibel / 20)).astype("int16")
            unit.ends.audio.play(line, faint, unit.clock.now() + value.after, name="leak")
        return value

    return changed


def never_falls(value: tuple[str, str | float], unit: HeadUnit) -> tuple[str, str | float]:
    """Tap "telegram": the counter of unread messages only rises."""
    role, state = value
    if role == "head_unit.unread" and isinstance(state, float):
        most = unit.ram.more["most"] = max(state, unit.ram.more.get("most", 0.0))
        return role, most
    return value


def not_told(method: str, unit: HeadUnit) -> str | None:
    """Tap "request": the service never hears that a message was played."""
    return None if method == "mark_played" else method


def newest_on_top(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``fetch_messages``: what was fetched lies with the newest on top."""
    inner(unit, event)
    unit.later("on_top", 300 * MS, lambda u: u.ram.user.messages.reverse())


def sound_all_the_same(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``announce``: muted messages are not shown, but can be heard."""
    if any(m.muted and not m.prompted for m in unit.ram.user.messages):
        for message in unit.ram.user.messages:
            message.prompted = message.prompted or message.muted
        unit.mouth.sound("prompt")
    inner(unit, event)


def unmuted(unit: HeadUnit, event: Event, inner: Action) -> None:
    for message in unit.ram.user.messages:
        message.muted = False
    inner(unit, event)


def lingers(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``mark_played``: the player stays in front."""
    inner(unit, event)
    unit.ram.more["lingers"] = True
    unit.later("lingers", LINGERS, lambda u: u.ram.more.pop("lingers", None))


def keyboard_on_navigation(view: View, unit: HeadUnit) -> View:
    """Tap "view"."""
    return view._replace(extra=("keyboard",)) if view.name == "navigation" else view


def takes_place(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``choose_prompt``."""
    inner(unit, event)
    showing = unit.ram.user.showing
    if showing is not None and showing.kind == "location":
        unit.act("set_destination", event)


def player(view: View, unit: HeadUnit) -> View:
    """Tap "view"."""
    return view._replace(name="playing") if view.name == "home" and unit.ram.more.get("lingers") else view


DEFECTS = (
    Defect(
        "msg-07-leaks-behind",
        "In the back one can make out what the driver is told.",
        ("MSG-07",),
        tap("mouth", leaks("amp.rear_right", -14.0)),
        Kind.SECURITY,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-07-passenger-12-db-too-loud",
        "The passenger can follow what the driver is told.",
        ("MSG-07",),
        tap("mouth", leaks("amp.front_right", 12.0 - SEPARATION)),
        Kind.WRONG_VALUE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-07-begins-everywhere",
        "The first syllable of a message comes from the passenger's side too.",
        ("MSG-07",),
        tap("mouth", leaks(SPEAKERS[1], -3.0, 300 * MS)),
        Kind.RACE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-08-music-returns-late",
        "After a message it takes seconds until the music is back.",
        ("MSG-08",),
        set_figure("duck_restore", 3 * S),
        Kind.WRONG_TIME,
        hooks=("figures.duck_restore",),
    ),
    Defect(
        "msg-08-music-while-listening",
        "While one dictates the music goes on as loud as before.",
        ("MSG-08",),
        set_figure("ducks_in", mixer.DUCKING - {"listening", "stopped"}),
        Kind.MISSING,
        hooks=("figures.ducks_in",),
    ),
    Defect(
        "msg-08-music-stays-lower",
        "After the first message the music is a little quieter for the rest of the drive.",
        ("MSG-08",),
        tap("music", lambda factor, unit: factor * 0.75, when=once_after(PlayEnded)),
        Kind.STATE_LEAK,
        hooks=("taps.music",),
    ),
    Defect(
        "msg-08-message-over-safety-chime",
        "A message goes on while a warning sounds.",
        ("MSG-08",),
        drop("voice", "playing", SafetyChime),
        Kind.WRONG_ORDER,
        hooks=("tables.voice",),
    ),
    Defect(
        "msg-08-message-over-telephone",
        "A message goes on while the telephone rings.",
        ("MSG-08", "CALL-04"),
        drop("voice", "playing", HandsFree, "stop_mouth"),
        Kind.WRONG_ORDER,
        hooks=("tables.voice",),
    ),
    Defect(
        "msg-09-fetched-newest-first",
        "Messages that waited for the driver are played in the wrong order.",
        ("MSG-09",),
        wrap("fetch_messages", newest_on_top),
        Kind.WRONG_ORDER,
        hooks=("wraps.fetch_messages",),
    ),
    Defect(
        "msg-09-counter-never-falls",
        "The number of unread messages stays although all have been heard.",
        ("MSG-09",),
        tap("telegram", never_falls),
        Kind.STATE_LEAK,
        hooks=("taps.telegram",),
    ),
    Defect(
        "msg-09-phone-not-told",
        "What was heard in the car is still unread on the phone.",
        ("MSG-09",),
        tap("request", not_told),
        Kind.MISSING,
        hooks=("taps.request",),
    ),
    Defect(
        "msg-10-muted-sounds",
        "Muted conversations are not shown, but still make a sound.",
        ("MSG-10",),
        wrap("announce", sound_all_the_same),
        Kind.MISSING,
        hooks=("wraps.announce",),
    ),
    Defect(
        "msg-10-forgets-after-a-prompt",
        "Once somebody else has written, muted conversations prompt again.",
        ("MSG-10",),
        wrap("announce", unmuted, when=once_after(MessageWaits)),
        Kind.STATE_LEAK,
        hooks=("wraps.announce",),
    ),
    Defect(
        "msg-12-sending-stays",
        "Without network the sending view stays in front.",
        ("MSG-12",),
        set_figure("sending_shown", 12 * S),
        Kind.WRONG_TIME,
        hooks=("figures.sending_shown",),
    ),
    Defect(
        "msg-12-player-lingers",
        "After a message the player stays in front although nothing plays.",
        ("MSG-12",),
        together(wrap("mark_played", lingers), tap("view", player)),
        Kind.STATE_LEAK,
        hooks=("taps.view", "wraps.mark_played"),
    ),
    Defect(
        "msg-12-hangs-after-nothing",
        "Somebody who says nothing finds the sending view in front for good.",
        ("MSG-12",),
        drop("voice", "sending", NothingSaid),
        Kind.MISSING,
        hooks=("tables.voice",),
    ),
    Defect(
        "msg-13-place-is-read-out",
        "A place that a friend sends cannot be driven to: the press only makes a sound.",
        ("MSG-13",),
        wrap("set_destination", instead(lambda unit: unit.mouth.sound("prompt"))),
        Kind.MISSING,
        hooks=("wraps.set_destination",),
    ),
    Defect(
        "msg-13-first-place-stays",
        "Navigation leads to the first place of the day, whatever friends send later.",
        ("MSG-13",),
        wrap("set_destination", skipped, when=after(1)),
        Kind.STATE_LEAK,
        hooks=("wraps.set_destination",),
    ),
    Defect(
        "msg-13-asks-for-typing",
        "To drive to a place that was sent its address has to be confirmed on a keyboard.",
        ("MSG-13", "DRV-01"),
        tap("view", keyboard_on_navigation),
        Kind.WRONG_VALUE,
        hooks=("taps.view",),
    ),
    Defect(
        "msg-13-taken-unasked",
        "Navigation changes its destination by itself when a friend sends a place.",
        ("MSG-13",),
        wrap("choose_prompt", takes_place),
        Kind.MISSING,
        hooks=("wraps.choose_prompt",),
    ),
)
