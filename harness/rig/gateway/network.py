"""A gateway in the unit's network link: slower, lossier or other than the bench has set it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.network.port import Link, NetworkPort


class NetworkGate:
    """A NetworkPort before a NetworkPort. ``changed`` says what becomes of a setting; the link's first state is set as
    soon as the gateway stands. From ``dead_from`` on the watermark stands."""

    def __init__(self, port: NetworkPort, changed: Callable[[Link], Link], dead_from: Ns | None = None) -> None:
        self._port = port
        self._changed = changed
        self._dead_from = dead_from
        if changed(Link()) != Link():
            port.link(changed(Link()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def link(self, link: Link) -> Stamp:
        return self._port.link(self._changed(link))

    def seen_to(self) -> Ns:
        seen = self._port.seen_to()
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._port.close()
