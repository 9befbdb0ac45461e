"""Recording and playing messages, and what outranks it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class SilenceHeard(Event):
    """Nothing was said for the silence time; ``spoke`` tells whether anything was said at all."""

    spoke: bool


class RecordingFull(Event):
    """The longest recording is reached."""


class NothingSaid(Event):
    """A recording ended without a word in it."""


class NothingToPlay(Event):
    """Asked to play, and there is no message."""


class PlaceTaken(Event):
    """What was to be played is a place: it becomes the destination."""


class PlayEnded(Event):
    """The message has been played to its end."""


class SendingShown(Event):
    """The sending view has been in front long enough."""


class StoppedTimer(Event):
    """A stopped recording was neither sent nor discarded: the release never came."""


class MessageWaits(Event):
    """There is an unread message to announce and nothing else in front."""


class PromptTimer(Event):
    """The prompt has been in front long enough."""


class SafetyChime(Event):
    """A safety chime sounds: it outranks messages."""


class SafetyChimeOver(Event):
    """It sounds no longer."""


class VoiceLost(Event):
    """Messaging must stop at once: session over, or power going."""
