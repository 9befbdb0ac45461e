"""The quality of what the driver's loudspeaker plays: questions about a stored sound that a message carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.bench.world import World
from harness.judging import playback
from harness.judging.observation import Observation, anchor
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

class Quality:
    """What ``head_unit.speaker.quality`` answers about how good a message sounds."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._line = world.vehicle.driver_zone

    def stoi(self, stimulus: str, after: object) -> Observation:
        """How well a sentence can be understood (STOI)."""
        return self._world.ask(playback.stoi_of(stimulus, self._sent(stimulus), self._line, anchor(after)))

    def gaps(self, stimulus: str, after: object) -> Observation:
        """How many holes a sentence has."""
        return self._world.ask(playback.gaps_of(stimulus, self._sent(stimulus), self._line, anchor(after)))

    def distortion(self, stimulus: str, after: object) -> Observation:
        """Harmonics of the stored tone, in %."""
        count = len(self._sent(stimulus))
        return self._world.ask(playback.distortion_of(stimulus, count, playback.TONE, self._line, anchor(after)))

    def response(self, stimulus: str, after: object) -> Observation:
        """How evenly the stored sweep comes out over the frequencies."""
        sent = self._sent(stimulus)
        return self._world.ask(playback.response_of(stimulus, sent, playback.sweep_of(sent), self._line, anchor(after)))

    def _sent(self, stimulus: str) -> NDArray[np.int16]:
        from harness.audio.rates import to_rate

        return to_rate(self._world.library.get(stimulus).samples, RATE, JUDGED_RATE)
