"""What the bench needs of the unit's network link."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns


class Link(NamedTuple):
    """The state of the link: ``delay`` is one way in ns, ``loss`` the share of requests lost, 0..1."""

    up: bool = True
    delay: Ns = 30_000_000
    loss: float = 0.0


class NetworkPort(Protocol):
    def link(self, link: Link) -> Stamp:
        """Set the link; returns when it took effect. ValueError for a loss outside 0..1 or a negative delay."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
