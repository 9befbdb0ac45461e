"""Music beside speech: how loud it is from moment to moment, how far it gives way, when it is back.

Theory. The music is a tone above everything that a message, a chime or a voice holds, so its level on a loudspeaker
line can be followed while they sound: the line is brought down by the tone's frequency and averaged under a window of
WINDOW (Hann), every HOP. A level belongs to the middle of its window; what begins within one is known to half of it.

What else the line carries at that moment is seen at frequencies beside the tone, where the window hides the tone itself
(a Hann window of 40 ms is blind to a steady tone 100 Hz off). It is taken to be as strong at the tone: a level has that
to both sides, so that 95 of 100 levels hold the truth, the loudest of many included, and a step of 16 bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from harness.audio.port import RATE
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW: Ns = 40 * MS
HOP: Ns = 10 * MS
BASELINE: Ns = 1 * S
"""Music is as loud as it was in the last second before anything happened."""
ATTACK: Ns = 300 * MS
"""Music may take so long to give way before its level counts."""
STEADY: Ns = 1 * S
"""Back is what stays back for so long."""
BESIDE = (-175.0, -150.0, -125.0, -100.0, 100.0, 125.0, 150.0, 175.0)
"""Hz from the tone; each a null of the window."""
MISSES = 0.05
"""Share of cases in which the bounds may miss the truth."""
_FLOOR = 1e-6


class Levels(NamedTuple):
    """dBov of the tone at ``times`` (ns), with bounds."""

    times: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def mean(self) -> Interval:
        """The mean power of all, in dBov."""
        import numpy as np

        sides = (self.value, self.low, self.high)
        return Interval(*(float(10 * np.log10(np.mean(10 ** (side / 10)))) for side in sides))

    @property
    def loudest(self) -> Interval:
        return Interval(*(float(side.max()) for side in (self.value, self.low, self.high)))


class Music(NamedTuple):
    """A tone of ``frequency`` Hz on ``line``, undisturbed in the second before ``before``."""

    line: str
    frequency: float
    before: Stamp


def gives_way(music: Music, start: Stamp, stop: Stamp) -> Observation:
    """By how many dB the music is lowered between two instants, ATTACK after the first on; its loudest counts."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        import numpy as np

        first, last = start.late + ATTACK, stop.early
        if recording.seen_to("audio") < last + WINDOW:
            return Undecided(last + WINDOW)
        usual = levels_before(recording, music).mean
        then = bounded(recording, music, first, max(last, first + WINDOW))
        at = int(then.times[int(np.argmax(then.value))])
        said = f"{usual.value:.1f} dBov before, at most {then.loudest.value:.1f} dBov then, at {show_time(at)}"
        refs = ({"track": f"audio/{music.line}", "t": at},)
        value = _distance(usual, then.loudest)
        return Measurement("duck_depth", "dB", value, said, refs, (start.t, stop.t))

    return Observation(
        "gives_way", {**_arguments(music), "start": list(start), "stop": list(stop)}, "duck_depth", "audio", start,
        look, f"music on {music.line} gives way",
    )  # fmt: skip


def returns(music: Music, after: Stamp, tolerance: float) -> Observation:
    """Seconds from ``after`` until the music is within ``tolerance`` dB of what it was, and stays there."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        import numpy as np

        watched = after.late + max(patience, ns(limit.high))
        end = watched + STEADY + WINDOW
        seen = min(recording.seen_to("audio"), end)
        if seen > after.late + STEADY + WINDOW:
            level = levels_before(recording, music).mean.value
            now = bounded(recording, music, after.t, seen - WINDOW)
            times, off = now.times, np.flatnonzero(np.abs(now.value - level) > tolerance)
            back = int(off[-1]) + 1 if len(off) else 0
            if back < len(times) and int(times[-1]) - int(times[back]) >= STEADY - HOP:
                t = max(int(times[back]), after.t)
                stamp = Stamp(t, max(t - WINDOW // 2, after.t), t + WINDOW // 2)
                observation.found = stamp
                said = f"music within {tolerance:g} dB of {level:.1f} dBov from {show_time(t)} on"
                refs = ({"track": f"audio/{music.line}", "t": t},)
                return Measurement("latency", "s", elapsed(after, stamp), said, refs, (after.t, t + STEADY))
        if seen < end:
            return Undecided(end)
        level = levels_before(recording, music).mean.value
        said = f"music is not back to {level:.1f} dBov for good before {show_time(watched)}"
        return Measurement("latency", "s", None, said, (), (after.t, end))

    observation = Observation(
        "returns", {**_arguments(music), "after": list(after), "tolerance": tolerance}, "latency", "audio", after, look,
        f"music on {music.line} is back",
    )  # fmt: skip
    return observation


def changed(music: Music, at: Stamp) -> Observation:
    """By how many dB the music differs, in the second from ``at`` on, from what it was."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = at.late + BASELINE
        if recording.seen_to("audio") < end + WINDOW:
            return Undecided(end + WINDOW)
        before = levels_before(recording, music).mean
        now = bounded(recording, music, max(at.late, WINDOW), end).mean
        said = f"{before.value:.1f} dBov before, {now.value:.1f} dBov from {show_time(at.t)} on"
        refs = ({"track": f"audio/{music.line}", "t": at.t},)
        return Measurement("level_change", "dB", _distance(now, before), said, refs, (at.t, end))

    return Observation(
        "changed", {**_arguments(music), "at": list(at)}, "level_change", "audio", at, look,
        f"music on {music.line} as loud as before",
    )  # fmt: skip


def levels_before(recording: Recording, music: Music) -> Levels:
    """The music before anything happened, with bounds."""
    start = music.before.early - BASELINE - WINDOW
    return bounded(recording, music, max(start, WINDOW), music.before.early - WINDOW)


def bounded(recording: Recording, music: Music, start: Ns, stop: Ns) -> Levels:
    """The tone every HOP from ``start`` to ``stop``; 95 of 100 of these stretches lie within their bounds throughout,
    if what else sounds is as strong at the tone as beside it."""
    import numpy as np

    low = max(start - WINDOW // 2, 0)
    capture = recording.sound(music.line, low, stop + WINDOW // 2)
    count, hop = WINDOW * RATE // S, HOP * RATE // S
    window = np.hanning(count + 2)[1:-1]
    turns = np.exp(-2j * np.pi * np.outer(np.arange(count), music.frequency + np.array((0.0, *BESIDE))) / RATE)
    frames = np.lib.stride_tricks.sliding_window_view(capture.samples / 32768.0, count)[::hop]
    found = 2 * np.abs(frames @ (turns * (window / window.sum())[:, None]))
    amplitude, beside = found[:, 0], found[:, 1:]
    apart = max(len(frames) * hop / count, 1.0)  # windows that share no sample
    # the power of noise in one bin is distributed exponentially
    most = float(np.sqrt(-np.log(MISSES / apart))) * float(np.sqrt(np.mean(np.square(beside)))) + 1 / 32768.0
    times = capture.began.t + WINDOW // 2 + HOP * np.arange(len(amplitude), dtype=np.int64)
    sides = (20 * np.log10(np.maximum(x / np.sqrt(2), _FLOOR)) for x in (amplitude, amplitude - most, amplitude + most))
    return Levels(times, *sides)


def _distance(one: Interval, other: Interval) -> Interval:
    return Interval(one.value - other.value, one.low - other.high, one.high - other.low)


def _arguments(music: Music) -> dict[str, object]:
    return {"line": music.line, "frequency": music.frequency, "before": list(music.before)}
