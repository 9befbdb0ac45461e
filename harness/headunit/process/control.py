"""The unit's network link, shaped from outside by lines of text: ``link up 30000000 0.0`` (state, one-way delay in ns,
share lost) is answered ``ok <bench ns>``, anything else ``error <why>``. The instant is the unit's own.
"""

from __future__ import annotations

from harness.network.port import Link, NetworkPort


class Control:
    """``answer(line)`` is one exchange, to be called in the unit's thread."""

    def __init__(self, network: NetworkPort) -> None:
        self._network = network

    def answer(self, line: str) -> str:
        match line.split():
            case ["link", "up" | "down" as state, delay, loss]:
                try:
                    return f"ok {self._network.link(Link(state == 'up', int(delay), float(loss))).t}"
                except ValueError as why:
                    return f"error {why}"
            case _:
                return f"error not understood: {line}"
