"""A line's sound out of its WAV file, sample for sample as it was heard.

Where the rig's own sound lay on the bench's grid of samples, so does this; elsewhere a window begins with the sample
that the nearest mark before it leads to, which is right to one sample.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from harness.audio.port import RATE, Capture
from harness.audio.samples import index_at, instant
from harness.evidence.rejudge.kept import Kept
from harness.foundation.errors import BadInput, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S, show_time
from harness.judging.tracks import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RecordedSound:
    """One line. ``heard`` raises RigFault for what was not known of it."""

    def __init__(self, folder: Path, track: Track) -> None:
        self._line = track.track.removeprefix("audio/")
        self._path = Kept(folder, track).path if track.file else None
        self._first = int(track.more.get("first", 0))
        self._gaps = [(int(a), int(b)) for a, b in track.more.get("gaps", ())]
        marks = [(int(i), Stamp(int(t), int(e), int(late))) for i, t, e, late in track.more.get("marks", ())]
        self._marks = sorted(marks, key=lambda mark: mark[1].t)
        self._samples: NDArray[np.int16] | None = None

    def heard(self, start: Ns, stop: Ns) -> Capture:
        gap = next(((a, b) for a, b in self._gaps if a < stop and start < b), None)
        if gap is not None:
            raise RigFault(f"{self._line}: the sound from {show_time(gap[0])} to {show_time(gap[1])} is not known")
        first, last = index_at(start), index_at(stop)
        stamp = instant(first)
        low, high = first - self._first, last - self._first
        mark = self._mark(start)
        if mark is not None:
            at, known = mark
            low = at + round((start - known.t) * RATE / S)
            high = low + last - first
            by = round((low - at) * S / RATE)
            stamp = known.shifted(by)
        samples = self._cut(low, high)
        samples.flags.writeable = False
        return Capture(self._line, samples, stamp, not samples.any())

    def _mark(self, start: Ns) -> tuple[int, Stamp] | None:
        if not self._marks:
            return None
        place = bisect_right(self._marks, start, key=lambda mark: mark[1].t)
        return self._marks[max(place - 1, 0)]

    def _cut(self, low: int, high: int) -> NDArray[np.int16]:
        """Samples [low, high) of the file; zeros where it holds none."""
        import numpy as np

        whole = self._whole()
        out = np.zeros(max(high - low, 0), np.int16)
        begin, end = max(low, 0), min(high, len(whole))
        if begin < end:
            out[begin - low : end - low] = whole[begin:end]
        return out

    def _whole(self) -> NDArray[np.int16]:
        if self._samples is None:
            self._samples = read_wav(self._path)[0] if self._path else read_nothing()
        return self._samples


def read_nothing() -> NDArray[np.int16]:
    import numpy as np

    return np.zeros(0, np.int16)


def read_wav(path: Path) -> tuple[NDArray[np.int16], int]:
    """(mono samples, rate). BadInput where it cannot be read."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as why:
        raise BadInput(path, None, "", f"is no sound: {why}", "Restore the recording.") from why
    return samples[:, 0], rate
