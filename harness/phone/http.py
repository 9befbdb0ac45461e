"""The messaging service over HTTP: phones and accounts for the rig, the unit's way to it for the unit's process.

Theory. A call is one exchange with a service on this machine, about 1 ms; the service says when it ran it, on the
common time line, and that must lie between asking and being answered. Reading an inbox asks anew each time, and the
watermark is the clock's settled time, which is never later: so what an inbox did not hold had not come by then.

A unit reaches the service over its own network link, which delays and loses here as it does in memory
(harness/network/memory.py): what the link lets through is then a real call.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.pseudonyms import Secret
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.phone.client import UNIT_CALLS, UnitNetwork
from harness.phone.codecs import DEFAULT, codec
from harness.phone.events import UnitEvent
from harness.phone.messages import Payload, Voice
from harness.phone.people import call_events, call_here, delivered, unread_entries
from harness.phone.port import CallEvent, Delivered, Scan, SessionEvent, Unread
from harness.phone.wire import pack, unpack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TIMEOUT_S = 3.0
TAKE_OVER_EVERY: Ns = 5 * MS
RETRY_S = 0.2
WAIT_S = 0.25
"""How long one question for news waits for some; so long it takes at most to end."""


class Exchange:
    """One connection to the service, kept open. RigFault when it does not answer or has another time."""

    def __init__(self, clock: Clock, url: str) -> None:
        where = urlsplit(url)
        if where.scheme != "http" or where.hostname is None:
            raise RigFault(f"messaging service {url}: not an address such as http://127.0.0.1:8080")
        self.url = url
        self._clock = clock
        self._connection = http.client.HTTPConnection(where.hostname, where.port, timeout=TIMEOUT_S)

    def call(self, method: str, *args: object) -> tuple[Any, Ns]:
        """(result, when the service ran it). HarnessError when the service says that the call makes no sense."""
        body = json.dumps({"method": method, "args": pack(args)})
        answer = self._ask("POST", "/call", body)
        return unpack(answer["result"]), int(answer["at"])

    def told(self, serial: str, after: int, wait: float) -> list[Any]:
        answer = self._ask("GET", f"/push/{serial}?after={after}&wait={wait}", None)
        return [unpack(event) for event in answer["told"]]

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> dict[str, Any]:
        asked = self._clock.now()
        try:
            if self._connection.sock is None:
                self._connection.connect()
                line: Any = self._connection.sock  # typed as None by what comes before connect
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.request(method, path, body)
            answer = self._connection.getresponse()
            said: dict[str, Any] = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as why:
            self._connection.close()
            raise RigFault(f"the messaging service {self.url} does not answer: {why or type(why).__name__}") from why
        if answer.status == 400:
            raise HarnessError(str(said.get("error")))
        if answer.status != 200 or "at" not in said:
            raise RigFault(f"the messaging service {self.url} answered {answer.status} to {path}")
        if not asked <= int(said["at"]) <= self._clock.now():
            raise RigFault(f"the messaging service {self.url} has another time: it says {show_time(int(said['at']))}, "
                           f"asked at {show_time(asked)}. Both must be on one machine and share one zero.")  # fmt: skip
        return said


class HttpService:
    """What the rig holds: phones and accounts by name."""

    def __init__(self, clock: Clock, url: str, codec: str = DEFAULT) -> None:
        """``codec``: what the phones here send speech in, a name of ``harness.phone.codecs``."""
        self.clock = clock
        self.codec = codec
        self.exchange = Exchange(clock, url)
        self._ids = 0
        self._phones: dict[str, HttpPhone] = {}
        self._accounts: dict[str, HttpAccount] = {}

    def add_account(self, account: str, name: str = "") -> None:
        self.exchange.call("add_account", account, name)

    def befriend(self, one: str, other: str) -> None:
        self.exchange.call("befriend", one, other)

    def issued(self) -> Sequence[Secret]:
        """Every code and token so far, oldest first."""
        found: Sequence[Secret] = self.exchange.call("issued")[0]
        return found

    def phone(self, account: str) -> HttpPhone:
        """The phone of an account's owner. HarnessError for an unknown account."""
        self._check(account)
        return self._phones.setdefault(account, HttpPhone(self, account))

    def account(self, name: str) -> HttpAccount:
        """An account, one object each. HarnessError for an unknown one."""
        if name not in self._accounts:
            self._check(name)
            self._accounts[name] = HttpAccount(self, name)
        return self._accounts[name]

    def next_message_id(self) -> str:
        self._ids += 1
        return f"m{self._ids}"

    def seen_to(self) -> Ns:
        return self.clock.settled()

    def close(self) -> None:
        for phone in self._phones.values():
            phone.close()
        for account in self._accounts.values():
            account.close()
        self.exchange.close()

    def _check(self, account: str) -> None:
        known, _ = self.exchange.call("accounts")
        if account not in known:
            raise HarnessError(f"no account {account!r}; there are: {', '.join(known) or 'none'}")


class HttpPhone:
    """A person's phone (a ``PhonePort``)."""

    def __init__(self, service: HttpService, account: str) -> None:
        self._service = service
        self._account = account
        self._scanned = ""
        self._closed = False

    def scan(self, code: str) -> Scan:
        """As ``PhonePort.scan``; outcomes as ``Backend.scan``."""
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
        outcome, at = self._service.exchange.call(what, self._account, self._scanned)
        return Scan(str(outcome), Stamp.exact(at))


class HttpAccount:
    """A person's account (an ``AccountPort``)."""

    def __init__(self, service: HttpService, name: str) -> None:
        self.name = name
        self._service = service
        self._opened: list[Delivered] = []
        self._closed = False

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        """As ``AccountPort.send_voice``: int16 mono at ``rate`` Hz, sent in the service's codec. HarnessError if ``to``
        is unknown."""
        coded = codec(self._service.codec)
        return self._send(to, "voice", Voice(coded.encode(samples, rate), coded.NAME, len(samples) * S // rate))

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        """As ``AccountPort.send_text``. HarnessError for an unknown ``to`` or kind."""
        return self._send(to, kind, text)

    def inbox(self) -> Sequence[Delivered]:
        """As ``AccountPort.inbox``, as the service has it now."""
        messages, _ = self._service.exchange.call("inbox", self.name)
        self._opened.extend(delivered(message) for message in messages[len(self._opened) :])
        return tuple(self._opened)

    def sessions(self) -> Sequence[SessionEvent]:
        log, _ = self._service.exchange.call("session_log", self.name)
        return tuple(SessionEvent(entry.what, entry.serial, Stamp.exact(entry.at)) for entry in log)

    def call(self, to: str, video: bool = False) -> Stamp:
        """As ``CallPort.call``; the voice of a call does not cross here."""
        return self._send(to, "video_call" if video else "voice_call", "")

    def answer(self) -> Stamp:
        return self._decide("account_answers")

    def hang_up(self) -> Stamp:
        return self._decide("account_hangs_up")

    def calls(self) -> Sequence[CallEvent]:
        return call_events(self._service.exchange.call("call_log", self.name)[0])

    def mute(self, other: str, on: bool = True) -> None:
        self._service.exchange.call("mute", self.name, other, on)

    def unread_log(self) -> Sequence[Unread]:
        return unread_entries(self._service.exchange.call("unread_log", self.name)[0])

    def seen_to(self) -> Ns:
        return self._service.clock.settled()

    def close(self) -> None:
        """No more sending."""
        self._closed = True

    def _decide(self, what: str) -> Stamp:
        call = call_here(self._service.exchange.call("call_of", self.name)[0], self.name)
        _, at = self._service.exchange.call(what, self.name, call.id)
        return Stamp.exact(at)

    def _send(self, to: str, kind: str, payload: Payload) -> Stamp:
        if self._closed:
            raise HarnessError(f"send: the account {self.name} is closed")
        args = (self.name, to, kind, payload, self._service.next_message_id())
        outcome, at = self._service.exchange.call("account_send", *args)
        if outcome != "accepted":
            raise HarnessError(f"{self.name} sends to {to!r}: {outcome}")
        return Stamp.exact(at)


class HttpUnitService:
    """What the unit's process holds. ``unit_link`` as ``MemoryService.unit_link``."""

    def __init__(self, clock: Clock, url: str) -> None:
        self._clock = clock
        self._url = url
        self._clients: list[HttpUnitClient] = []

    def unit_link(self, network: UnitNetwork, serial: str) -> HttpUnitClient:
        client = HttpUnitClient(self._clock, self._url, network, serial)
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()


class _Unreached:
    """Stands for an answer that could not be had although the link let the call through."""


class HttpUnitClient:
    """As ``harness.phone.client.UnitClient``, with real calls beyond the link."""

    def __init__(self, clock: Clock, url: str, network: UnitNetwork, serial: str) -> None:
        self.serial = serial
        self._clock = clock
        self._network = network
        self._exchange = Exchange(clock, url)
        self._pushes = Exchange(clock, url)
        self._callbacks: list[Callable[[UnitEvent], None]] = []
        self._arrived: deque[UnitEvent] = deque()
        self._seen = len(self._pushes.told(serial, 0, 0))
        self._closed = threading.Event()
        self._handle: Handle = clock.at(clock.now(), self._take_over, name="service pushes")
        threading.Thread(target=self._listen, name="service pushes", daemon=True).start()

    def call(self, method: str, *args: object, answer: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        """As ``UnitClient.call``; a service that is not there is a call without an answer: failed("timeout")."""
        if method not in UNIT_CALLS:
            raise HarnessError(f"a unit cannot ask {method!r}; it can: {', '.join(sorted(UNIT_CALLS))}")

        def ask() -> object:
            try:
                return self._exchange.call(method, *args)[0]
            except RigFault:
                return _Unreached()

        def back(value: object) -> None:
            if isinstance(value, _Unreached):
                failed("timeout")
            else:
                answer(value)

        self._network.request(ask, back, failed, f"service {method}")

    def on_push(self, callback: Callable[[UnitEvent], None]) -> Callable[[], None]:
        """As ``UnitClient.on_push``."""
        self._callbacks.append(callback)

        def stop() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return stop

    def talk(self, token: str, call_id: str, heard: Callable[[Any], None]) -> None:
        """None: no voice crosses HTTP."""

    def end_talk(self) -> None:
        """There is none."""

    def close(self) -> None:
        self._closed.set()
        self._handle.cancel()
        self._exchange.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                events = self._pushes.told(self.serial, self._seen, WAIT_S)
            except (RigFault, HarnessError):
                self._closed.wait(RETRY_S)
                continue
            self._seen += len(events)
            self._arrived.extend(events)
        self._pushes.close()

    def _take_over(self) -> None:
        while self._arrived:
            event = self._arrived.popleft()
            self._network.push(lambda event=event: self._tell(event), f"service {type(event).__name__}")  # type: ignore[misc]
        due = (self._clock.now() // TAKE_OVER_EVERY + 1) * TAKE_OVER_EVERY  # with everything else that looks then
        self._handle = self._clock.at(due, self._take_over, name="service pushes")

    def _tell(self, event: UnitEvent) -> None:
        for callback in tuple(self._callbacks):
            callback(event)
