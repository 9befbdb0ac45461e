"""What the messaging service tells a unit without being asked."""

from __future__ import annotations

from dataclasses import dataclass

from harness.foundation.units import Ns
from harness.phone.messages import Message


@dataclass(frozen=True)
class Contact:
    account: str
    name: str


@dataclass(frozen=True)
class CodeScanned:
    """A phone has scanned the code; its owner has until ``confirm_by`` to confirm."""

    code: str
    confirm_by: Ns


@dataclass(frozen=True)
class CodeConfirmed:
    """Logged in: the session's token, whose it is, and whom they can write to. ``code`` is empty in a restored one."""

    code: str
    token: str
    account: str
    name: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class CodeRefused:
    code: str


@dataclass(frozen=True)
class CodeTimedOut:
    """It was scanned, and nobody confirmed."""

    code: str


@dataclass(frozen=True)
class CodeExpired:
    """Nobody scanned it while it was valid."""

    code: str


@dataclass(frozen=True)
class MessageArrived:
    """A message for the account of the session ``token``, how its sender is called, whether the conversation is muted,
    and how many messages are unread now."""

    token: str
    message: Message
    sender_name: str
    muted: bool
    unread: int


@dataclass(frozen=True)
class CallArrived:
    """A friend rings; ``video`` if it is meant with picture."""

    token: str
    call_id: str
    sender: str
    sender_name: str
    video: bool


@dataclass(frozen=True)
class CallEnded:
    """The call is over, whoever ended it; ``why`` is one of ``harness.phone.calls.OVER``."""

    token: str
    call_id: str
    why: str


@dataclass(frozen=True)
class SessionRevoked:
    """The session ``token`` has ended because its account has logged in elsewhere."""

    token: str


UnitEvent = (
    CodeScanned
    | CodeConfirmed
    | CodeRefused
    | CodeTimedOut
    | CodeExpired
    | MessageArrived
    | CallArrived
    | CallEnded
    | SessionRevoked
)
