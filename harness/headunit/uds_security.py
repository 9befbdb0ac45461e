"""Security access (ISO 14229-1, 0x27): a seed, a key, and a lock that does not open by pulling the plug.

Theory. A level is asked for by an odd sub-function (seed) and opened by the next even one (key). A seed is good for one
key. After so many wrong keys no seed is given for the delay; the count is in flash, and a start that finds it full
begins the delay anew. After the delay one more key may be tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.diag import names as uds
from harness.headunit.blueprint import Action, Table
from harness.headunit.events.event import Event
from harness.headunit.events.power import SupplyOn

if TYPE_CHECKING:
    from harness.headunit.diagnostics import Diagnostics
    from harness.headunit.unit import HeadUnit

ON = "on"
SEED_LENGTH = 4
RAM: dict[str, Any] = {"security_until": 0}
FLASH: dict[str, Any] = {"security_wrong": 0}
TABLE: Table = {(ON, SupplyOn): (ON, ("check_lock",))}


class WrongKey(Event):
    """A key was wrong."""


class RightKey(Event):
    """A key was right."""


def key_for(level: int, seed: bytes, mask: int) -> bytes:
    """What this unit expects: written apart from the tester's plug-in, so that the two can disagree."""
    number = int.from_bytes(seed) ^ mask
    for _ in range(level):
        number = (number << 1 | number >> 31) & 0xFFFFFFFF
    return number.to_bytes(SEED_LENGTH)


class Security:
    """``level`` is the one that is open, 0 for none."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._asked: tuple[int, bytes] | None
        self.lock()

    def lock(self) -> None:
        self.level, self._asked = 0, None

    def access(self, server: Diagnostics, request: bytes) -> bytes | int:
        """0x27 with a sub-function the table lets through."""
        function = request[1] & 0x7F
        return self._seed(function, request) if function % 2 else self._key(function - 1, request)

    def _seed(self, level: int, request: bytes) -> bytes | int:
        unit = self._unit
        if len(request) != 2:
            return uds.WRONG_LENGTH
        if unit.clock.now() < unit.ram.more["security_until"]:
            return uds.DELAY_NOT_EXPIRED
        if self.level == level:
            return bytes((level, *bytes(SEED_LENGTH)))
        seed = unit.rng.randrange(1, 1 << 8 * SEED_LENGTH).to_bytes(SEED_LENGTH)
        self._asked = (level, seed)
        return bytes((level,)) + seed

    def _key(self, level: int, request: bytes) -> bytes | int:
        unit = self._unit
        if len(request) != 2 + SEED_LENGTH:
            return uds.WRONG_LENGTH
        asked, self._asked = self._asked, None
        if asked is None or asked[0] != level:
            return uds.WRONG_SEQUENCE
        if request[2:] == key_for(level, asked[1], int(unit.figures["security_mask"])):
            self.level = level
            unit.act("forget_wrong_keys", RightKey())
            return bytes((level + 1,))
        unit.act("count_wrong_key", WrongKey())
        locked = unit.clock.now() < unit.ram.more["security_until"]
        return uds.TOO_MANY_ATTEMPTS if locked else uds.INVALID_KEY


def count_wrong_key(unit: HeadUnit, event: Event) -> None:
    unit.flash.more["security_wrong"] += 1
    unit.log.line(f"diagnostics: wrong key {unit.flash.more['security_wrong']}")
    unit.act("check_lock", event)


def forget_wrong_keys(unit: HeadUnit, event: Event) -> None:
    unit.flash.more["security_wrong"] = 0


def check_lock(unit: HeadUnit, event: Event) -> None:
    """Too many: no seed for the delay, and then one more key."""
    if unit.flash.more["security_wrong"] < unit.figures["security_attempts"]:
        return
    delay = unit.figures["security_delay"]
    unit.ram.more["security_until"] = unit.clock.now() + delay
    unit.later("security delay", delay, _one_more)


def _one_more(unit: HeadUnit) -> None:
    unit.flash.more["security_wrong"] = unit.figures["security_attempts"] - 1


ACTIONS: dict[str, Action] = {f.__name__: f for f in (count_wrong_key, forget_wrong_keys, check_lock)}
