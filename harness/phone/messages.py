"""Messages and mailboxes of the messaging service.

Theory. A sender names each message with an id of its own; the same id from the same sender is the same message,
however often it comes (a retry after a lost answer). So a message is in the receiver's inbox exactly once, in the order
in which the service first accepted it. A message is unread until it was marked played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from harness.foundation.units import Ns

CALLS = ("voice_call", "video_call")
KINDS = (
    "voice",
    "text",
    "picture",
    "video",
    "sticker",
    "red_envelope",
    "transfer",
    "link",
    "location",
    *CALLS,
)


class Voice(NamedTuple):
    """Encoded speech, the codec that understands it ("opus"), and how long it lasts in ns as its sender says."""

    data: bytes
    codec: str
    duration: Ns


Payload = Voice | str
"""Speech, or the text form of anything else ("lat,lon,name" of a location, the amount of a transfer)."""


@dataclass(frozen=True)
class Message:
    """A message the service has accepted at ``at``. ``id`` is the sender's."""

    id: str
    sender: str
    to: str
    kind: str
    payload: Payload
    at: Ns


class UnreadEntry(NamedTuple):
    """From ``at`` on ``unread`` messages were not played."""

    unread: int
    at: Ns


class Mailboxes:
    def __init__(self) -> None:
        self._inbox: dict[str, list[Message]] = {}
        self._known: set[tuple[str, str]] = set()
        self._played: set[tuple[str, str, str]] = set()
        self._unread: dict[str, list[UnreadEntry]] = {}

    def put(self, message: Message) -> bool:
        """Deliver, unless the sender's id is known already."""
        if (message.sender, message.id) in self._known:
            return False
        self._known.add((message.sender, message.id))
        self._inbox.setdefault(message.to, []).append(message)
        self._count(message.to, message.at)
        return True

    def inbox(self, account: str) -> tuple[Message, ...]:
        """Everything delivered to ``account``, oldest first."""
        return tuple(self._inbox.get(account, ()))

    def unread(self, account: str) -> tuple[Message, ...]:
        """What is not played yet, oldest first; calls are not read."""
        return tuple(
            m
            for m in self._inbox.get(account, ())
            if m.kind not in CALLS and (account, m.sender, m.id) not in self._played
        )

    def unread_log(self, account: str) -> tuple[UnreadEntry, ...]:
        """How many were unread, each time that changed."""
        return tuple(self._unread.get(account, ()))

    def mark_played(self, account: str, message_id: str, now: Ns = 0) -> str:
        """accepted, duplicate, unknown. Of two senders' equal ids the oldest not yet played is meant."""
        meant = [m for m in self._inbox.get(account, ()) if m.id == message_id]
        for message in meant:
            key = (account, message.sender, message.id)
            if key not in self._played:
                self._played.add(key)
                self._count(account, now)
                return "accepted"
        return "duplicate" if meant else "unknown"

    def _count(self, account: str, now: Ns) -> None:
        log, count = self._unread.setdefault(account, []), len(self.unread(account))
        if not log or log[-1].unread != count:
            log.append(UnreadEntry(count, now))
