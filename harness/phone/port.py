"""What the bench needs of phones and accounts.

A phone scans the login code and confirms it; an account is a person with an inbox. The contact is another account.
Contents are PCM sound or text as the other side really received it: after its codec, from the backend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Delivered:
    """A message in an inbox. ``kind`` is voice, text, picture, red_envelope, location ...

    Voice carries int16 ``samples`` at ``rate`` (Hz), decoded from what was transmitted, and the name of its ``codec``
    where that is known; text carries ``text``.
    """

    id: str
    sender: str
    kind: str
    stamp: Stamp
    text: str = ""
    rate: int = 0
    samples: NDArray[np.int16] | None = field(default=None, compare=False)
    codec: str = ""


@dataclass(frozen=True)
class Scan:
    """What the phone's app answered to a scan or a confirmation: accepted, expired, used, refused, unknown, offline."""

    outcome: str
    stamp: Stamp


@dataclass(frozen=True)
class SessionEvent:
    """The backend's word on the account's car session: opened, closed, revoked; ``unit`` is the car's serial."""

    what: str
    unit: str
    stamp: Stamp


@dataclass(frozen=True)
class CallEvent:
    """The service's word on a call of an account: rings, answered, ended, refused, missed, busy, lost.

    ``call`` names the call, ``media`` what it carries or is meant to carry: voice, video.
    """

    what: str
    call: str
    media: str
    stamp: Stamp


@dataclass(frozen=True)
class Unread:
    """From ``stamp`` on the service held ``count`` messages as not played."""

    count: int
    stamp: Stamp


class PhonePort(Protocol):
    """A person's phone: scans what the camera sees of the unit's screen (the text of the code), then decides."""

    def scan(self, code: str) -> Scan: ...

    def confirm(self) -> Scan:
        """Confirm the login that the last scan opened. HarnessError when nothing was scanned."""
        ...

    def refuse(self) -> Scan: ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...


class AccountPort(Protocol):
    """A person's account on the messaging service."""

    name: str

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp: ...

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        """Send text, or something with a text form: picture, red_envelope, transfer, link, location."""
        ...

    def inbox(self) -> Sequence[Delivered]:
        """Everything delivered to this account so far, oldest first."""
        ...

    def sessions(self) -> Sequence[SessionEvent]:
        """What the service knows of this account's car sessions so far, oldest first."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...


class CallPort(Protocol):
    """What an account can do besides, where its driver can: ring, be rung, keep conversations quiet. A driver that
    cannot lacks the method, or raises NotOffered."""

    def call(self, to: str, video: bool = False) -> Stamp:
        """Ring ``to``."""
        ...

    def answer(self) -> Stamp:
        """Take the call that rings here. HarnessError when none does."""
        ...

    def hang_up(self) -> Stamp:
        """End the call, give it up or refuse it. HarnessError when there is none."""
        ...

    def calls(self) -> Sequence[CallEvent]:
        """What the service knows of this account's calls so far, oldest first."""
        ...

    def mute(self, other: str, on: bool = True) -> None:
        """Do not disturb this account with messages of ``other``."""
        ...

    def unread_log(self) -> Sequence[Unread]:
        """How many messages the service held as not played, each time that changed."""
        ...


class VoicePort(Protocol):
    """A call's sound at an account, where its driver carries it."""

    def speak(self, samples: NDArray[np.int16], rate: int, at: Ns) -> Stamp:
        """Speak int16 mono samples into the call from ``at`` on; the stamp is when that begins."""
        ...

    def ear(self, start: Ns, stop: Ns) -> tuple[NDArray[np.int16], int]:
        """(int16 samples, rate) of what this person's ear got in [start, stop)."""
        ...

    def joins_network(self) -> None:
        """From now on this phone's calls cross the network link of the unit."""
        ...
