"""The microphone while somebody is being listened to.

Theory. Asked in steps, and only between start and stop: silence costs a look whether anything was played at all. A
step is speech when its level is above the threshold and well above the noise floor, which follows the quietest steps,
so that the cabin at speed does not count as speech for ever. The recording is cut out of the line once, by its
instants, so the steps cost no sample.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.audio.port import MICROPHONE, RATE
from harness.foundation.units import Ns
from harness.headunit.events.voice import RecordingFull, SilenceHeard
from harness.headunit.sampling import amplified, stretched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.unit import HeadUnit

NOTHING = -100.0
"""dBov of a step in which nothing was played."""
ABOVE_FLOOR = 8.0
"""dB that speech has to stand out of the noise."""


SPEECH_BAND = (300.0, 3400.0)


def _speech_power(samples: NDArray[np.int16]) -> float:
    """Mean square (full scale 1) of what speech is recognised by: its band, with what falls by 6 dB per octave in it
    made level. A cabin rumbles below and is steeper still: unweighted, its swings would look like somebody speaking."""
    import numpy as np

    window = np.hanning(len(samples) + 2)[1:-1]
    power = np.square(np.abs(np.fft.rfft(samples / 32768.0 * window)))
    frequency = np.fft.rfftfreq(len(samples), 1.0 / RATE)
    inside = (frequency >= SPEECH_BAND[0]) & (frequency <= SPEECH_BAND[1])
    weighted = float(np.sum(power[inside] * np.square(frequency[inside] / 1000.0)))
    return 2.0 * weighted / (len(samples) * max(float(np.sum(np.square(window))), 1e-9))


class Ear:
    """``spoke`` tells whether there was speech since ``start``."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._from: Ns = 0
        self._to: Ns = 0
        self._voice: Ns = 0
        self._floor: list[float] = []
        self.spoke = False
        self.open = False

    def start(self, at: Ns) -> None:
        """Listen from ``at`` (not before now)."""
        self._from = self._to = self._voice = max(at, self._unit.clock.now())
        self._floor.clear()
        self.spoke, self.open = False, True
        self._again()

    def stop(self) -> None:
        self.open = False
        self._unit.stop("ear")

    def die(self) -> None:
        self.open = False

    def recording(self) -> NDArray[np.int16]:
        """int16 samples from ``start`` to now, or to a little after the last speech; the car's gain applied."""
        unit, now = self._unit, self._unit.clock.now()
        figures = unit.figures
        until = max(self._from, min(now, self._voice + figures["record_after_speech"]))
        samples = unit.ends.audio.heard(MICROPHONE, min(self._from, until), until).samples
        samples = stretched(samples, float(figures["sample_drift"]))
        samples = amplified(samples, float(figures["microphone_gain"]))
        filtered: NDArray[np.int16] = unit.tapped("ear", samples)
        return filtered

    def _again(self) -> None:
        figures, now = self._unit.figures, self._unit.clock.now()
        full = self._from + figures["longest_recording"]
        step = min(max(self._to, now) + figures["ear_step"], max(full, now))
        self._unit.later("ear", step - now, lambda unit: unit.ear.step())

    def step(self) -> None:
        unit, now = self._unit, self._unit.clock.now()
        figures = unit.figures
        if bool(unit.tapped("gate", self._speech(self._to, now))):
            self._voice, self.spoke = now, True
        self._to = now
        if now - self._from >= figures["longest_recording"]:
            unit.post(RecordingFull())
        elif now - self._voice >= figures["silence_end"]:
            unit.post(SilenceHeard(self.spoke))
        if self.open:
            self._again()

    def _speech(self, start: Ns, stop: Ns) -> bool:
        audio = self._unit.ends.audio
        if stop <= start or not audio.active(MICROPHONE, start, stop):
            return False

        capture = audio.heard(MICROPHONE, start, stop)
        if capture.silent or not len(capture.samples):
            return False
        level = max(NOTHING, 10 * math.log10(max(1e-12, _speech_power(capture.samples))))
        self._floor.append(level)
        del self._floor[:-75]
        floor = min(self._floor) if len(self._floor) > 5 else NOTHING
        return level > max(float(self._unit.figures["speech_threshold"]), floor + ABOVE_FLOOR)
