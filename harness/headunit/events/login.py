"""Logging in: the code, what the phone does with it, and the timers round it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


class LoginPossible(Event):
    """Running and PARKED: a code may be shown."""


class LoginImpossible(Event):
    """Not running or not PARKED: no code, no settings."""


@dataclass(frozen=True, slots=True)
class CodeArrived(Event):
    """The service has issued a login code."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeFailed(Event):
    """No code could be had."""

    why: str


class RefreshTimer(Event):
    """The code in front is nearly as old as the service lets it become."""


class RetryTimer(Event):
    """Ask the service again."""


class CodeScanned(Event):
    """A phone has scanned the code."""


@dataclass(frozen=True, slots=True)
class CodeConfirmed(Event):
    """The phone has confirmed: here is the session."""

    token: str
    account: str
    name: str
    contacts: tuple[tuple[str, str], ...]
    """(account, name) of each."""


class CodeRefused(Event):
    """The phone has refused."""


class LoginDone(Event):
    """The confirmed session is ready to use."""


class LoginTimer(Event):
    """Scanned, but never confirmed."""
