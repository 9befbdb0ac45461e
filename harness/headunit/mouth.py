"""What the amplifier channels get: own sounds, messages, music.

Theory. Each utterance goes to its channels at one instant and ends by itself; hushing cuts off what is sounding.
Messages go to the driver's channel only, the unit's own tones to both in front; music has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.audio.port import RATE, SPEAKERS
from harness.foundation.units import Ns, S
from harness.headunit.events.event import Event
from harness.headunit.music import Music
from harness.headunit.sampling import amplified, stretched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.state import Received
    from harness.headunit.unit import HeadUnit

FRONT = SPEAKERS[:2]


@dataclass(frozen=True, eq=False)
class Utterance:
    """One sound, where it goes, when (ns from now), and how loud (dB)."""

    name: str
    samples: NDArray[np.int16]
    lines: tuple[str, ...]
    after: Ns
    gain: float


class Mouth:
    """``sounding`` is true while anything but music sounds."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._cuts: list[Callable[[], None]] = []
        self._music = Music(unit)
        self._ends: Ns = 0

    @property
    def sounding(self) -> bool:
        return self._ends > 0

    def length(self, name: str) -> Ns:
        """How long one of the unit's own sounds is."""
        return len(_own(self._unit.vehicle.sounds[name])) * S // RATE

    def sound(self, name: str, again: Ns = 0) -> None:
        """Play one of the unit's own sounds now; repeated each ``again`` ns until hushed."""
        unit = self._unit
        level = float(unit.figures[f"{name}_level"]) if f"{name}_level" in unit.figures else 0.0
        self._say(Utterance(name, _own(unit.vehicle.sounds[name]), FRONT, 0, level))
        if again:
            unit.later("ring", again, lambda u: u.mouth.sound(name, again))

    def speak(self, message: Received, ended: Event) -> None:
        """Play a message on the driver's channel; ``ended`` is posted at its end. What nobody can decode is a tone."""
        unit = self._unit
        samples = _decoded(message)
        if samples is None:
            samples = _own(unit.vehicle.sounds["prompt"])
        zone = (unit.vehicle.driver_zone,)
        said = self._say(Utterance("message", samples, zone, 0, float(unit.figures["playback_gain"])))
        unit.later("play", said, lambda u: u.post(ended))

    def hush(self) -> None:
        """Cut off everything but music."""
        for cut in self._cuts:
            cut()
        self._cuts.clear()
        self._ends = 0
        self._unit.stop("ring")

    def over(self) -> None:
        """The last sound has ended, by the unit's own quartz."""
        self._ends = 0

    def silence(self) -> None:
        """Cut off everything."""
        self.hush()
        self._music.stop()

    def die(self) -> None:
        self.silence()

    def _say(self, utterance: Utterance) -> Ns:
        """Play it, after the tap; returns how long until it is over."""
        unit = self._unit
        said: Utterance | None = unit.tapped("mouth", utterance)
        if said is None:
            return 0
        samples = amplified(stretched(said.samples, -float(unit.figures["sample_drift"])), said.gain)
        at = unit.clock.now() + said.after
        for line in said.lines:
            self._cuts.append(unit.ends.audio.play(line, samples, at, name=said.name))
        del self._cuts[:-16]
        lasts = said.after + len(samples) * S // RATE
        self._ends = max(self._ends, unit.clock.now() + lasts)
        unit.later("mouth_over", self._ends - unit.clock.now(), lambda u: u.mouth.over())
        return lasts


@lru_cache(maxsize=64)
def _own(path: Path) -> NDArray[np.int16]:
    """int16 at RATE; what is stored at another rate is brought to it."""
    import soundfile

    samples, rate = soundfile.read(path, dtype="int16")
    mono: NDArray[np.int16] = samples if samples.ndim == 1 else samples[:, 0].copy()
    return _to_rate(mono, rate)


def _to_rate(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    if rate == RATE:
        return samples
    import numpy as np
    from scipy.signal import resample_poly

    out = resample_poly(samples.astype(np.float64), RATE, rate)
    converted: NDArray[np.int16] = np.clip(np.rint(out), -32768, 32767).astype(np.int16)
    return converted


def _decoded(message: Received) -> NDArray[np.int16] | None:
    from harness.phone.codecs import understood

    if message.voice is None:
        return None
    samples, rate = understood(message.voice.codec, message.voice.data)
    return None if samples is None or not len(samples) else _to_rate(samples, rate)
