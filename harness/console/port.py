"""What the bench needs of a serial console."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns


class Bytes(NamedTuple):
    """Bytes as they came, never decoded on the way, with the stamp of the first."""

    stamp: Stamp
    data: bytes


class ConsolePort(Protocol):
    def write(self, data: bytes) -> None: ...

    def listen(self, listener: Callable[[Bytes], None]) -> Callable[[], None]:
        """Call ``listener`` for every chunk from now on; returns the way to end it. Nobody eats another's bytes."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
