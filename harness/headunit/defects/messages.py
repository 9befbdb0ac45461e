"""MSG: faults of recording, sending, prompting, playing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.audio.port import SPEAKERS
from harness.foundation.units import MS, S
from harness.headunit.blueprint import once_after, row, set_figure, tap, together, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import (
    amplified,
    closes_early,
    drops,
    hurried,
    instead,
    opens_late,
    said,
    skipped,
    speech,
)
from harness.headunit.events.event import Event
from harness.headunit.events.messaging import LinkDown
from harness.headunit.events.voice import PromptTimer
from harness.headunit.mouth import Utterance

if TYPE_CHECKING:
    from harness.headunit.blueprint import Action
    from harness.headunit.render import View
    from harness.headunit.unit import HeadUnit


def sends_again(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``drop_head``: what has been sent is queued once more, under a new id."""
    head = unit.flash.outbox[:1]
    inner(unit, event)
    again: set[str] = unit.ram.more["again"]
    if head and head[0].id not in again:
        copy = replace(head[0], id=head[0].id + "-2")
        again.add(copy.id)
        unit.flash.outbox.insert(0, copy)


def newest_first(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``play_oldest``."""
    unit.ram.user.messages.reverse()
    inner(unit, event)
    unit.ram.user.messages.reverse()


def text_on_prompt(view: View, unit: HeadUnit) -> View:
    """Tap "view": the prompt shows what was written, not only who wrote."""
    showing = unit.ram.user.showing
    if view.name != "prompt" or showing is None:
        return view
    content = showing.text or f"{len(showing.voice.data) if showing.voice else 0} bytes"
    return view._replace(lines=(*view.lines, content))


def everywhere(value: Utterance, unit: HeadUnit) -> Utterance:
    return replace(value, lines=SPEAKERS) if value.name == "message" else value


def unmuted(unit: HeadUnit, event: Event, inner: Action) -> None:
    for message in unit.ram.user.messages:
        message.muted = False
    inner(unit, event)


def prompt_is_short(unit: HeadUnit) -> None:
    unit.start("prompt", 1500 * MS, PromptTimer())


def newest_sent_first(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``start_send_retry``: what could not be sent is put behind what was said since."""
    unit.flash.outbox.sort(key=lambda message: -int(message.id.rpartition("-")[2]))
    inner(unit, event)


def forget_outbox(unit: HeadUnit) -> None:
    unit.flash.outbox.clear()


def last_words(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``set_destination``: the name of a place is what stands behind its last comma."""
    inner(unit, event)
    unit.ram.user.destination = unit.ram.user.destination.rsplit(",", 1)[-1]


def own_tones_are_no_sound(value: tuple[str, object], unit: HeadUnit) -> tuple[str, object]:
    """Tap "telegram": what the unit says of its sound knows messages and music, not its own tones."""
    role, state = value
    own = (
        role == "head_unit.audio"
        and state == "voice"
        and unit.states.get("voice") not in ("playing", "ringing", "call")
    )
    return (role, "silent") if own else value


def unknown_again(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``fetch_messages``: what is here already is not recognised when it is told again."""
    for message in unit.ram.user.messages:
        message.id = f"{message.id} again"
    inner(unit, event)


DEFECTS = (
    Defect(
        "msg-01-start-cut",
        "The first syllable of every message is missing.",
        ("MSG-01",),
        tap("ear", speech(opens_late(160 * MS))),
        Kind.MISSING,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-01-first-120-ms",
        "Messages begin with half a syllable.",
        ("MSG-01",),
        tap("ear", speech(opens_late(120 * MS))),
        Kind.WRONG_TIME,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-01-end-cut",
        "The last syllable of every message is missing.",
        ("MSG-01",),
        tap("ear", speech(closes_early(180 * MS))),
        Kind.MISSING,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-02-dropouts",
        "Messages crackle: 40 ms are missing twice a second.",
        ("MSG-02",),
        tap("ear", speech(drops(40 * MS, 450 * MS))),
        Kind.MISSING,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-02-overdriven",
        "Messages are distorted: the microphone's gain is far too high.",
        ("MSG-02",),
        tap("ear", speech(amplified(24.0))),
        Kind.WRONG_VALUE,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-02-faint",
        "The other side has to turn up the volume: messages are 9 dB too quiet.",
        ("MSG-02",),
        tap("ear", speech(amplified(-9.0))),
        Kind.WRONG_VALUE,
        hooks=("taps.ear",),
    ),
    Defect(
        "msg-03-impatient",
        "A short pause for thought ends the recording.",
        ("MSG-03",),
        set_figure("silence_end", 1200 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.silence_end",),
    ),
    Defect(
        "msg-03-no-limit",
        "Recording goes on for longer than a minute.",
        ("MSG-03",),
        set_figure("longest_recording", 75 * S),
        Kind.WRONG_TIME,
        hooks=("figures.longest_recording",),
    ),
    Defect(
        "msg-03-no-tone",
        "Nothing says that the recording has ended.",
        ("MSG-03",),
        wrap("end_tone", skipped),
        Kind.MISSING,
        hooks=("wraps.end_tone",),
    ),
    Defect(
        "msg-04-doubled-after-drop",
        "After the network has dropped once, every message arrives twice.",
        ("MSG-04",),
        wrap("drop_head", sends_again, when=once_after(LinkDown), ram={"again": set()}),
        Kind.RACE,
        hooks=("ram.again", "wraps.drop_head"),
    ),
    Defect(
        "msg-04-lost-while-offline",
        "What is said without network is never sent.",
        ("MSG-04",),
        wrap("start_send_retry", instead(forget_outbox)),
        Kind.MISSING,
        hooks=("wraps.start_send_retry",),
    ),
    Defect(
        "msg-04-newest-first",
        "Of two messages said in a tunnel the second arrives first.",
        ("MSG-04",),
        wrap("start_send_retry", newest_sent_first),
        Kind.WRONG_ORDER,
        hooks=("wraps.start_send_retry",),
    ),
    Defect(
        "msg-04-slow-queue",
        "Messages leave five seconds after they were said.",
        ("MSG-04",),
        set_figure("encode_time", 4 * S),
        Kind.WRONG_TIME,
        hooks=("figures.encode_time",),
    ),
    Defect(
        "msg-05-prompt-shows-content",
        "The prompt shows the text of the message, for the passenger to read.",
        ("MSG-05", "DRV-04"),
        tap("view", text_on_prompt),
        Kind.SECURITY,
        hooks=("taps.view",),
    ),
    Defect(
        "msg-05-plays-unasked",
        "A message plays by itself when one does not react to the prompt.",
        ("MSG-05",),
        together(
            wrap("start_prompt_timer", instead(prompt_is_short)),
            row("voice", "prompt", PromptTimer, "playing", "play_oldest"),
        ),
        Kind.WRONG_VALUE,
        hooks=("tables.voice", "wraps.start_prompt_timer"),
    ),
    Defect(
        "msg-06-slow-playback",
        "It takes nearly a second from the press until the message is heard.",
        ("MSG-06",),
        set_figure("playback_latency", 800 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.playback_latency",),
    ),
    Defect(
        "msg-06-hurried",
        "Messages sound hurried and high: 12 % too fast.",
        ("MSG-06",),
        tap("mouth", said(hurried(1.12))),
        Kind.WRONG_VALUE,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-07-on-all-speakers",
        "Everybody in the car hears the driver's messages.",
        ("MSG-07",),
        tap("mouth", everywhere),
        Kind.SECURITY,
        hooks=("taps.mouth",),
    ),
    Defect(
        "msg-08-music-hardly-ducks",
        "Music stays nearly as loud while a message plays.",
        ("MSG-08",),
        set_figure("duck_level", -1.5),
        Kind.WRONG_VALUE,
        hooks=("figures.duck_level",),
    ),
    Defect(
        "msg-09-newest-first",
        "Of several unread messages the latest plays first.",
        ("MSG-09",),
        wrap("play_oldest", newest_first),
        Kind.WRONG_ORDER,
        hooks=("wraps.play_oldest",),
    ),
    Defect(
        "msg-10-muted-prompts",
        "Muted conversations prompt all the same.",
        ("MSG-10",),
        wrap("announce", unmuted),
        Kind.MISSING,
        hooks=("wraps.announce",),
    ),
    Defect(
        "msg-08-own-tones-not-told",
        "The amplifier cuts off the unit's chimes: it was told that there is no sound.",
        ("MSG-08",),
        tap("telegram", own_tones_are_no_sound),
        Kind.MISSING,
        hooks=("taps.telegram",),
    ),
    Defect(
        "msg-13-name-cut",
        "Navigation leads to 'Terminal 2' and does not say of which airport.",
        ("MSG-13",),
        wrap("set_destination", last_words),
        Kind.WRONG_VALUE,
        hooks=("wraps.set_destination",),
    ),
    Defect(
        "msg-03-hears-headphones",
        "As long as somebody's headphones can be heard the microphone stays open.",
        ("MSG-03",),
        set_figure("speech_threshold", -100.0),
        Kind.WRONG_VALUE,
        hooks=("figures.speech_threshold",),
    ),
    Defect(
        "msg-09-counted-twice",
        "After each tunnel the same unread messages are there once more.",
        ("MSG-09",),
        wrap("fetch_messages", unknown_again),
        Kind.WRONG_VALUE,
        hooks=("wraps.fetch_messages",),
    ),
)
