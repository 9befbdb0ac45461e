"""One seeded defect."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from harness.headunit.blueprint import Change


class Kind(StrEnum):
    """What sort of fault it is. Where two fit, the one that a developer would search for."""

    MISSING = "missing"
    """A reaction, a check or a restriction is not there."""
    WRONG_VALUE = "wrong value"
    """Another content, amount, condition or reaction than the one that belongs there."""
    WRONG_TIME = "wrong time"
    """The right thing too early, too late, too short or too long."""
    WRONG_ORDER = "wrong order"
    """Right things in the wrong order, or one before another that has priority."""
    STATE_LEAK = "state leak"
    """Something of an earlier state, session or event is kept and works on."""
    RACE = "race"
    """Two things at nearly the same time; only in a narrow window, or only now and then."""
    RESOURCE = "resource"
    """What is finite (current, a queue, the bus, samples in a buffer) is used up or not given back."""
    SECURITY = "security"
    """Somebody learns or may do what he must not."""


@dataclass(frozen=True)
class Defect:
    """``symptom`` is what somebody would report; ``requirements`` are those it violates, the first the one it is seeded
    for; ``needs`` is what a car must offer for the fault to exist in it, in the words of a requirement's needs.

    ``hooks`` are the parts of the blueprint that it changes, as ``blueprint.differing`` names them ("wraps.ring",
    "taps.mouth"): it changes these and no other, in every car and every right variant that can have it."""

    id: str
    symptom: str
    requirements: tuple[str, ...]
    change: Change
    kind: Kind
    hooks: tuple[str, ...] = field(kw_only=True)
    needs: tuple[str, ...] = field(default=(), kw_only=True)
