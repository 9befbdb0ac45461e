"""A line into the phones' microphone: an output of this computer, wired to the microphone contact of a headset plug.

Sound is played as it is, at its own rate; the level on the wire is for whoever wires it (a phone's microphone input
wants about 10 mV, a line output gives a hundred times that). PortAudio by sounddevice, the extra "sound".
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harness.foundation.errors import RigFault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class OutputMouth:
    """``name`` as sounddevice knows the output (a part of its name is enough). RigFault when there is none."""

    def __init__(self, name: str) -> None:
        self._name = name
        try:
            self._sound: Any = import_module("sounddevice")
            self._sound.query_devices(name, "output")
        except (ImportError, OSError) as why:
            raise RigFault(f"mouth: PortAudio cannot be used: {why}. pip install 'headunit-hil[sound]'.") from why
        except ValueError as why:
            raise RigFault(
                f"mouth: no output {name!r}: {why}. 'python -m sounddevice' lists the outputs of this computer."
            ) from why

    def play(self, samples: NDArray[np.int16], rate: int) -> None:
        """Mono int16 at ``rate`` Hz; returns when the last of it has left."""
        try:
            with self._sound.RawOutputStream(rate, device=self._name, channels=1, dtype="int16") as stream:
                stream.write(samples.tobytes())
        except Exception as why:
            raise RigFault(f"mouth: the output {self._name!r} does not play: {why}") from why
