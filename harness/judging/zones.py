"""Which loudspeakers carry a message: the driver's, and how far below it the others stay.

Theory. Electrically, on the lines to the loudspeakers: where the message is loud on the driver's line, block by block,
every other line is held against it, the smallest distance counts. So what leaks for a moment only, or on one line only,
shows as what it is. A line without any signal stands at the floor of 16 bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.speech import plays_speech
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK: Ns = 100 * MS
LOUD = 15.0
"""dB below the message's loudest block within which a block counts."""
BEGINS_WITHIN: Ns = 5 * S


def separation(
    stimulus: str, reference: NDArray[np.int16], line: str, others: tuple[str, ...], after: Stamp
) -> Observation:
    """Smallest distance in dB from the message on ``line`` down to any of ``others`` while it sounds."""
    heard = plays_speech(stimulus, reference, line, after)

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        import numpy as np

        found = heard.look(recording, Limit("s", high=BEGINS_WITHIN / S), 0)
        if isinstance(found, Undecided):
            return found
        if heard.found is None:
            return Measurement("channel_separation", "dB", None, found.detail, (), found.window)
        start = heard.found.t
        stop = start + len(reference) * S // JUDGED_RATE
        own = _levels(recording, line, start, stop)
        loud = np.flatnonzero(own > own.max() - LOUD)
        worst, where, at = np.inf, "", 0
        for other in others:
            distance = own - _levels(recording, other, start, stop)
            place = int(loud[np.argmin(distance[loud])])
            if distance[place] < worst:
                worst, where, at = float(distance[place]), other, start + place * BLOCK
        said = f"{where} comes nearest to {line}, at {show_time(at)}"
        refs = tuple({"track": f"audio/{track}", "t": at} for track in (line, where))
        return Measurement("channel_separation", "dB", Interval.exact(worst), said, refs, (start, stop))

    return Observation(
        "separation", {"stimulus": stimulus, "line": line, "others": list(others), "after": list(after)},
        "channel_separation", "audio", after, look, f"other lines than {line} stay free of {stimulus}",
    )  # fmt: skip


def _levels(recording: Recording, line: str, start: Ns, stop: Ns) -> NDArray[np.float64]:
    """dBov of each block."""
    import numpy as np

    from harness.audio.level import FLOOR, FULL_SCALE

    samples = recording.sound(line, start, stop).samples.astype(np.float64) / FULL_SCALE
    size = BLOCK * RATE // S
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(np.square(blocks), axis=1)
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(power, 1e-30)), FLOOR)
    return levels
