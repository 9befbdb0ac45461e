"""The session once it is open: how it ends, and what the other machines are told of it."""

from __future__ import annotations

from harness.headunit.events.event import Event


class SessionOpened(Event):
    """The session machine has opened a session."""


class SessionClosed(Event):
    """The session machine has ended the session and erased the user."""


class SessionRestored(Event):
    """A complete session was found in flash after start."""


class SessionRevoked(Event):
    """The service has ended the session (login elsewhere)."""


class Erased(Event):
    """The time that erasing takes is over."""


class NoticeOver(Event):
    """A notice has been in front long enough."""
