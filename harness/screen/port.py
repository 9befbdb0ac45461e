"""What the bench needs of a screen: the pictures it showed, and a finger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Picture:
    """RGB pixels, shape (height, width, 3), uint8, shown from ``stamp`` until the next picture."""

    stamp: Stamp
    pixels: NDArray[np.uint8]


class ScreenPort(Protocol):
    def frames(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        """The picture in front at ``start`` and every change in (start, stop], oldest first."""
        ...

    def touch(self, x: float, y: float) -> Stamp:
        """Tap at (x, y), each 0..1 from the top left corner. Returns when."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
