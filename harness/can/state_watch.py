"""The bus state of an interface, asked for now and then; only a change is news."""

from __future__ import annotations

from collections.abc import Callable

from harness.foundation.units import MS, Ns

STATE_EVERY: Ns = 100 * MS


class StateWatch:
    """``state()`` gives the bus state, "" where it is not known, and raises where the interface cannot hear at all (a
    socket on an interface that is down just waits); None: the interface cannot tell."""

    def __init__(self, state: Callable[[], str] | None) -> None:
        self._state = state
        self._last = ""
        self._next: Ns = 0

    def news(self, at: Ns) -> str:
        """The state when it has changed since the last look, else ""; "active" is no news at first. Raises what
        ``state`` raises, and asks again each time until it is well."""
        if self._state is None or at < self._next:
            return ""
        state = self._state()
        self._next = at + STATE_EVERY  # not reached when it raises
        if not state or state == self._last:
            return ""
        first, self._last = not self._last, state
        return "" if first and state == "active" else state
