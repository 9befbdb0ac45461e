"""The sound of a rig that has none, by its own file: nothing can be played or heard, and nobody is blamed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.audio.port import Capture
from harness.foundation.errors import NotOffered
from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NoAudio:
    """An ``AudioPort`` without lines. ``offered`` False: who judges sound is told that there is no witness."""

    offered = False

    def __init__(self, why: str = "this rig has no sound") -> None:
        self._why = why

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """NotOffered, always."""
        raise NotOffered(f"{self._why}: {name or 'a sound'} cannot be played on {line}")

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """NotOffered, always."""
        raise NotOffered(f"{self._why}: nobody hears {line}")

    def seen_to(self) -> Ns:
        return 0

    def close(self) -> None:
        """There is nothing to close."""
