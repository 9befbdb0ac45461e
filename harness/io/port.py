"""What the bench needs of relays and digital lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns

LINES = ("KL15", "ACC", "reverse", "bus_short")


class IoPort(Protocol):
    def set(self, line: str, on: bool) -> Stamp:
        """Switch a line of LINES; returns when it was switched. HarnessError for an unknown line."""
        ...

    def lines(self) -> Sequence[str]: ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
