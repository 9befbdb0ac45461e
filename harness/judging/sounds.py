"""What comes out of the loudspeakers: a known sound, found by its own waveform, and when it began."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.audio.port import RATE
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.audio.tones import Found

TAIL = 20 * MS
"""What the search needs beyond the template's end to be sure of its peak."""
CERTAIN = 0.9
"""From this match on there is no better one to come: no sound is as much like itself anywhere further off than TAIL."""


@lru_cache(maxsize=64)
def read_sound(path: Path) -> NDArray[np.int16]:
    """A stored sound as int16 at RATE (mono). Raises BadInput when it cannot be read."""
    import numpy as np
    import soundfile

    from harness.audio.rates import to_rate

    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as why:
        raise BadInput(path, None, "", f"is no sound: {why}", "Store it as WAV or FLAC.") from why
    return to_rate(np.ascontiguousarray(samples[:, 0]), rate, RATE)


def plays(sound: str, line: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until ``sound`` (a name of the car's sounds) begins on ``line``."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        from harness.audio.tones import find

        template = read_sound(recording.vehicle.sounds[sound])
        length = len(template) * S // RATE
        watched = after.late + max(patience, ns(limit.high))
        end = watched + length + TAIL
        seen = min(recording.seen_to("audio"), end)
        if seen > after.early + length:
            capture = recording.sound(line, after.early, seen)
            hit = None if capture.silent else find(capture.samples, template, RATE)
            # a ring of several strokes is like itself a stroke earlier: a fair match may be no more than its beginning
            more = 0 if hit is None or hit.score >= CERTAIN else length
            if (
                hit is not None
                and seen - after.early >= _offset(hit) + length + TAIL
                and (seen == end or seen - after.early >= _offset(hit) + length + TAIL + more)
            ):
                onset = onset_stamp(capture.began, hit.onset)
                observation.found = onset
                return Measurement(
                    "latency",
                    "s",
                    elapsed(after, onset),
                    f"{sound} on {line} at {show_time(onset.t)} (match {hit.score:.2f})",
                    ({"track": f"audio/{line}", "t": onset.t},),
                    (after.t, onset.t + length),
                )
        if seen < end:
            return Undecided(end)
        said = f"{sound} never on {line} (listened {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, (), (after.t, end))

    observation = Observation(
        "plays", {"sound": sound, "line": line, "after": list(after)}, "latency", "audio", after, look,
        f"{line} plays {sound}",
    )  # fmt: skip
    return observation


def silent_of(sound: str, line: str, after: Stamp) -> Observation:
    """Seconds without ``sound`` on ``line``, up to the watch time."""

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watch = ns(limit.low)
        answer = heard.look(recording, Limit("s", high=watch / S), 0)
        if isinstance(answer, Undecided):
            return answer
        if answer.value is None or answer.value.low > watch / S:
            said = f"no {sound} on {line} to {show_time(after.late + watch)}"
            return Measurement("watch", "s", Interval.exact(watch / S), said, (), (after.t, after.late + watch))
        return Measurement("watch", "s", answer.value, answer.detail, answer.refs, answer.window)

    heard = plays(sound, line, after)
    return Observation(
        "silent_of", {"sound": sound, "line": line, "after": list(after)}, "watch", "audio", after, look,
        f"{line} plays no {sound}",
    )  # fmt: skip


def _offset(hit: Found) -> Ns:
    return round(hit.onset.value * S / RATE)


def onset_stamp(began: Stamp, onset: Interval) -> Stamp:
    """The instant of a sample index."""
    t, low, high = (round(index * S / RATE) for index in (onset.value, onset.low, onset.high))
    return Stamp(began.t + t, began.early + low, began.late + high)
