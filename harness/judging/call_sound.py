"""The sound of a call: that it arrives whole and clear, and how much later than it must.

Theory. What was spoken is known; it is looked for on the line where it has to arrive, a loudspeaker's or what the other
side's ear gets ("call/contact"). The delay of a path is where it is found, less when it was spoken. What a unit adds is
the difference to a reference client on the same network, which does nothing but pack and unpack, both directions
together (send and receive, as ITU-T P.1110 counts a terminal's own share).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.voice import GAP, JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LATEST: Ns = 2 * S
"""So much later than it was spoken it is still looked for."""


class Path(NamedTuple):
    """Something spoken from ``began`` on (int16 at 16 kHz), and the line where it has to arrive. ``source`` is whose
    watermark counts: "audio", or "account/contact"."""

    stimulus: str
    spoken: NDArray[np.int16]
    began: Stamp
    line: str
    source: str

    @property
    def end(self) -> Ns:
        return self.began.late + len(self.spoken) * S // JUDGED_RATE + LATEST


def clear(quantity: str, path: Path) -> Observation:
    """``quantity`` "stoi" or "gaps" (holes of 20 ms and more) of what arrives; not there at all is no measurement."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.audio.gaps import gaps
        from harness.audio.intelligibility import stoi
        from harness.audio.unmeasurable import Unmeasurable

        if recording.seen_to(path.source) < path.end:
            return Undecided(path.end)
        window, refs = (path.began.t, path.end), ({"track": path.line, "t": path.began.t},)
        try:
            heard = _heard(recording, path)
            if quantity == "stoi":
                value, said = stoi(path.spoken, heard, JUDGED_RATE).stoi, "short-time objective intelligibility"
            else:
                holes = gaps(path.spoken, heard, JUDGED_RATE)
                value, said = holes.at_least(GAP), f"the longest hole has {holes.longest.value * 1000:.0f} ms"
        except Unmeasurable as why:
            said = f"{path.stimulus} has not arrived on {path.line}: {why}"
            return Measurement(quantity, "1", None, said, refs, window)
        return Measurement(quantity, "1", value, said, refs, window)

    return Observation(
        f"call_{quantity}", _arguments(path), quantity, path.source, path.began, look,
        f"{quantity} of {path.stimulus} on {path.line}",
    )  # fmt: skip


def added_delay(unit: tuple[Path, Path], reference: tuple[Path, Path]) -> Observation:
    """Seconds that the unit adds, hearing and speaking together, to what the reference client needs for both."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.audio.unmeasurable import Unmeasurable

        paths = (*unit, *reference)
        for path in paths:
            if recording.seen_to(path.source) < path.end:
                return Undecided(path.end)
        window = (min(p.began.t for p in paths), max(p.end for p in paths))
        try:
            hears, speaks, other_hears, other_speaks = (_delay(recording, path) for path in paths)
        except Unmeasurable as why:
            return Measurement("delay", "s", None, f"something was not heard: {why}", (), window)
        added = Interval(
            hears.value + speaks.value - other_hears.value - other_speaks.value,
            hears.low + speaks.low - other_hears.high - other_speaks.high,
            hears.high + speaks.high - other_hears.low - other_speaks.low,
        )
        said = (
            f"unit: {hears.value * 1000:.1f} ms to hear, {speaks.value * 1000:.1f} ms to be heard; reference client: "
            f"{other_hears.value * 1000:.1f} ms and {other_speaks.value * 1000:.1f} ms"
        )
        refs = tuple({"track": p.line, "t": p.began.t} for p in paths)
        return Measurement("delay", "s", added, said, refs, window)

    arguments = {"unit": [_arguments(p) for p in unit], "reference": [_arguments(p) for p in reference]}
    return Observation("added_delay", arguments, "delay", "audio", unit[0].began, look, "delay that the unit adds")


def _delay(recording: Recording, path: Path) -> Interval:
    from harness.audio.delay import delay
    from harness.audio.unmeasurable import Unmeasurable

    try:
        found = delay(path.spoken, _heard(recording, path), JUDGED_RATE).seconds
    except Unmeasurable as why:
        raise Unmeasurable(f"{path.stimulus} of {show_time(path.began.t)} on {path.line}: {why}") from why
    spread = (path.began.late - path.began.early) / S
    return Interval(found.value, found.low - spread, found.high + spread)


def _heard(recording: Recording, path: Path) -> NDArray[np.int16]:
    from harness.audio.rates import to_rate

    capture = recording.sound(path.line, path.began.t, path.end)
    return to_rate(capture.samples, capture.rate, JUDGED_RATE)


def _arguments(path: Path) -> dict[str, object]:
    return {"stimulus": path.stimulus, "line": path.line, "began": list(path.began), "source": path.source}
