"""What can happen to the unit, outside or inside: plain values, whose types the tables are keyed by.

Raw input has become meaning before it is an event, so the tables never see bytes, and nonsense produces no event.
The other modules here hold one family each; an event stands with what it is about, not with who reacts to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """The kind every event belongs to."""


@dataclass(frozen=True, slots=True)
class Elapsed(Event):
    """A named timer whose end is work rather than a transition."""

    work: Callable[[Any], None]
