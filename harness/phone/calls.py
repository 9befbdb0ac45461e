"""Calls between people: who rings whom, who answers, when it is over, and each account's log of that.

Theory. A call is named by its caller. It rings until the other side answers or refuses, the caller gives up, or nobody
cares for a minute. Whoever answers says with what: a call meant with picture may be answered by voice alone, and then
it is a voice call for both. Either side ends it. A side that carries its voice over a link of its own says regularly
that it is still there; when that stops the call is lost. An account has one call at a time; others find it busy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from harness.foundation.units import Ns, S

RINGS: Ns = 60 * S
"""After so long an unanswered call is missed."""
LOST: Ns = 10 * S
"""After so long without a sign of life from a side that gave signs of life the call is lost."""
VOICE, VIDEO = "voice", "video"
OVER = ("ended", "refused", "missed", "busy", "lost")


class CallEntry(NamedTuple):
    """``what``: rings, answered, or one of OVER; ``media``: what it carries, or is meant to carry."""

    what: str
    call: str
    media: str
    at: Ns


@dataclass
class Call:
    """``token`` is the session in which a unit was rung or has answered; "" when it is a person's phone."""

    id: str
    caller: str
    callee: str
    media: str
    began: Ns
    token: str = ""
    serial: str = ""
    answered: bool = False
    over: bool = False
    alive: Ns | None = None

    @property
    def due(self) -> Ns | None:
        """When it ends by itself if nothing happens."""
        if not self.answered:
            return self.began + RINGS
        return None if self.alive is None else self.alive + LOST


class CallBook:
    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._log: dict[str, list[CallEntry]] = {}

    def place(self, call: Call, now: Ns) -> str:
        """accepted, busy (logged for the caller alone), duplicate."""
        if call.id in self._calls:
            return "duplicate"
        self._calls[call.id] = call
        if any(self._has(account) not in (None, call) for account in (call.caller, call.callee)):
            call.over = True
            self._write(call, "busy", now, call.caller)
            return "busy"
        self._write(call, "rings", now, call.caller, call.callee)
        return "accepted"

    def answer(self, call_id: str, media: str, now: Ns) -> str:
        """accepted, duplicate, unknown (also: over), bad_media. Only a call meant with picture can be answered with
        picture; who does not say what the call is to carry has not answered it."""
        call = self.get(call_id)
        if call is None or call.answered:
            return "duplicate" if call else "unknown"
        if media not in (VOICE, VIDEO):
            return "bad_media"
        call.answered = True
        call.media = VIDEO if media == call.media == VIDEO else VOICE
        self._write(call, "answered", now, call.caller, call.callee)
        return "accepted"

    def end(self, call_id: str, what: str, now: Ns) -> Call | None:
        """The call that is now over, or None when there was none."""
        call = self.get(call_id)
        if call is not None:
            call.over = True
            self._write(call, what, now, call.caller, call.callee)
        return call

    def get(self, call_id: str) -> Call | None:
        """The call, while it rings or goes on."""
        call = self._calls.get(call_id)
        return None if call is None or call.over else call

    def of(self, account: str) -> Call | None:
        """The call that rings at, or is had by, ``account``."""
        return self._has(account)

    def time_out(self, now: Ns) -> list[Call]:
        """End what is due up to ``now``; the calls that ended so."""
        ended = []
        for call in list(self._calls.values()):
            if not call.over and call.due is not None and call.due <= now:
                self.end(call.id, "lost" if call.answered else "missed", call.due)
                ended.append(call)
        return ended

    def next_end(self) -> Ns | None:
        return min((c.due for c in self._calls.values() if not c.over and c.due is not None), default=None)

    def log(self, account: str) -> tuple[CallEntry, ...]:
        return tuple(self._log.get(account, ()))

    def _has(self, account: str) -> Call | None:
        return next((c for c in self._calls.values() if not c.over and account in (c.caller, c.callee)), None)

    def _write(self, call: Call, what: str, now: Ns, *accounts: str) -> None:
        for account in accounts:
            self._log.setdefault(account, []).append(CallEntry(what, call.id, call.media, now))
