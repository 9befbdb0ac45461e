"""Music from a source in the car, and how it gives way.

Theory. Music is played in short blocks whose gain follows what the mixer asks, a ramp and never a gap. What the source
plays is passed on one block later. A source that has been silent for ``SOURCE_OVER`` has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.audio.port import MEDIA, RATE, SPEAKERS
from harness.foundation.units import MS, Ns, S
from harness.headunit.events.event import Elapsed
from harness.headunit.mixer import media_gain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.unit import HeadUnit

BLOCK: Ns = 50 * MS
"""Music is decided on so far ahead."""
SOURCE_OVER: Ns = 1 * S


class Music:
    """At work while ``unit.ram.media`` holds."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._playing: list[Callable[[], None]] = []
        self._gain = 1.0
        self._next: Ns
        self._heard: Ns
        unit.ends.audio.on_played(MEDIA, self._source_begins)

    def play(self) -> None:
        """One block, then the next."""
        unit = self._unit
        import numpy as np

        wanted = float(unit.tapped("music", media_gain(unit)))
        seconds = float(unit.figures["duck_time" if wanted < self._gain else "duck_restore"]) / 1e9
        step = float(BLOCK) / 1e9 / max(seconds, 1e-3)
        reached = max(wanted, self._gain - step) if wanted < self._gain else min(wanted, self._gain + step)
        # on a true clock this comes a little late each time: the blocks go on where the last one ended
        now = self._next if 0 <= unit.clock.now() - self._next < BLOCK else unit.clock.now()
        self._next, count = now + BLOCK, BLOCK * RATE // S
        level = 10 ** (float(unit.figures["media_volume"]) / 20)
        curve = np.linspace(self._gain, reached, count)
        piece = self._from_source(now, count)
        if piece is None:
            self.stop()
            return
        samples = np.rint(piece * curve * level).astype(np.int16)
        self._gain = reached
        self._playing = [unit.ends.audio.play(line, samples, now, name="music") for line in SPEAKERS]
        self._again()

    def _again(self) -> None:
        """When the block is over: to the sample, for blocks join without a seam whatever the unit's timers do."""
        unit = self._unit
        unit.quietly("music", self._next, lambda: unit.post(Elapsed(lambda u: self.play())))

    def stop(self) -> None:
        self._unit.stop("music")
        for cut in self._playing:
            cut()
        self._playing.clear()
        self._gain, self._unit.ram.media = 1.0, False

    def _source_begins(self) -> None:
        unit = self._unit
        if unit.states.get("power") == "run" and not unit.ram.media:
            self._heard, unit.ram.media = unit.clock.now(), True
            self._next = unit.clock.now() + BLOCK
            self._again()

    def _from_source(self, now: Ns, count: int) -> NDArray[np.float64] | None:
        """What the source played in the last block; None when it has ended."""
        import numpy as np

        audio, start = self._unit.ends.audio, now - BLOCK
        if audio.active(MEDIA, start, now):
            self._heard = now
        elif now - self._heard > SOURCE_OVER:
            return None
        piece = np.zeros(count)
        came = audio.heard(MEDIA, start, now).samples[:count]
        piece[: len(came)] = came
        return piece
