"""People: a phone that scans and decides, an account that writes and reads. Their own link answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S
from harness.phone.messages import Message, Payload, Voice
from harness.phone.port import Delivered, Scan, SessionEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.phone.memory import MemoryService


class MemoryPhone:
    """A person's phone (a ``PhonePort``). ``online`` says whether it reaches the service."""

    def __init__(self, service: MemoryService, account: str) -> None:
        self._service = service
        self._account = account
        self._scanned = ""
        self._closed = False
        self.online = True

    def scan(self, code: str) -> Scan:
        """As ``PhonePort.scan``; outcomes as ``Backend.scan``, or offline."""
        self._scanned = code
        return self._ask("scan")

    def confirm(self) -> Scan:
        return self._ask("confirm")

    def refuse(self) -> Scan:
        return self._ask("refuse")

    def seen_to(self) -> Ns:
        return self._service.clock.settled()

    def close(self) -> None:
        self._closed = True

    def _ask(self, what: str) -> Scan:
        if self._closed:
            raise HarnessError(f"{what}: the phone is closed")
        if not self._scanned:
            raise HarnessError(f"{what}: nothing was scanned")
        outcome = self._service.call(what, self._account, self._scanned) if self.online else "offline"
        return Scan(outcome, Stamp.exact(self._service.clock.now()))


class MemoryAccount:
    """A person's account (an ``AccountPort``)."""

    def __init__(self, service: MemoryService, name: str) -> None:
        self.name = name
        self._service = service
        self._opened: list[Delivered] = []
        self._closed = False

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        """As ``AccountPort.send_voice``: int16 mono at ``rate`` Hz, sent as Opus. HarnessError if ``to`` is unknown."""
        from harness.phone import codec

        return self._send(to, "voice", Voice(codec.encode(samples, rate), codec.NAME, len(samples) * S // rate))

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        """As ``AccountPort.send_text``; also voice_call and video_call. HarnessError for an unknown ``to`` or kind."""
        return self._send(to, kind, text)

    def inbox(self) -> Sequence[Delivered]:
        """As ``AccountPort.inbox``. A voice message that no codec understands has no samples and rate 0."""
        for message in self._service.backend.inbox(self.name)[len(self._opened) :]:
            self._opened.append(delivered(message))
        return tuple(self._opened)

    def sessions(self) -> Sequence[SessionEvent]:
        log = self._service.backend.session_log(self.name)
        return tuple(SessionEvent(entry.what, entry.serial, Stamp.exact(entry.at)) for entry in log)

    def unread(self) -> int:
        """How many messages the service holds as not played."""
        return len(self._service.backend.unread(self.name))

    def mute(self, other: str, on: bool = True) -> None:
        """Do not disturb this account with messages of ``other``."""
        self._service.backend.mute(self.name, other, on)

    def seen_to(self) -> Ns:
        return self._service.clock.settled()

    def close(self) -> None:
        """No more sending; what was received stays readable."""
        self._closed = True

    def _send(self, to: str, kind: str, payload: Payload) -> Stamp:
        if self._closed:
            raise HarnessError(f"send: the account {self.name} is closed")
        outcome = self._service.call("account_send", self.name, to, kind, payload, self._service.next_message_id())
        if outcome != "accepted":
            raise HarnessError(f"{self.name} sends to {to!r}: {outcome}")
        return Stamp.exact(self._service.clock.now())


def delivered(message: Message) -> Delivered:
    stamp, payload = Stamp.exact(message.at), message.payload
    if not isinstance(payload, Voice):
        return Delivered(message.id, message.sender, message.kind, stamp, text=payload)
    from harness.phone import codec

    samples, rate = None, 0
    if payload.codec == codec.NAME:
        try:
            samples, rate = codec.decode(payload.data)
        except ValueError:
            samples, rate = None, 0
    return Delivered(message.id, message.sender, message.kind, stamp, rate=rate, samples=samples)
