"""The touch screen and its page."""

from __future__ import annotations

from dataclasses import dataclass

from harness.headunit.events.event import Event


@dataclass(frozen=True, slots=True)
class Touched(Event):
    """A finger on the screen, 0..1 from the top left."""

    x: float
    y: float


class PageTimer(Event):
    """Nobody has touched the screen for a while."""
