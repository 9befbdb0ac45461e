"""Where a unit is reached: normal addressing with 11- or 29-bit identifiers (ISO 15765-2, 10.3).

What the frames are like is the database's word: where it has a CAN FD message for an address, frames go as FD, as long
as that message is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from harness.can.port import Frame

if TYPE_CHECKING:
    from harness.can.database import Database

LARGEST_STANDARD = 0x7FF


class Address(NamedTuple):
    """One identifier and the kind of frame it goes with. ``tx_dl``: the length of a full frame."""

    id: int
    extended: bool
    fd: bool = False
    brs: bool = False
    tx_dl: int = 8

    @property
    def key(self) -> tuple[int, bool]:
        return self.id, self.extended

    def frame(self, data: bytes) -> Frame:
        return Frame(self.id, data, self.extended, self.fd, self.brs)


def address(identifier: int, database: Database | None = None) -> Address:
    """An identifier above 0x7FF is an extended one."""
    extended = identifier > LARGEST_STANDARD
    message = None if database is None else database.messages.get((identifier, extended))
    if message is None or not message.fd:
        return Address(identifier, extended)
    return Address(identifier, extended, True, message.brs, max(8, message.length))
