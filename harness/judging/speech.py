"""A spoken message out of a loudspeaker: when it began, and that it is the right one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.signals import ns
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEYOND: Ns = 200 * MS
"""Sound beyond the last sample of the message, so that an end that comes late is still in the window."""


def plays_speech(stimulus: str, reference: NDArray[np.int16], line: str, after: Stamp) -> Observation:
    """Seconds from ``after`` until the message begins on ``line``. ``reference``: what was sent, int16 at 16 kHz."""
    length = len(reference) * S // JUDGED_RATE

    def look(recording: Recording, limit: Limit, patience: Ns) -> Undecided | Measurement:
        watched = after.late + max(patience, ns(limit.high))
        end = watched + length + BEYOND
        early = after.late + ns(limit.high) + length + BEYOND
        seen = recording.seen_to("audio")
        for stop in [early, end] if early < end else [end]:
            if seen < stop:
                return Undecided(stop)
            lag = _lag(reference, recording, line, after.early, stop)
            if lag is not None:
                onset = Stamp(*(after.early + round(x * S) for x in (lag.value, lag.low, lag.high)))
                observation.found = onset
                said = f"{stimulus} on {line} from {show_time(onset.t)} on"
                refs = ({"track": f"audio/{line}", "t": onset.t},)
                return Measurement("latency", "s", elapsed(after, onset), said, refs, (after.t, stop))
        said = f"{stimulus} never on {line} (listened {show_time(watched - after.t)})"
        return Measurement("latency", "s", None, said, (), (after.t, end))

    observation = Observation(
        "plays_speech", {"stimulus": stimulus, "line": line, "after": list(after)}, "latency", "audio", after, look,
        f"{line} plays {stimulus}",
    )  # fmt: skip
    return observation


def identity(
    stimulus: str, candidates: Mapping[str, NDArray[np.int16]], line: str, after: Stamp, quantity: str
) -> Observation:
    """How like ``stimulus`` the sound on ``line`` is among all candidates.

    ``quantity`` "identity" is the likeness (normalised cross-correlation), "identity_ratio" the height of its
    correlation peak over the next best one. Both are 0 when another candidate fits better.
    """
    length = len(candidates[stimulus]) * S // JUDGED_RATE

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.audio.match import match

        stop = after.late + 2 * S + length
        if recording.seen_to("audio") < stop:
            return Undecided(stop)
        best = match(_heard(recording, line, after.early, stop), candidates, JUDGED_RATE).candidates[0]
        refs = ({"track": f"audio/{line}", "t": after.t},)
        figure = best.likeness if quantity == "identity" else best.ratio
        value = Interval.exact(figure if best.id == stimulus else 0.0)
        said = f"most like {best.id} of {len(candidates)} (peak ratio {best.ratio:.1f}, likeness {best.likeness:.2f})"
        return Measurement(quantity, "1", value, said, refs, (after.t, stop))

    return Observation(
        "identity", {"stimulus": stimulus, "line": line, "quantity": quantity, "after": list(after)}, quantity, "audio",
        after, look, f"what {line} plays is {stimulus} ({quantity.replace('_', ' ')})",
    )  # fmt: skip


def silent_of_speech(stimulus: str, reference: NDArray[np.int16], line: str, after: Stamp) -> Observation:
    """Seconds without the message on ``line``, up to the watch time."""

    def look(recording: Recording, limit: Limit, _patience: Ns) -> Undecided | Measurement:
        answer = heard.look(recording, Limit("s", high=limit.low), 0)
        if isinstance(answer, Undecided):
            return answer
        if answer.value is not None:
            return replace(answer, quantity="watch")
        watch = ns(limit.low)
        said = f"no {stimulus} on {line} to {show_time(after.late + watch)}"
        return Measurement("watch", "s", Interval.exact(watch / S), said, (), (after.t, after.late + watch))

    heard = plays_speech(stimulus, reference, line, after)
    return Observation(
        "silent_of_speech", {"stimulus": stimulus, "line": line, "after": list(after)}, "watch", "audio", after, look,
        f"{line} plays nothing of {stimulus}",
    )  # fmt: skip


def _heard(recording: Recording, line: str, start: Ns, stop: Ns) -> Any:
    from harness.audio.rates import to_rate

    capture = recording.sound(line, start, stop)
    return to_rate(capture.samples, capture.rate, JUDGED_RATE)


def _lag(reference: Any, recording: Recording, line: str, start: Ns, stop: Ns) -> Interval | None:
    from harness.audio.delay import delay
    from harness.audio.unmeasurable import Unmeasurable

    try:
        return delay(reference, _heard(recording, line, start, stop), JUDGED_RATE).seconds
    except Unmeasurable:
        return None
