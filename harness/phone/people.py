"""People: a phone that scans and decides, an account that writes and reads. Their own link answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import EXACT
from harness.foundation.units import Ns, S
from harness.phone import voice_link
from harness.phone.calls import Call, CallEntry
from harness.phone.codecs import codec, understood
from harness.phone.messages import Message, Payload, UnreadEntry, Voice
from harness.phone.port import CallEvent, Delivered, Scan, SessionEvent, Unread

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

    uncertainty = EXACT

    def __init__(self, service: MemoryService, name: str) -> None:
        self.name = name
        self._service = service
        self._opened: list[Delivered] = []
        self._closed = False
        self.heard = voice_link.Heard()

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        """As ``AccountPort.send_voice``: int16 mono at ``rate`` Hz, sent in the service's codec. HarnessError if ``to``
        is unknown."""
        coded = codec(self._service.codec)
        return self._send(to, "voice", Voice(coded.encode(samples, rate), coded.NAME, len(samples) * S // rate))

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

    def unread_log(self) -> Sequence[Unread]:
        return unread_entries(self._service.backend.unread_log(self.name))

    def call(self, to: str, video: bool = False) -> Stamp:
        """As ``CallPort.call``."""
        return self._send(to, "video_call" if video else "voice_call", "")

    def answer(self) -> Stamp:
        return self._decide("account_answers")

    def hang_up(self) -> Stamp:
        return self._decide("account_hangs_up")

    def calls(self) -> Sequence[CallEvent]:
        return call_events(self._service.backend.call_log(self.name))

    def speak(self, samples: NDArray[np.int16], rate: int, at: Ns) -> Stamp:
        """As ``VoicePort.speak``; HarnessError for a past instant. Outside a call nobody hears it."""
        clock = self._service.clock
        if at < clock.now():
            raise HarnessError(f"{self.name} cannot speak in the past")
        for number, packet in enumerate(voice_link.packets(samples, rate), 1):
            when = at + number * voice_link.PACKET
            clock.at(when, lambda packet=packet: self._service.spoken(self.name, packet), name="voice")  # type: ignore[misc]
        return Stamp.exact(at)

    def ear(self, start: Ns, stop: Ns) -> tuple[NDArray[np.int16], int]:
        return self.heard.between(start, stop), voice_link.RATE

    def joins_network(self) -> None:
        self._service.share_network(self.name)

    def seen_to(self) -> Ns:
        return self._service.clock.settled()

    def close(self) -> None:
        """No more sending; what was received stays readable."""
        self._closed = True

    def _decide(self, what: str) -> Stamp:
        call = call_here(self._service.backend.call_of(self.name), self.name)
        self._service.call(what, self.name, call.id)
        return Stamp.exact(self._service.clock.now())

    def _send(self, to: str, kind: str, payload: Payload) -> Stamp:
        if self._closed:
            raise HarnessError(f"send: the account {self.name} is closed")
        outcome = self._service.call("account_send", self.name, to, kind, payload, self._service.next_message_id())
        if outcome != "accepted":
            raise HarnessError(f"{self.name} sends to {to!r}: {outcome}")
        return Stamp.exact(self._service.clock.now())


def call_here(call: Call | None, account: str) -> Call:
    """HarnessError when there is none."""
    if call is None:
        raise HarnessError(f"{account} has no call")
    return call


def call_events(log: Sequence[CallEntry]) -> tuple[CallEvent, ...]:
    return tuple(CallEvent(entry.what, entry.call, entry.media, Stamp.exact(entry.at)) for entry in log)


def unread_entries(log: Sequence[UnreadEntry]) -> tuple[Unread, ...]:
    return tuple(Unread(entry.unread, Stamp.exact(entry.at)) for entry in log)


def delivered(message: Message) -> Delivered:
    stamp, payload = Stamp.exact(message.at), message.payload
    if not isinstance(payload, Voice):
        return Delivered(message.id, message.sender, message.kind, stamp, text=payload)
    samples, rate = understood(payload.codec, payload.data)
    return Delivered(
        message.id, message.sender, message.kind, stamp, rate=rate, samples=samples, codec=payload.codec
    )
