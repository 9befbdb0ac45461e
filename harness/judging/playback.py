"""How good a message comes out of a loudspeaker: understood, whole, undistorted, neither dull nor thin.

Theory. Each holds what the line carried after an instant against the stored sound that was sent; what lies between them
is the codec of the messaging service and the unit. A tone shows distortion, a sweep the frequency response, a sentence
the rest. Figures at JUDGED_RATE. The line is the unit's electrical output: loudspeaker, cabin and ear come after it, so
these figures are no measurement by ITU-T P.1100 or P.1110, whatever the limit is quoted from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording
from harness.judging.voice import GAP, JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.audio.response import Sweep

    Sound = NDArray[np.int16]

WITHIN: Ns = 2 * S
"""So long after the instant a message may begin; how soon it has to is another question."""
BAND = (300.0, 3400.0)
"""Hz that every message carries, whatever its codec."""
TONE = 1000.0
"""Hz of the stored tone."""
SWEEP = (100.0, 7500.0)
"""Hz at both ends of the stored sweep (tools/make_stimuli.py)."""
_EDGE = 0.15
"""Seconds at both ends of a tone that are left out: a codec settles."""


def stoi_of(stimulus: str, sent: Sound, line: str, after: Stamp) -> Observation:
    """STOI of what ``line`` plays against ``sent`` (int16 at JUDGED_RATE)."""

    def measure(heard: Sound) -> tuple[Interval, str]:
        from harness.audio.intelligibility import stoi

        return stoi(sent, heard, JUDGED_RATE).stoi, f"{stimulus} against the sentence as it was spoken"

    return _on_line("stoi", "1", stimulus, len(sent), line, after, measure)


def gaps_of(stimulus: str, sent: Sound, line: str, after: Stamp) -> Observation:
    """Holes of 20 ms and more in what ``line`` plays."""

    def measure(heard: Sound) -> tuple[Interval, str]:
        from harness.audio.gaps import gaps

        found = gaps(sent, heard, JUDGED_RATE, band=BAND)
        return found.at_least(GAP), f"holes from 20 ms on; the longest has {found.longest.value * 1000:.0f} ms"

    return _on_line("gaps", "1", stimulus, len(sent), line, after, measure)


def distortion_of(stimulus: str, count: int, frequency: float, line: str, after: Stamp) -> Observation:
    """Total harmonic distortion in % of a tone of ``frequency`` Hz, ``count`` samples long at JUDGED_RATE."""

    def measure(heard: Sound) -> tuple[Interval, str]:
        from harness.audio.tones import tone

        found = tone(_steady(heard, count, frequency), JUDGED_RATE, frequency)
        share = Interval(*(100.0 * x for x in found.distortion))
        return share, f"harmonics of {frequency:g} Hz at {found.level.value:.1f} dBov, {_NO_STANDARD}"

    return _on_line("distortion", "%", stimulus, count, line, after, measure)


def response_of(stimulus: str, sent: Sound, sweep: Sweep, line: str, after: Stamp) -> Observation:
    """Largest distance in dB from the level at 1 kHz, in third-octave bands within BAND."""

    def measure(heard: Sound) -> tuple[Interval, str]:
        from harness.audio.response import response

        found = response(sent, heard, JUDGED_RATE, sweep)
        worst = found.worst(*BAND)
        said = f"{worst.level.value:+.1f} dB at {worst.frequency:.0f} Hz against 1 kHz, {_NO_STANDARD}"
        return found.deviation(*BAND), said

    return _on_line("response", "dB", stimulus, len(sent), line, after, measure)


def sweep_of(sent: Sound) -> Sweep:
    """The stored sweep that ``sent`` (int16 at JUDGED_RATE) is."""
    from harness.audio.response import Sweep

    return Sweep(*SWEEP, len(sent) / JUDGED_RATE)


_NO_STANDARD = "electrically, which is no measurement by ITU-T P.1100 or P.1110"


def _steady(heard: Sound, count: int, frequency: float) -> Sound:
    """The middle of the stretch of ``count`` samples that holds most of the tone."""
    import numpy as np

    from harness.audio.unmeasurable import Unmeasurable

    edge = round(_EDGE * JUDGED_RATE)
    if len(heard) < count or count <= 2 * edge:
        raise Unmeasurable("too short for the tone")
    turn = np.exp(-2j * np.pi * frequency * np.arange(len(heard)) / JUDGED_RATE)
    size = JUDGED_RATE // 50
    blocks = (heard * turn)[: len(heard) // size * size].reshape(-1, size).sum(axis=1)
    power = np.square(np.abs(blocks))
    wide = max(count // size, 1)
    sums = np.convolve(power, np.ones(wide), "valid")
    start = int(np.argmax(sums)) * size
    return heard[start + edge : start + count - edge]


def _on_line(
    quantity: str,
    unit: str,
    stimulus: str,
    count: int,
    line: str,
    after: Stamp,
    measure: Callable[[Sound], tuple[Interval, str]],
) -> Observation:
    arguments: dict[str, Any] = {"stimulus": stimulus, "line": line, "after": list(after)}
    length = count * S // JUDGED_RATE

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.audio.rates import to_rate
        from harness.audio.unmeasurable import Unmeasurable

        stop = after.late + WITHIN + length
        if recording.seen_to("audio") < stop:
            return Undecided(stop)
        capture = recording.sound(line, after.early, stop)
        refs = ({"track": f"audio/{line}", "t": after.t},)
        try:
            value, detail = measure(to_rate(capture.samples, capture.rate, JUDGED_RATE))
        except Unmeasurable as why:
            said = f"{stimulus} was not played on {line}: {why}"
            return Measurement(quantity, unit, None, said, refs, (after.t, stop))
        return Measurement(quantity, unit, value, detail, refs, (after.t, stop))

    return Observation(
        f"{quantity}_of", arguments, quantity, "audio", after, look, f"{quantity} of {stimulus} on {line}"
    )
