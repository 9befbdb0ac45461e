"""N equal values in a row make a state; its instant is that of the first of them."""

from __future__ import annotations

from harness.foundation.units import Ns


class Debounce:
    """``state`` is the debounced one, None while nothing is known; ``since`` when its first value was seen."""

    __slots__ = ("_candidate", "_count", "_first", "_needed", "since", "state")

    def __init__(self, needed: int) -> None:
        self._needed = needed
        self.reset()

    def reset(self) -> None:
        """Nothing is known."""
        self.state: str | None = None
        self.since: Ns = 0
        self._candidate: str | None = None
        self._count: int = 0
        self._first: Ns = 0

    @property
    def wavering(self) -> bool:
        """Another value than the state has been seen, and not often enough yet."""
        return self._count > 0

    def take(self, value: str | None, t: Ns) -> bool:
        """One value; whether the state has changed with it."""
        if value == self.state:
            self._count = 0
            return False
        if value != self._candidate or not self._count:
            self._candidate, self._count, self._first = value, 0, t
        self._count += 1
        if self._count < self._needed:
            return False
        self.state, self.since, self._count = value, self._first, 0
        return True
