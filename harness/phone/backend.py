"""The messaging service's core: accounts, units, login codes, sessions, messages. No I/O, no clock, no own randomness.

Theory. Every call takes ``now`` (ns, never less than before) and first lets all time-outs up to it happen, so the
answers depend on the calls and not on who drives the time-outs. ``advance(now)`` returns when the next one is due.
Calls answer with a word, never with an exception, to what units and phones may do wrong; an exception (HarnessError)
is for the program that uses this. What a unit is to be told goes to its subscribers when the call is complete.

The service does not know whether a unit is powered or reached: what a unit has missed it learns by asking
(``session``, ``fetch``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from harness.foundation.errors import HarnessError
from harness.foundation.pseudonyms import Secret
from harness.foundation.units import Ns
from harness.phone.calls import VIDEO, VOICE, Call, CallBook, CallEntry
from harness.phone.codes import SCHEME, Code, CodeBook, CodeState
from harness.phone.events import (
    CallArrived,
    CallEnded,
    CodeConfirmed,
    CodeExpired,
    CodeRefused,
    CodeScanned,
    CodeTimedOut,
    Contact,
    MessageArrived,
    SessionRevoked,
    UnitEvent,
)
from harness.phone.messages import CALLS, KINDS, Mailboxes, Message, Payload, UnreadEntry, Voice
from harness.phone.sessions import LogEntry, Session, SessionBook

Pushed = Callable[[UnitEvent], None]


class Backend:
    def __init__(self, rng: Random) -> None:
        self._now: Ns = 0
        self._codes = CodeBook(rng)
        self._sessions = SessionBook(rng)
        self._mail = Mailboxes()
        self._calls = CallBook()
        self._names: dict[str, str] = {}
        self._contacts: dict[str, list[str]] = {}
        self._muted: set[tuple[str, str]] = set()
        self._units: dict[str, str] = {}
        self._subscribers: dict[str, list[Pushed]] = {}
        self._issued: list[Secret] = []

    # -- time and subscriptions

    def advance(self, now: Ns) -> Ns | None:
        """Let every time-out up to and including ``now`` happen; the instant of the next one, or None."""
        if now < self._now:
            raise HarnessError(f"the messaging service was at {self._now} ns and cannot go back to {now} ns")
        self._now = now
        for code in self._codes.time_out(now):
            over = CodeTimedOut(code.text) if code.state is CodeState.TIMED_OUT else CodeExpired(code.text)
            self._push(code.serial, over)
        for call in self._calls.time_out(now):
            self._tell_over(call, "lost" if call.answered else "missed")
        return min((due for due in (self._codes.next_end(), self._calls.next_end()) if due is not None), default=None)

    def on_push(self, serial: str, callback: Pushed) -> Callable[[], None]:
        """Call ``callback(event)`` for what the unit ``serial`` is told from now on. Returns the way to stop that."""
        self._subscribers.setdefault(serial, []).append(callback)

        def stop() -> None:
            if callback in self._subscribers[serial]:
                self._subscribers[serial].remove(callback)

        return stop

    # -- accounts, as their owners set them up

    def add_account(self, account: str, name: str = "", contacts: Iterable[str] = ()) -> None:
        """A person joins, shown to others as ``name``. HarnessError when the account exists."""
        if account in self._names:
            raise HarnessError(f"there is an account {account!r} already")
        self._names[account] = name or account
        self._contacts[account] = list(contacts)

    def accounts(self) -> tuple[str, ...]:
        return tuple(self._names)

    def issued(self) -> list[Secret]:
        """Every code and token, oldest first."""
        return self._issued

    def befriend(self, one: str, other: str) -> None:
        """Each becomes a contact of the other."""
        for account, friend in ((one, other), (other, one)):
            self._known(account)
            if friend not in self._contacts[account]:
                self._contacts[account].append(friend)

    def rename(self, account: str, name: str) -> None:
        """The person is shown to others as ``name`` from now on."""
        self._names[self._known(account)] = name

    def contacts(self, account: str) -> tuple[Contact, ...]:
        return tuple(Contact(c, self._names.get(c, c)) for c in self._contacts[self._known(account)])

    def mute(self, account: str, other: str, on: bool = True) -> None:
        """``account`` does not want to be disturbed by messages of ``other``."""
        key = (self._known(account), self._known(other))
        if on:
            self._muted.add(key)
        else:
            self._muted.discard(key)

    # -- what a phone asks

    def scan(self, account: str, code: str, now: Ns) -> str:
        """accepted, used, refused, expired, unknown."""
        self.advance(now)
        outcome, scanned = self._codes.scan(code, self._known(account), now)
        if scanned is not None and scanned.ends is not None:
            self._push(scanned.serial, CodeScanned(scanned.text, scanned.ends))
        return outcome

    def confirm(self, account: str, code: str, now: Ns) -> str:
        """As ``scan``; accepted opens the session and ends all others of the account and of the unit."""
        self.advance(now)
        outcome, confirmed = self._codes.decide(code, self._known(account), CodeState.CONFIRMED)
        if confirmed is not None:
            self._log_in(confirmed, now)
        return outcome

    def refuse(self, account: str, code: str, now: Ns) -> str:
        """As ``scan``; accepted says that the refusal was taken."""
        self.advance(now)
        outcome, refused = self._codes.decide(code, self._known(account), CodeState.REFUSED)
        if refused is not None:
            self._push(refused.serial, CodeRefused(refused.text))
        return outcome

    def account_send(self, sender: str, to: str, kind: str, payload: Payload, message_id: str, now: Ns) -> str:
        """Send from a person's phone: accepted, duplicate, unknown_receiver. To send a call is to ring; the message's
        id is the call's."""
        self.advance(now)
        return self._deliver(self._known(sender), to, kind, payload, message_id, now)

    def account_answers(self, account: str, call_id: str, now: Ns) -> str:
        """A person takes the call on a phone of his own: accepted, duplicate, unknown."""
        self.advance(now)
        return self._calls.answer(call_id, VOICE, now) if self._with(account, call_id) else "unknown"

    def account_hangs_up(self, account: str, call_id: str, now: Ns) -> str:
        """A person ends the call, or gives up or refuses while it rings: accepted, unknown (also: over already)."""
        self.advance(now)
        return self._end(call_id, now) if self._with(account, call_id) else "unknown"

    def call_log(self, account: str) -> tuple[CallEntry, ...]:
        return self._calls.log(self._known(account))

    def account_of(self, token: str) -> str:
        """Whose session ``token`` is; "" when it is over."""
        session = self._sessions.get(token)
        return "" if session is None else session.account

    def call_of(self, account: str) -> Call | None:
        """The call that rings at, or is had by, ``account``."""
        return self._calls.of(self._known(account))

    def inbox(self, account: str) -> tuple[Message, ...]:
        """Everything delivered to the account so far, oldest first."""
        return self._mail.inbox(self._known(account))

    def unread(self, account: str) -> tuple[Message, ...]:
        return self._mail.unread(self._known(account))

    def unread_log(self, account: str) -> tuple[UnreadEntry, ...]:
        return self._mail.unread_log(self._known(account))

    def session_log(self, account: str) -> tuple[LogEntry, ...]:
        return self._sessions.log(self._known(account))

    def active_session(self, account: str) -> Session | None:
        return self._sessions.of_account(self._known(account))

    # -- what a unit asks

    def register_unit(self, serial: str, key: str, now: Ns) -> str:
        """accepted; refused when the serial is known under another key.

        A unit that registers has just started. A session that was opened on it and that it has never asked for, it has
        lost before it knew of it: the service ends it.
        """
        self.advance(now)
        if self._units.setdefault(serial, key) != key:
            return "refused"
        for session in self._sessions.unknown_to(serial):
            self._sessions.revoke(session, now)
        return "accepted"

    def new_code(self, serial: str, now: Ns) -> str:
        """The text of a fresh code, valid 300 s; empty for a unit that is not registered."""
        self.advance(now)
        if serial not in self._units:
            return ""
        code = self._codes.new(serial, now).text
        self._issued.append(Secret("code", code.removeprefix(SCHEME)))
        return code

    def session(self, token: str, now: Ns) -> CodeConfirmed | None:
        """What a restored session stands for, or None when it has ended or never was."""
        self.advance(now)
        session = self._sessions.get(token)
        return None if session is None else self._confirmed("", session)

    def send(self, token: str, to: str, kind: str, payload: Payload, message_id: str, now: Ns) -> str:
        """accepted, duplicate (this id was accepted before), invalid_session, unknown_receiver."""
        self.advance(now)
        session = self._sessions.get(token)
        if session is None:
            return "invalid_session"
        return self._deliver(session.account, to, kind, payload, message_id, now)

    def fetch(self, token: str, now: Ns) -> tuple[MessageArrived, ...] | None:
        """The unread messages, oldest first, told as they would be when they arrive; None without a session."""
        self.advance(now)
        session = self._sessions.get(token)
        if session is None:
            return None
        return tuple(self._message(session, message) for message in self._mail.unread(session.account))

    def mark_played(self, token: str, message_id: str, now: Ns) -> str:
        """accepted, duplicate, unknown, invalid_session."""
        self.advance(now)
        session = self._sessions.get(token)
        return "invalid_session" if session is None else self._mail.mark_played(session.account, message_id, now)

    def answer_call(self, token: str, call_id: str, media: str, now: Ns) -> str:
        """Take the call with ``media`` ("voice", "video"): accepted, duplicate, unknown, bad_media, invalid_session."""
        self.advance(now)
        session, call = self._sessions.get(token), self._calls.get(call_id)
        if session is None:
            return "invalid_session"
        if call is None or session.account not in (call.caller, call.callee):
            return "unknown"
        call.token, call.serial = token, session.serial
        return self._calls.answer(call_id, media, now)

    def end_call(self, token: str, call_id: str, now: Ns) -> str:
        """End or refuse it: accepted, unknown. The session in which it rang may be over by now; it ends all the
        same."""
        self.advance(now)
        call = self._calls.get(call_id)
        return self._end(call_id, now) if call is not None and call.token == token else "unknown"

    def call_alive(self, token: str, call_id: str, now: Ns) -> None:
        """A sign of life from the unit that has the call."""
        self.advance(now)
        call = self._calls.get(call_id)
        if call is not None and call.token == token:
            call.alive = now

    def close_session(self, token: str, now: Ns) -> str:
        """accepted, duplicate (it has ended already), invalid_session."""
        self.advance(now)
        return self._sessions.close(token, now)

    # -- inside

    def _log_in(self, code: Code, now: Ns) -> None:
        session, over = self._sessions.open(code.account, code.serial, now)
        self._issued.append(Secret("token", session.token))
        self._codes.retire(code.serial)
        for ended in over:
            if ended.serial != code.serial:
                self._push(ended.serial, SessionRevoked(ended.token))
        self._push(code.serial, self._confirmed(code.text, session))

    def _confirmed(self, code: str, session: Session) -> CodeConfirmed:
        account = session.account
        return CodeConfirmed(code, session.token, account, self._names[account], self.contacts(account))

    def _deliver(self, sender: str, to: str, kind: str, payload: Payload, message_id: str, now: Ns) -> str:
        if kind not in KINDS:
            raise HarnessError(f"no kind of message {kind!r}; there are: {', '.join(KINDS)}")
        if isinstance(payload, Voice) != (kind == "voice"):
            raise HarnessError(f"a message of kind {kind!r} does not carry a {type(payload).__name__}")
        if to not in self._names:
            return "unknown_receiver"
        message = Message(message_id, sender, to, kind, payload, now)
        if not self._mail.put(message):
            return "duplicate"
        session = self._sessions.of_account(to)
        if kind in CALLS:
            media = VIDEO if kind == "video_call" else VOICE
            token, serial = (session.token, session.serial) if session is not None else ("", "")
            if self._calls.place(Call(message_id, sender, to, media, now, token, serial), now) != "accepted":
                return "accepted"
        if session is not None:
            self._push(session.serial, self._arrived(session, message))
        return "accepted"

    def _with(self, account: str, call_id: str) -> bool:
        call = self._calls.get(call_id)
        return call is not None and self._known(account) in (call.caller, call.callee)

    def _end(self, call_id: str, now: Ns) -> str:
        call = self._calls.get(call_id)
        why = "ended" if call is not None and call.answered else "refused"
        over = self._calls.end(call_id, why, now)
        if over is None:
            return "unknown"
        self._tell_over(over, why)
        return "accepted"

    def _tell_over(self, call: Call, why: str) -> None:
        if call.serial:
            self._push(call.serial, CallEnded(call.token, call.id, why))

    def _arrived(self, session: Session, message: Message) -> UnitEvent:
        if message.kind in CALLS:
            name = self._names[message.sender]
            return CallArrived(session.token, message.id, message.sender, name, message.kind == "video_call")
        return self._message(session, message)

    def _message(self, session: Session, message: Message) -> MessageArrived:
        muted = (message.to, message.sender) in self._muted
        unread = len(self._mail.unread(message.to))
        return MessageArrived(session.token, message, self._names[message.sender], muted, unread)

    def _push(self, serial: str, event: UnitEvent) -> None:
        for callback in tuple(self._subscribers.get(serial, ())):
            callback(event)

    def _known(self, account: str) -> str:
        if account not in self._names:
            raise HarnessError(f"no account {account!r}; there are: {', '.join(self._names) or 'none'}")
        return account
