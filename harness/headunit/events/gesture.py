"""What gestures of the wheel button mean; the car's table decides which means what."""

from __future__ import annotations

from harness.headunit.events.event import Event


class Listen(Event):
    """Open messaging and record."""


class Undo(Event):
    """Take the press back: to what was in front, nothing sent."""


class Replay(Event):
    """Play the last received message again, dropping what is being recorded."""


class StopCapture(Event):
    """Stop recording; what becomes of it is decided on release."""


class Send(Event):
    """Send what was recorded."""


class Discard(Event):
    """Drop what was recorded."""


class Play(Event):
    """Play the oldest unread message."""


class StopPlaying(Event):
    """Stop what is being played."""


class Answer(Event):
    """Accept the ringing call."""


class HangUp(Event):
    """End the call, or refuse it while it rings."""
