"""Car sessions of the messaging service, and each account's log of them.

Theory. A session joins an account and a unit under a token of 128 random bits. An account is in one car at a time, and
a unit serves one account at a time: opening a session ends the others of both. The log keeps the service's word on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from harness.foundation.units import Ns
from harness.phone.codes import draw_secret


@dataclass(frozen=True)
class Session:
    token: str
    account: str
    serial: str
    opened: Ns


class LogEntry(NamedTuple):
    """``what`` is opened, closed (by the unit) or revoked (by the service)."""

    what: str
    serial: str
    at: Ns


class SessionBook:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._active: dict[str, Session] = {}
        self._ended: set[str] = set()
        self._known: set[str] = set()
        self._log: dict[str, list[LogEntry]] = {}

    def open(self, account: str, serial: str, now: Ns) -> tuple[Session, list[Session]]:
        """The new session, and those that it ended."""
        over = [s for s in self._active.values() if account == s.account or serial == s.serial]
        for session in over:
            self._end(session, "revoked", now)
        session = Session(draw_secret(self._rng), account, serial, now)
        self._active[session.token] = session
        self._log.setdefault(account, []).append(LogEntry("opened", serial, now))
        return session, over

    def close(self, token: str, now: Ns) -> str:
        """accepted, duplicate (it has ended already), invalid_session (there never was one)."""
        session = self._active.get(token)
        if session is None:
            return "duplicate" if token in self._ended else "invalid_session"
        self._end(session, "closed", now)
        return "accepted"

    def get(self, token: str) -> Session | None:
        """The session of ``token`` while it is active, asked for by its unit: it knows of it."""
        self._known.add(token)
        return self._active.get(token)

    def unknown_to(self, serial: str) -> list[Session]:
        """Active sessions on ``serial`` that the unit has never asked for: it does not know that it has them."""
        return [s for s in self._active.values() if s.serial == serial and s.token not in self._known]

    def revoke(self, session: Session, now: Ns) -> None:
        """The service ends it."""
        self._end(session, "revoked", now)

    def of_account(self, account: str) -> Session | None:
        return next((s for s in self._active.values() if s.account == account), None)

    def log(self, account: str) -> tuple[LogEntry, ...]:
        return tuple(self._log.get(account, ()))

    def _end(self, session: Session, what: str, now: Ns) -> None:
        del self._active[session.token]
        self._ended.add(session.token)
        self._log[session.account].append(LogEntry(what, session.serial, now))
