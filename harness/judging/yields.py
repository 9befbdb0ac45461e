"""A message that has to give way to something more important: until when it can be heard.

Theory. What was sent is known, so the message is looked for by itself: its beginning, before it had to give way, says
where it lies in the capture and how loud it is; afterwards each block of the capture is projected on what the message
would be there. A block in which the message is loud and a quarter of it is left (-12 dB) still carries it. Whatever
else sounds at the same time does not count: it is not like the message. The message ends somewhere in the last block
that carries it or the one behind: of that it may hold too little to be known. Where none carries it any more, it ended
before the first whole block did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK: Ns = 50 * MS
LEFT = 0.25
LOUD = 0.1
"""Blocks of the message above this share of its mean power are looked at."""


def gives_way(stimulus: str, reference: NDArray[np.int16], line: str, after: Stamp, since: Stamp) -> Observation:
    """Seconds from ``since`` until the message that began after ``after`` is heard no more. ``reference``: what was
    sent, int16 at 16 kHz."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        import numpy as np

        from harness.audio.delay import delay
        from harness.audio.rates import to_rate
        from harness.audio.unmeasurable import Unmeasurable

        end = since.late + max(patience, ns(limit.high))
        if recording.seen_to("audio") < end:
            return Undecided(end)
        capture = recording.sound(line, after.t, end)
        heard = to_rate(capture.samples, capture.rate, JUDGED_RATE).astype(np.float64)
        until = (since.t - after.t) * JUDGED_RATE // S
        window = (after.t, end)
        try:
            lag = delay(reference[:until], heard[:until], JUDGED_RATE).seconds.value
        except Unmeasurable as why:
            said = f"{stimulus} was not heard before it had to give way: {why}"
            return Measurement("latency", "s", None, said, (), window)
        first = round(lag * JUDGED_RATE)
        shares = _shares(reference.astype(np.float64), heard[max(first, 0) :])
        size = BLOCK * JUDGED_RATE // S
        # where block i begins, counted from ``since``
        begins = [(first + i * size) / JUDGED_RATE - (since.t - after.t) / S for i in range(len(shares))]
        usual = float(np.nanmedian([s for s, b in zip(shares, begins, strict=True) if b + BLOCK / S <= 0]))
        left = [b for s, b in zip(shares, begins, strict=True) if b >= 0 and s > LEFT * usual]
        if sum(b >= ns(limit.high) / S and not np.isnan(s) for s, b in zip(shares, begins, strict=True)) < 5:
            said = f"{stimulus} is too short to show that it gave way"
            return Measurement("latency", "s", None, said, (), window)
        last = left[-1] if left else 0.0
        t = since.t + round(last * S)
        said = f"{stimulus} heard to {show_time(t + BLOCK if left else since.t)}"
        whole = min((b for b in begins if b >= 0), default=0.0)
        value = Interval(0.0, 0.0, whole + BLOCK / S)
        if left:
            value = Interval(last + BLOCK / S, last, last + 2 * BLOCK / S)
        return Measurement("latency", "s", value, said, ({"track": f"audio/{line}", "t": t},), window)

    arguments = {"stimulus": stimulus, "line": line, "after": list(after), "since": list(since)}
    return Observation("gives_way", arguments, "latency", "audio", since, look, f"{stimulus} on {line} gives way")


def _shares(reference: NDArray[np.float64], heard: NDArray[np.float64]) -> list[float]:
    """By block: the factor with which the capture holds the message; nan where the message is quiet."""
    import numpy as np

    size = BLOCK * JUDGED_RATE // S
    count = min(len(reference), len(heard)) // size
    mean = float(np.mean(np.square(reference)))
    shares = []
    for i in range(count):
        r, x = (part[i * size : (i + 1) * size] for part in (reference, heard))
        power = float(np.dot(r, r)) / size
        shares.append(abs(float(np.dot(x, r))) / (power * size) if power > LOUD * mean else float("nan"))
    return shares
