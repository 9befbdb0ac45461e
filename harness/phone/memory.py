"""The messaging service in memory: its core on the clock, with the people and units that use it.

Theory. ``MemoryService`` owns the service's core and puts its time-outs on the clock. Phones and accounts are people
with a link of their own to it, which answers at once. A unit reaches it over its own network link: calls and pushes
cross with that link's delay and get lost with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns
from harness.phone.backend import Backend
from harness.phone.client import UnitClient, UnitNetwork
from harness.phone.people import MemoryAccount, MemoryPhone


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
        for phone in self._phones.values():
            phone.close()
        for account in self._accounts.values():
            account.close()
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
