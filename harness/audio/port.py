"""What the bench needs of sound: play into a line, look back at what a line carried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 48_000
"""Samples per second on every line of every rig; drivers convert."""

MICROPHONE = "mic.driver"
MEDIA = "media.in"
"""What a source in the car plays (Bluetooth, USB): music that the unit is to bring to the loudspeakers. Not every rig
has it."""
SPEAKERS = ("amp.front_left", "amp.front_right", "amp.rear_left", "amp.rear_right")
"""Amplifier channels. The driver's zone is front_left unless the car says otherwise."""


@dataclass(frozen=True)
class Capture:
    """Mono sound from a line: int16 samples at RATE; ``began`` stamps the first sample. ``silent``: all zero."""

    line: str
    samples: NDArray[np.int16]
    began: Stamp
    silent: bool

    @property
    def rate(self) -> int:
        return RATE


class AudioPort(Protocol):
    """Lines by name. The rig plays into MICROPHONE and hears SPEAKERS; the unit's end is the other way round."""

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """Add int16 samples at RATE to ``line`` from ``at`` on (mixed, saturating). Returns the way to cut it off now.

        ``name`` labels it in the journal and in errors only. HarnessError for an unknown line or a past instant.
        """
        ...

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """What ``line`` carried in [start, stop). HarnessError when ``stop`` is beyond ``seen_to()``."""
        ...

    def seen_to(self) -> Ns: ...

    def close(self) -> None: ...
