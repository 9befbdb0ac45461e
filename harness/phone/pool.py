"""Accounts for the bench, and how often each may still log in.

Theory. Messengers lock accounts that log in too often, and a burnt account costs days. So each has a budget of logins
in any 24 hours, kept in a small file that outlives the run. A login is written down before it is done: a run that
dies in between has spent it. The file is changed under a lock and replaced whole, so two runs at once never lose a
login, and a kill never leaves half a file. An account that is taken is locked against other runs for as long as the
process lives; the lock is the operating system's, so no dead run can hold one.

Times are UTC as the clock's ``civil_time`` writes them: texts of one length, so their order is that of time. A login
dated later than now (somebody has set the clock) counts until then, and longer.
"""

from __future__ import annotations

import json
import os
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from harness.foundation.clock import civil_time
from harness.foundation.errors import HarnessError, RigFault

WHEN = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d:\d\d\+00:00)")


@dataclass(frozen=True)
class PhoneAccount:
    """``name`` on the service, who uses it in scenarios (``role``: driver, contact, other), the phone it lives on, and
    how often it may log in to a car within 24 hours."""

    name: str
    role: str
    serial: str
    logins_per_day: int


class AccountPool:
    """``state`` is the file of logins; locks lie beside it. ``now`` gives the time of day as ``civil_time`` does."""

    def __init__(self, accounts: Sequence[PhoneAccount], state: Path, now: Callable[[], str] = civil_time) -> None:
        self._accounts = tuple(accounts)
        self._state = state
        self._now = now
        self._held: dict[PhoneAccount, int] = {}

    @property
    def accounts(self) -> tuple[PhoneAccount, ...]:
        return self._accounts

    def take(self, role: str) -> PhoneAccount:
        """The account of ``role`` with the most logins left, for this process alone until ``close``; the same one if
        asked again. RigFault when there is none, all are used up, or other runs have them."""
        for account in self._held:
            if account.role == role:
                return account
        mine = [a for a in self._accounts if a.role == role]
        if not mine:
            raise self._nobody(role)
        left = {account: account.logins_per_day - len(self.spent(account)) for account in mine}
        fresh = [a for a in sorted(mine, key=lambda a: -left[a]) if left[a] > 0]
        if not fresh:
            until = min(self._until(account) for account in mine)
            raise RigFault(
                f"the login budget of role {role!r} is used up until {until}: {_listed(mine)}. Wait, add an account, "
                f"or raise 'logins_per_day' if the service allows more."
            )
        for account in fresh:
            if self._hold(account):
                return account
        raise RigFault(f"another run uses every account of role {role!r}: {_listed(fresh)}. Wait until it has ended.")

    def has(self, role: str) -> bool:
        return any(account.role == role for account in self._accounts)

    def of(self, role: str) -> PhoneAccount:
        """The account that scenarios mean by ``role``: the one that was taken, else the first. RigFault for none."""
        mine = [a for a in (*self._held, *self._accounts) if a.role == role]
        if not mine:
            raise self._nobody(role)
        return mine[0]

    def spend(self, account: PhoneAccount) -> None:
        """Write one login down, before it is done. RigFault when none is left."""
        if account not in self._held:
            raise HarnessError(f"the account on {account.serial} was not taken")
        with self._changing() as logins:
            recent = self._recent(account, logins)
            if len(recent) >= account.logins_per_day:
                raise RigFault(
                    f"the login budget of the {account.role}'s account on {account.serial} is used up until "
                    f"{_next_day(recent[-account.logins_per_day]) if account.logins_per_day else 'it is given one'}. "
                    f"Wait, or add an account for that role in the rig file."
                )
            logins[account.name] = [*recent, self._now()]

    def spent(self, account: PhoneAccount) -> tuple[str, ...]:
        """When it logged in during the last 24 hours, oldest first."""
        return tuple(self._recent(account, self._read()))

    def close(self) -> None:
        """Other runs may have the accounts."""
        while self._held:
            _, lock = self._held.popitem()
            os.close(lock)

    def _nobody(self, role: str) -> RigFault:
        known = ", ".join(sorted({a.role for a in self._accounts})) or "none"
        return RigFault(f"no account for the role {role!r}; there are: {known}. Add one to 'accounts' in the rig file.")

    def _until(self, account: PhoneAccount) -> str:
        recent = self.spent(account)
        return _next_day(recent[-account.logins_per_day]) if account.logins_per_day else "9999"

    def _recent(self, account: PhoneAccount, logins: dict[str, list[str]]) -> list[str]:
        now = self._now()
        return sorted(when for when in logins.get(account.name, ()) if _next_day(when) > now)

    def _hold(self, account: PhoneAccount) -> bool:
        import fcntl

        lock = self._open(f"{self._state.name}.{re.sub(r'[^A-Za-z0-9_-]', '_', account.serial)}.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        self._held[account] = lock
        return True

    @contextmanager
    def _changing(self) -> Iterator[dict[str, list[str]]]:
        """The logins, under the lock; written back whole unless the body raises."""
        import fcntl

        lock = self._open(f"{self._state.name}.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            logins = self._read()
            yield logins
            part = self._state.with_name(self._state.name + ".part")
            with part.open("w", encoding="utf-8") as file:
                file.write(json.dumps({"schema": 1, "logins": logins}, ensure_ascii=False, sort_keys=True) + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._state)
        except OSError as why:
            raise RigFault(
                f"{self._state}: the logins cannot be written: {why}. Correct 'state' in the rig file."
            ) from why
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        try:
            self._state.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._state.with_name(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as why:
            raise RigFault(
                f"{self._state}: no lock can be made beside it: {why}. Correct 'state' in the rig file."
            ) from why

    def _read(self) -> dict[str, list[str]]:
        with suppress(FileNotFoundError, NotADirectoryError):
            try:
                document = json.loads(self._state.read_text(encoding="utf-8"))
                logins = document["logins"]
                if document["schema"] == 1 and all(WHEN.fullmatch(w) for times in logins.values() for w in times):
                    return {str(name): list(times) for name, times in logins.items()}
                why: object = "other entries than schema 1 has"
            except (FileNotFoundError, NotADirectoryError):
                raise
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
                why = wrong
            raise RigFault(
                f"{self._state}: the file of logins cannot be read ({why}). Nobody knows how often the accounts have "
                f"logged in: wait a day, then delete it."
            )
        return {}


def _next_day(when: str) -> str:
    """24 hours later."""
    found = WHEN.fullmatch(when)
    if found is None:
        raise HarnessError(f"{when!r} is no time as the clock writes it")
    year, month, day = (int(part) for part in found.groups()[:3])
    day += 1
    if day > monthrange(year, month)[1]:
        year, month, day = (year + 1, 1, 1) if month == 12 else (year, month + 1, 1)
    return f"{year:04}-{month:02}-{day:02}{found[4]}"


def _listed(accounts: Sequence[PhoneAccount]) -> str:
    """By their phones: names of accounts stay out of reports."""
    return ", ".join(f"{a.serial} ({a.logins_per_day} a day)" for a in accounts)
