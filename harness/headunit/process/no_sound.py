"""The unit's audio plug where nothing is plugged in: what it plays is lost, what it hears is silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.audio.port import RATE, Capture
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NoSound:
    """In the place of ``harness.audio.memory``'s far end."""

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        return lambda: None

    def on_played(self, line: str, callback: Callable[[], None]) -> None:
        """No source is plugged in here: never."""

    def active(self, line: str, start: Ns, stop: Ns) -> bool:
        return False

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        import numpy as np

        return Capture(line, np.zeros(max(0, stop - start) * RATE // S, np.int16), Stamp.exact(start), True)

    def close(self) -> None:
        """There is nothing to close."""
