"""Messaging as the driver meets it: listen, send, prompt, play, ring, talk.

Theory. One machine, one thing in front. The recording belongs to the state 'listening': whatever leaves that state
without sending drops it. What has been said to its end is a message, and stays one whatever comes next, until the
session ends. Sending itself is the outbox's business (messaging.py); the state 'sending' only shows it.
When nothing is in front any more, the next unread message may announce itself: sender only, and then it waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.foundation.units import MS, S
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.call import CallEnds, CallRings
from harness.headunit.events.event import Event
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
from harness.headunit.events.messaging import MessageArrived, MessageSent, OutboxFilled
from harness.headunit.events.session import SessionClosed
from harness.headunit.events.voice import (
    MessageWaits,
    NothingSaid,
    NothingToPlay,
    PlaceTaken,
    PlayEnded,
    PromptTimer,
    RecordingFull,
    SafetyChime,
    SafetyChimeOver,
    SendingShown,
    SilenceHeard,
    StoppedTimer,
    VoiceLost,
)
from harness.headunit.state import Outgoing, Received

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

IDLE, LISTENING, STOPPED, SENDING = "idle", "listening", "stopped", "sending"
PROMPT, PLAYING, RINGING, CALL, PHONE, HELD = "prompt", "playing", "ringing", "call", "phone", "held"
ENCODED_YET = 10 * MS
"""How often a unit looks whether a long message is encoded."""
STATES = (IDLE, LISTENING, STOPPED, SENDING, PROMPT, PLAYING, RINGING, CALL, PHONE, HELD)

DROP = ("stop_ear", "drop_recording", "stop_mouth", "stop_voice_timers")
_QUIET = (IDLE, SENDING, PROMPT)
_FREE = (IDLE, LISTENING, STOPPED, SENDING, PROMPT, PLAYING)
_OVER = (VoiceLost, SessionClosed)

TABLE: Table = {
    **{(s, Listen): (LISTENING, ("stop_mouth", "stop_voice_timers", "chime", "start_recording")) for s in _QUIET},
    **{(s, e): (IDLE, (*DROP, "announce")) for s in (LISTENING, STOPPED, PROMPT) for e in (Undo, Discard)},
    (LISTENING, StopCapture): (STOPPED, ("end_recording", "stop_ear", "start_stopped_timer")),
    **{
        (LISTENING, e): (SENDING, ("end_recording", "stop_ear", "end_tone", "queue_message"))
        for e in (SilenceHeard, RecordingFull)
    },
    (STOPPED, Send): (SENDING, ("end_tone", "queue_message")),
    (STOPPED, StoppedTimer): (IDLE, (*DROP, "announce")),
    **{(s, Replay): (PLAYING, (*DROP, "play_last")) for s in (IDLE, LISTENING, STOPPED, SENDING, PROMPT)},
    **{(SENDING, e): (IDLE, ("stop_voice_timers", "announce")) for e in (NothingSaid, MessageSent, SendingShown)},
    **{(s, Play): (PLAYING, ("stop_voice_timers", "stop_mouth", "play_oldest")) for s in (IDLE, PROMPT)},
    (IDLE, MessageArrived): (IDLE, ("announce",)),
    (IDLE, MessageWaits): (PROMPT, ("choose_prompt", "prompt_sound", "start_prompt_timer")),
    (PROMPT, PromptTimer): (IDLE, ("announce_later",)),
    (PLAYING, PlayEnded): (IDLE, ("mark_played", "announce")),
    (PLAYING, StopPlaying): (IDLE, ("stop_mouth", "mark_played", "announce")),
    (PLAYING, Undo): (IDLE, ("stop_mouth", "announce")),
    (PLAYING, NothingToPlay): (IDLE, ("error_tone",)),
    (PLAYING, PlaceTaken): (IDLE, ("set_destination", "mark_played", "announce")),
    **{(s, CallRings): (RINGING, (*DROP, "note_call", "ring")) for s in (IDLE, LISTENING, STOPPED, SENDING)},
    **{(s, CallRings): (RINGING, (*DROP, "hold_message", "note_call", "ring")) for s in (PROMPT, PLAYING)},
    (PHONE, CallRings): (PHONE, ("refuse_call",)),
    (RINGING, Answer): (CALL, ("stop_mouth", "answer_call")),
    **{(s, HangUp): (IDLE, ("stop_mouth", "end_call", "announce")) for s in (RINGING, CALL)},
    **{(s, CallEnds): (IDLE, ("stop_mouth", "forget_call", "announce")) for s in (RINGING, CALL)},
    **{(s, SafetyChime): (IDLE, (*DROP, "hold_message")) for s in (PROMPT, PLAYING)},
    (IDLE, SafetyChimeOver): (IDLE, ("announce",)),
    **{(s, e): (IDLE, DROP) for s in _FREE for e in _OVER},
    **{(s, e): (IDLE, (*DROP, "end_call")) for s in (RINGING, CALL) for e in _OVER},
}


def chime(unit: HeadUnit, event: Event) -> None:
    """The chime says "speak now", so it sounds when the microphone is about to be open."""
    unit.ram.chime_at = unit.clock.now() + unit.figures["chime_latency"]
    unit.later("chime", unit.figures["chime_latency"], lambda u: u.mouth.sound("chime"))


def start_recording(unit: HeadUnit, event: Event) -> None:
    """From the end of the chime on; what the driver says over its last instants is still his."""
    ends = unit.ram.chime_at + unit.mouth.length("chime")
    unit.ear.start(ends - unit.figures["record_before_chime_end"])


def end_recording(unit: HeadUnit, event: Event) -> None:
    unit.ram.user.recording = unit.ear.recording() if unit.ear.spoke else None


def stop_ear(unit: HeadUnit, event: Event) -> None:
    unit.ear.stop()


def drop_recording(unit: HeadUnit, event: Event) -> None:
    unit.stop("chime")
    unit.ram.user.recording = None


def drop_message(unit: HeadUnit, event: Event) -> None:
    """What was said and is not in the outbox yet; it is reported as not sent."""
    unit.stop("queue_message")
    unit.flash.unsent += unit.flash.composing
    unit.flash.composing = False


def end_tone(unit: HeadUnit, event: Event) -> None:
    unit.later("end_tone", unit.figures["end_tone_latency"], lambda u: u.mouth.sound("end_tone"))


def error_tone(unit: HeadUnit, event: Event) -> None:
    unit.mouth.sound("error")


def queue_message(unit: HeadUnit, event: Event) -> None:
    """Encode and put into the outbox; in flash before anybody hears of it."""
    recording = unit.ram.user.recording
    unit.ram.user.recording = None
    session = unit.flash.session
    short = recording is None or len(recording) * S // RATE < unit.figures["shortest_recording"]
    if recording is None or short or session is None or not session.contacts:
        unit.post(NothingSaid())
        return
    unit.flash.composing = True
    unit.start("sending_shown", unit.figures["sending_shown"], SendingShown())

    name_of_codec = str(unit.figures["voice_codec"])

    def encode() -> bytes:
        from harness.phone.codecs import codec

        return codec(name_of_codec).encode(recording, RATE)

    data = unit.ends.aside(encode)

    def encoded(unit: HeadUnit) -> None:
        from harness.phone.messages import Voice

        coded = data()
        if coded is None:
            unit.later("queue_message", ENCODED_YET, encoded)
            return
        unit.flash.message_number += 1
        name = f"{unit.rng.getrandbits(64):016x}-{unit.flash.message_number}"
        voice = Voice(coded, name_of_codec, len(recording) * S // RATE)
        to = unit.ram.user.reply_to or session.contacts[0]
        # the service knows it by an id that says nothing of who sends it
        unit.flash.outbox.append(Outgoing(name, to, voice))
        unit.flash.composing = False
        unit.log.line("messaging: queued")
        unit.post(OutboxFilled())

    unit.later("queue_message", unit.figures["encode_time"], encoded)


def stop_mouth(unit: HeadUnit, event: Event) -> None:
    unit.stop("play")
    unit.mouth.hush()


def stop_voice_timers(unit: HeadUnit, event: Event) -> None:
    for timer in ("prompt", "sending_shown"):
        unit.stop(timer)


def start_stopped_timer(unit: HeadUnit, event: Event) -> None:
    """Nobody stops it: each stop starts it anew, and elsewhere its event finds no row."""
    unit.start("stopped", unit.figures["stuck_time"] * 2, StoppedTimer())


def announce(unit: HeadUnit, event: Event) -> None:
    """When nothing is in front: the oldest message that nobody has been told of."""
    if unit.states["power"] == "run" and not alarmed(unit) and _waiting(unit):
        unit.post(MessageWaits())


def _waiting(unit: HeadUnit) -> list[Received]:
    return [m for m in unit.ram.user.messages if not (m.played or m.muted or m.prompted)]


def announce_later(unit: HeadUnit, event: Event) -> None:
    """Two prompts in a row are two: what is in front comes into sight in between."""
    unit.start("announce", unit.figures["between_prompts"], MessageArrived())


def choose_prompt(unit: HeadUnit, event: Event) -> None:
    for message in _waiting(unit)[:1]:
        _in_front(unit, message)


def _in_front(unit: HeadUnit, message: Received) -> None:
    """Who speaks next answers this one."""
    message.prompted = True
    unit.ram.user.showing, unit.ram.user.reply_to = message, message.sender


def prompt_sound(unit: HeadUnit, event: Event) -> None:
    unit.mouth.sound("prompt")


def start_prompt_timer(unit: HeadUnit, event: Event) -> None:
    unit.start("prompt", unit.figures["prompt_time"], PromptTimer())


def play_oldest(unit: HeadUnit, event: Event) -> None:
    unread = [m for m in unit.ram.user.messages if not m.played]
    _play(unit, unread[0] if unread else None)


def play_last(unit: HeadUnit, event: Event) -> None:
    received = [m for m in unit.ram.user.messages if m.voice is not None]
    _play(unit, received[-1] if received else None)


def _play(unit: HeadUnit, message: Received | None) -> None:
    if message is None:
        unit.post(NothingToPlay())
        return
    _in_front(unit, message)
    if message.kind == "location":
        unit.post(PlaceTaken())
        return

    def speak(unit: HeadUnit) -> None:
        if alarmed(unit):
            unit.post(SafetyChime())
        else:
            unit.mouth.speak(message, PlayEnded())

    unit.later("play", unit.figures["playback_latency"], speak)


def alarmed(unit: HeadUnit) -> bool:
    """Whether a safety chime sounds: it outranks every message."""
    return any(unit.ram.roles.get(role) == "active" for role in unit.intake.alarms)


def set_destination(unit: HeadUnit, event: Event) -> None:
    """ "latitude,longitude,name": navigation leads there, and comes to the front."""
    message = unit.ram.user.showing
    if message is not None:
        unit.ram.user.destination = message.text.split(",", 2)[-1] or message.sender_name
        unit.ram.page = "navigation"


def hold_message(unit: HeadUnit, event: Event) -> None:
    """Something more important came: the message announces itself again afterwards."""
    if unit.ram.user.showing is not None:
        unit.ram.user.showing.prompted = False


def mark_played(unit: HeadUnit, event: Event) -> None:
    message, session = unit.ram.user.showing, unit.flash.session
    if message is None or message.played or session is None:
        return
    message.played = True
    unit.service.call("mark_played", session.token, message.id)


def end_voice(unit: HeadUnit, event: Event) -> None:
    unit.post(VoiceLost())


ACTIONS: dict[str, Action] = {
    "chime": chime,
    "start_recording": start_recording,
    "end_recording": end_recording,
    "stop_ear": stop_ear,
    "drop_recording": drop_recording,
    "drop_message": drop_message,
    "end_tone": end_tone,
    "error_tone": error_tone,
    "queue_message": queue_message,
    "stop_mouth": stop_mouth,
    "stop_voice_timers": stop_voice_timers,
    "start_stopped_timer": start_stopped_timer,
    "announce": announce,
    "announce_later": announce_later,
    "choose_prompt": choose_prompt,
    "prompt_sound": prompt_sound,
    "start_prompt_timer": start_prompt_timer,
    "play_oldest": play_oldest,
    "play_last": play_last,
    "mark_played": mark_played,
    "end_voice": end_voice,
    "hold_message": hold_message,
    "set_destination": set_destination,
}
