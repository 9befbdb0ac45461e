"""Data identifiers: what the unit tells of itself (0x22), and the little that can be written (0x2E).

Nothing of the user can be read: ``last_user`` tells whether somebody is logged in, and after a logout what the logout
has left behind, which is how a workshop checks that it left nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.diag.names import DEFAULT, EXTENDED, PROGRAMMING
from harness.headunit.telegrams import SESSION

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

EVERY = frozenset({DEFAULT, PROGRAMMING, EXTENDED})
SESSIONS = ("none", "logged_out", "code_shown", "confirming", "active", "leaving")
IDENTITY = ("software", "hardware", "serial", "part_number", "vin")
TEMPERATURE = b"\x4b"
"""35 degC, offset 40."""


@dataclass(frozen=True)
class Access:
    """Who may: sessions and security level to read; sessions, level and length to write (no session: nobody)."""

    read: frozenset[int] = EVERY
    read_level: int = 0
    write: frozenset[int] = frozenset()
    write_level: int = 0
    length: int = 0


OPEN = Access()
ACCESS: dict[str, Access] = {
    "service_log": Access(frozenset({EXTENDED}), 1),
    "workshop": Access(EVERY, 0, frozenset({EXTENDED}), 1, 8),
}
"""By the car's names; what is not here is open to read and closed to write."""


class Data:
    """``value`` is what an identifier holds now, whoever asks."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._names = {number: name for name, number in unit.vehicle.diagnostics.dids.items()}

    def access(self, identifier: int) -> Access | None:
        """None for an identifier the unit does not have."""
        name = self._names.get(identifier)
        access: Access | None = None if name is None else self._unit.figures["did_access"].get(name, OPEN)
        return access

    def value(self, identifier: int) -> bytes | None:
        """None for an identifier the unit does not have."""
        name = self._names.get(identifier)
        if name is None:
            return None
        tapped: tuple[int, bytes] | None = self._unit.tapped("did", (identifier, self._holds(name)))
        return None if tapped is None else tapped[1]

    def write(self, identifier: int, data: bytes) -> None:
        self._unit.flash.more["did_written"][self._names[identifier]] = data

    def snapshot(self, names: tuple[str, ...]) -> bytes:
        """Number of identifiers, then each with its data (ISO 14229-1, 0x19 04)."""
        dids = self._unit.vehicle.diagnostics.dids
        parts = [(dids[name], self.value(dids[name]) or b"") for name in names if name in dids]
        return bytes((len(parts),)) + b"".join(number.to_bytes(2) + data for number, data in parts)

    def _holds(self, name: str) -> bytes:
        unit = self._unit
        if name in IDENTITY:
            return str(unit.figures[name]).encode()
        if name == "active_session":
            return bytes((unit.diagnostics.session,))
        if name == "login_state":
            session = unit.states["session"]
            return bytes((SESSIONS.index(SESSION.get(session, session)),))
        if name == "unread":
            return bytes((min(254, sum(not m.played for m in unit.ram.user.messages)),))
        if name == "supply":
            return bytes((max(0, min(255, round(unit.volts() * 10))),))
        if name == "last_user":
            return self._left_behind()
        if name == "unsent":
            return bytes((min(254, unit.flash.unsent),))
        if name == "service_log":
            counts = (unit.flash.starts, unit.flash.sent, unit.flash.unsent)
            return b"".join(min(n, 0xFFFF).to_bytes(2) for n in counts)
        if name in unit.figures["did_access"]:
            return bytes(unit.flash.more["did_written"].get(name, bytes(unit.figures["did_access"][name].length)))
        return TEMPERATURE

    def _left_behind(self) -> bytes:
        """One byte: somebody is logged in; then whatever of a user is still there although nobody is."""
        unit = self._unit
        if unit.flash.session is not None:
            return b"\x01"
        user = unit.ram.user
        left = [*user.contacts, *(m.sender for m in user.messages), *(m.text for m in user.messages)]
        return b"\x00" + ",".join(left).encode()[:200]
