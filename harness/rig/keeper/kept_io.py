"""The relays and lines that the keeper holds."""

from __future__ import annotations

from collections.abc import Sequence

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.uncertainty import Share
from harness.foundation.units import Ns
from harness.rig.keeper.link import Link


class KeptIo:
    """An IoPort."""

    uncertainty: tuple[Share, ...] = ()
    """As the keeper's port declares it."""

    def __init__(self, link: Link, lines: Sequence[str], stall: Ns) -> None:
        self.stall = stall
        self._link = link
        self._lines = tuple(lines)
        self._seen: Ns = -1
        self._closed = False

    def set(self, line: str, on: bool) -> Stamp:
        if self._closed:
            raise HarnessError(f"set {line}: the relays are closed")
        switched: Stamp = self._link.call("io/", "set", line, on)
        return switched

    def lines(self) -> Sequence[str]:
        return self._lines

    def seen_to(self) -> Ns:
        return self._seen

    def close(self) -> None:
        self._closed = True

    def take(self, seen: Ns) -> None:
        """The watermark, from the keeper's stream."""
        self._seen = max(self._seen, seen)
