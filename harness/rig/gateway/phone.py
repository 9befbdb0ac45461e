"""A gateway between people and the messaging service: what their phones and accounts do is lost, late or doubled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from harness.foundation.clock import Clock
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.phone.port import Delivered, Scan, SessionEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _Stamped(Protocol):
    @property
    def stamp(self) -> Stamp: ...


T = TypeVar("T", bound=_Stamped)
Inbox = Callable[[Sequence[Delivered]], Sequence[Delivered]]
Sessions = Callable[[Sequence[SessionEvent]], Sequence[SessionEvent]]


def as_it_is(found: Sequence[T]) -> Sequence[T]:
    return found


class ServiceGate:
    """What gives phones and accounts, before one that does. ``inbox`` and ``sessions`` change what an account is told;
    without ``sends`` its messages go nowhere; ``decides`` answers a phone's scan, confirmation or refusal in the
    place of the service (None: it does). ``late`` is how much later a message of an account leaves. From ``dead_from``
    on the watermark stands."""

    def __init__(
        self,
        clock: Clock,
        service: Any,
        *,
        inbox: Inbox = as_it_is,
        sessions: Sessions = as_it_is,
        sends: bool = True,
        twice: bool = False,
        decides: Callable[[str], str | None] = lambda what: None,
        late: Ns = 0,
        dead_from: Ns | None = None,
    ) -> None:
        self.clock = clock
        self.behind = service
        self.inbox = inbox
        self.sessions = sessions
        self.sends = sends
        self.twice = twice
        self.decides = decides
        self.late = late
        self.dead_from = dead_from

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)

    def phone(self, account: str) -> PhoneGate:
        return PhoneGate(self, self.behind.phone(account))

    def account(self, name: str) -> AccountGate:
        return AccountGate(self, self.behind.account(name))

    def seen_to(self) -> Ns:
        return self.until(self.behind.seen_to())

    def until(self, seen: Ns) -> Ns:
        """The watermark that is told."""
        return seen if self.dead_from is None else min(seen, self.dead_from)

    def close(self) -> None:
        self.behind.close()


class PhoneGate:
    """A PhonePort before a PhonePort."""

    def __init__(self, gate: ServiceGate, phone: Any) -> None:
        self._gate = gate
        self._phone = phone

    def __getattr__(self, name: str) -> Any:
        return getattr(self._phone, name)

    def scan(self, code: str) -> Scan:
        return self._decided("scan") or self._phone.scan(code)

    def confirm(self) -> Scan:
        return self._decided("confirm") or self._phone.confirm()

    def refuse(self) -> Scan:
        return self._decided("refuse") or self._phone.refuse()

    def seen_to(self) -> Ns:
        return self._gate.until(self._phone.seen_to())

    def close(self) -> None:
        self._phone.close()

    def _decided(self, what: str) -> Scan | None:
        outcome = self._gate.decides(what)
        return None if outcome is None else Scan(outcome, Stamp.exact(self._gate.clock.now()))


class AccountGate:
    """An AccountPort before an AccountPort."""

    def __init__(self, gate: ServiceGate, account: Any) -> None:
        self._gate = gate
        self._account = account

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)

    @property
    def name(self) -> str:
        return str(self._account.name)

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        return self._sent(lambda: self._account.send_voice(to, samples, rate))

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        return self._sent(lambda: self._account.send_text(to, text, kind))

    def inbox(self) -> Sequence[Delivered]:
        return self._gate.inbox(self._heard(self._account.inbox()))

    def sessions(self) -> Sequence[SessionEvent]:
        return self._gate.sessions(self._heard(self._account.sessions()))

    def seen_to(self) -> Ns:
        return self._gate.until(self._account.seen_to())

    def close(self) -> None:
        self._account.close()

    def _heard(self, found: Sequence[T]) -> Sequence[T]:
        """What had come before the reader died."""
        dead = self._gate.dead_from
        return found if dead is None else [one for one in found if one.stamp.t <= dead]

    def _sent(self, send: Callable[[], Stamp]) -> Stamp:
        gate = self._gate
        now = Stamp.exact(gate.clock.now())
        if not gate.sends:
            return now
        if gate.late:
            gate.clock.at(gate.clock.now() + gate.late, lambda: _nothing(send()), name="gateway sends")
            return now
        sent = send()
        if gate.twice:
            send()
        return sent


def _nothing(result: object) -> None:
    """What a callback of the clock returns."""


# -- what can become of what an account is told --------------------------------------------------------------------
def nothing(found: Sequence[T]) -> Sequence[T]:
    return ()


def doubled(found: Sequence[Delivered]) -> Sequence[Delivered]:
    return [one for message in found for one in (message, replace(message, id=message.id + "'"))]


def later(by: Ns, now: Callable[[], Ns]) -> Callable[[Sequence[T]], Sequence[T]]:
    """Everything is told ``by`` ns after it happened, as if it had happened then."""

    def change(found: Sequence[T]) -> Sequence[T]:
        return [replace(one, stamp=one.stamp.shifted(by)) for one in found if one.stamp.t + by <= now()]  # type: ignore[type-var]

    return change


def without(what: str) -> Sessions:
    """One kind of session event is never told."""
    return lambda found: [event for event in found if event.what != what]
