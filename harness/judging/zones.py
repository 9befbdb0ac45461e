"""Which loudspeakers carry a message: the driver's, and how far below it the others stay.

Theory. Electrically, on the lines to the loudspeakers: where the message is loud on the driver's line, block by block,
every other line is held against it, the smallest distance counts. So what leaks for a moment only, or on one line only,
shows as what it is. A line without any signal stands at the floor of 16 bit. Each sample is rounded to half a step of
16 bit, so is the RMS of a block at most (triangle inequality): that is all that the distance is uncertain by.
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
        loud = np.flatnonzero(own[0] > own[0].max() - LOUD)
        worst, where, at = Interval.exact(np.inf), "", 0
        for other in others:
            there = _levels(recording, other, start, stop)
            distance = own[0] - there[0]
            place = int(loud[np.argmin(distance[loud])])
            least, most = float((own[1] - there[2])[loud].min()), float((own[2] - there[1])[loud].min())
            if distance[place] < worst.value:
                where, at = other, start + place * BLOCK
            worst = Interval(*map(min, worst, (float(distance[place]), least, most)))
        said = f"{where} comes nearest to {line}, at {show_time(at)}"
        refs = tuple({"track": f"audio/{track}", "t": at} for track in (line, where))
        return Measurement("channel_separation", "dB", worst, said, refs, (start, stop))

    return Observation(
        "separation", {"stimulus": stimulus, "line": line, "others": list(others), "after": list(after)},
        "channel_separation", "audio", after, look, f"other lines than {line} stay free of {stimulus}",
    )  # fmt: skip


def _levels(recording: Recording, line: str, start: Ns, stop: Ns) -> NDArray[np.float64]:
    """dBov of each block, shape (3, blocks): the value, and its bounds by half a step of 16 bit."""
    import numpy as np

    from harness.audio.level import FLOOR, FULL_SCALE

    samples = recording.sound(line, start, stop).samples.astype(np.float64) / FULL_SCALE
    size = BLOCK * RATE // S
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    root = np.sqrt(np.mean(np.square(blocks), axis=1))
    step = 0.5 / FULL_SCALE
    sides = np.stack((root, np.maximum(root - step, 0.0), root + step))
    levels: NDArray[np.float64] = np.maximum(20 * np.log10(np.maximum(sides, 1e-15)), FLOOR)
    return levels
