"""The network link, and messages between unit and service."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


class LinkUp(Event):
    """The network link is there."""


class LinkDown(Event):
    """The network link is gone."""


class MessageArrived(Event):
    """The service has something new for this account."""


class OutboxFilled(Event):
    """A message was queued."""


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """The service has taken the message."""

    id: str


@dataclass(frozen=True, slots=True)
class SendFailed(Event):
    """The service could not be reached or has refused."""

    id: str
    why: str


class SendRetry(Event):
    """Try the head of the outbox again."""
