"""What somebody can arrange behind the scenes at a simulated service, which no person with a phone could.

A friend takes another name, an account gets many friends, another car shows a code, codes are drawn by the thousand,
and the secrets that were issued are told, so that a search can look for them. A real service has no such door: there,
what needs it is not offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.foundation.pseudonyms import Secret
from harness.phone.codes import SCHEME

if TYPE_CHECKING:
    from harness.phone.memory import MemoryService

ANOTHER_CAR = "ANOTHER-CAR-1"
CODE_OFFICE = "CODE-OFFICE-1"


class Stage:
    """Of one ``MemoryService``."""

    code_scheme = SCHEME
    """What every code begins with: scheme, host and path."""

    def __init__(self, service: MemoryService) -> None:
        self._service = service

    def rename(self, account: str, name: str) -> None:
        """The account's owner is shown to others as ``name`` from now on."""
        self._service.backend.rename(account, name)

    def befriend_many(self, account: str, names: tuple[str, ...]) -> None:
        """A new account for each of ``names``, and each becomes a contact of ``account``."""
        backend = self._service.backend
        for number, name in enumerate(names):
            backend.add_account(f"friend-{number:03}", name)
            backend.befriend(account, f"friend-{number:03}")

    def code_of_another_car(self) -> str:
        """The text of the login code that another car shows now."""
        return self.codes(1, ANOTHER_CAR)[0]

    def codes(self, count: int, serial: str = CODE_OFFICE) -> tuple[str, ...]:
        """The texts of ``count`` fresh codes, in the order in which they were drawn."""
        self._service.call("register_unit", serial, serial)
        return tuple(self._service.call("new_code", serial) for _ in range(count))

    def issued(self) -> Sequence[Secret]:
        """Every code and token so far, oldest first."""
        return self._service.backend.issued()

    def tokens(self, account: str) -> tuple[str, ...]:
        """The tokens of the account's open sessions; empty when nobody is logged in."""
        session = self._service.backend.active_session(account)
        return () if session is None else (session.token,)
