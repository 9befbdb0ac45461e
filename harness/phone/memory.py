"""The messaging service in memory: its core on the clock, with the people and units that use it.

Theory. ``MemoryService`` owns the service's core and puts its time-outs on the clock. Phones and accounts are people
with a link of their own to it, which answers at once. A unit reaches it over its own network link: calls and pushes
cross with that link's delay and get lost with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import TYPE_CHECKING, Any

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError
from harness.foundation.units import Ns
from harness.phone.backend import Backend
from harness.phone.client import UnitClient, UnitNetwork
from harness.phone.codecs import DEFAULT
from harness.phone.people import MemoryAccount, MemoryPhone
from harness.phone.stage import Stage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class MemoryService:
    """The service on the clock."""

    def __init__(self, clock: Clock, rng: Random, codec: str = DEFAULT) -> None:
        """``codec``: what the phones here send speech in, a name of ``harness.phone.codecs``."""
        self.clock = clock
        self.codec = codec
        self.backend = Backend(rng)
        self._due: Handle | None = None
        self._ids = 0
        self._phones: dict[str, MemoryPhone] = {}
        self._accounts: dict[str, MemoryAccount] = {}
        self._units: dict[str, UnitClient] = {}
        self._networks: dict[str, UnitNetwork] = {}

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
        link = self._units[serial] = UnitClient(self, network, serial)
        return link

    @property
    def stage(self) -> Stage:
        """What a scenario may arrange here behind the scenes."""
        return Stage(self)

    def share_network(self, account: str) -> None:
        """The phone of ``account`` joins the network of the first unit. HarnessError when there is none."""
        if not self._units:
            raise HarnessError(f"{account} cannot join the network of a unit: there is none")
        self._networks[account] = next(iter(self._units.values())).network

    def spoken(self, account: str, packet: NDArray[np.int16]) -> None:
        """A packet of voice leaves ``account``'s phone, over the network it has joined, if any."""
        network = self._networks.get(account)
        if network is None:
            self.carry(account, packet)
        else:
            network.datagram(lambda: self.carry(account, packet), "voice")

    def carry(self, sender: str, packet: NDArray[np.int16]) -> None:
        """A packet of ``sender`` has reached the service: on to the other side of the call, if it is answered."""
        call = self.backend.call_of(sender)
        if call is None or not call.answered:
            return
        other = call.callee if sender == call.caller else call.caller
        unit = self._units.get(call.serial) if call.token and self.backend.account_of(call.token) == other else None
        if unit is not None:
            unit.voice_arrives(call.id, packet)
            return
        ear, network = self.account(other).heard, self._networks.get(other)
        if network is None:
            ear.take(packet, self.clock.now())
        else:
            network.datagram(lambda: ear.take(packet, self.clock.now()), "voice")

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
