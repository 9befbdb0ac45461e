"""The messaging service, phones and accounts in memory.

Theory. ``MemoryService`` owns the service's core and puts its time-outs on the clock. Phones and accounts are people
with a link of their own to it, which answers at once. A unit reaches it over its own network link: calls and pushes
cross with that link's delay and get lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S
from harness.phone.backend import Backend
from harness.phone.events import UnitEvent
from harness.phone.messages import Message, Payload, Voice
from harness.phone.port import Delivered, Scan, SessionEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNIT_CALLS = frozenset(
    {"register_unit", "new_code", "session", "send", "fetch", "mark_played", "close_session"},
)
"""What a unit may ask of the service; arguments as in ``Backend``, without ``now``."""


class UnitNetwork(Protocol):
    """The unit's end of a network link, as ``harness.network.memory`` gives it."""

    def request(
        self, call: Callable[[], object], answer: Callable[[object], None], failed: Callable[[str], None], name: str
    ) -> None: ...

    def push(self, deliver: Callable[[], None], name: str) -> None: ...


class MemoryService:
    """The service on the clock."""

    def __init__(self, clock: Clock, rng: Random) -> None:
        self.clock = clock
        self.backend = Backend(rng)
        self._due: Handle | None = None
        self._ids = 0
        self._phones: dict[str, MemoryPhone] = {}
        self._accounts: dict[str, MemoryAccount] = {}

    def add_account(self, account: str, name: str = "", contacts: Iterable[str] = ()) -> None:
        """As ``Backend.add_account``."""
        self.backend.add_account(account, name, contacts)

    def phone(self, account: str) -> MemoryPhone:
        """The phone of an account's owner, one per account. HarnessError for an unknown account."""
        self._check(account)
        return self._phones.setdefault(account, MemoryPhone(self, account))

    def account(self, name: str) -> MemoryAccount:
        """An account, one object each. HarnessError for an unknown one."""
        self._check(name)
        return self._accounts.setdefault(name, MemoryAccount(self, name))

    def unit_link(self, network: UnitNetwork, serial: str) -> UnitClient:
        """What the unit ``serial`` speaks to the service with."""
        return UnitClient(self, network, serial)

    def seen_to(self) -> Ns:
        return self.clock.settled()

    def close(self) -> None:
        """Close every phone and account; the service's time-outs leave the clock."""
        for port in (*self._phones.values(), *self._accounts.values()):
            port.close()
        if self._due is not None:
            self._due.cancel()

    def next_message_id(self) -> str:
        """Ids of what phones send. They say nothing of their sender: a unit may well print them."""
        self._ids += 1
        return f"m{self._ids}"

    def call(self, method: str, *args: object) -> Any:
        """Call the core at the present instant, and put its next time-out on the clock."""
        result = getattr(self.backend, method)(*args, self.clock.now())
        self._drive()
        return result

    def _drive(self) -> None:
        if self._due is not None:
            self._due.cancel()
        due = self.backend.advance(self.clock.now())
        self._due = None if due is None else self.clock.at(due, self._drive, name="messaging service time-out")

    def _check(self, account: str) -> None:
        if account not in self.backend.accounts():
            raise HarnessError(f"no account {account!r}; there are: {', '.join(self.backend.accounts()) or 'none'}")


class UnitClient:
    """The unit's way to the service, over its network link."""

    def __init__(self, service: MemoryService, network: UnitNetwork, serial: str) -> None:
        self.serial = serial
        self._service = service
        self._network = network

    def call(
        self, method: str, *args: object, answer: Callable[[Any], None], failed: Callable[[str], None]
    ) -> None:
        """Ask ``method`` of UNIT_CALLS with the arguments of ``Backend`` (without ``now``).

        ``answer(result)`` or ``failed("down" | "timeout")`` is called, once, while time passes. A failed call may have
        been carried out. HarnessError for another method.
        """
        if method not in UNIT_CALLS:
            raise HarnessError(f"a unit cannot ask {method!r}; it can: {', '.join(sorted(UNIT_CALLS))}")
        self._network.request(lambda: self._service.call(method, *args), answer, failed, f"service {method}")

    def on_push(self, callback: Callable[[UnitEvent], None]) -> Callable[[], None]:
        """Call ``callback(event)`` for what the service tells this unit from now on. Returns the way to stop that;
        what was pushed before that and is still under way is not delivered any more."""
        listening = True

        def told(event: UnitEvent) -> None:
            self._network.push(lambda: callback(event) if listening else None, f"service {type(event).__name__}")

        end = self._service.backend.on_push(self.serial, told)

        def stop() -> None:
            nonlocal listening
            listening = False
            end()

        return stop


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
            self._opened.append(_delivered(message))
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


def _delivered(message: Message) -> Delivered:
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
