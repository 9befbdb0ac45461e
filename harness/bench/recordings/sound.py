"""A line's sound as WAV, with the instant of its first sample and what of it is not known.

Theory. Lines are silent most of the time: the file goes from the second with the first sound to the one with the last,
and outside it there was silence, from 0 to the watermark. Where every capture lies on the bench's own grid of samples
(harness/audio/samples.py) the index of the first sample says all about time; elsewhere ``marks`` name, about once a
second, a sample of the file and its stamp.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.audio.port import RATE, Capture
from harness.audio.samples import index_at, instant
from harness.bench.recorder import Recorder
from harness.bench.recordings.described import described
from harness.foundation.errors import RigFault
from harness.foundation.units import Ns, S
from harness.judging.tracks import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def write_sound(recorder: Recorder, line: str, source: str, folder: Path, note: Callable[[str], None]) -> Track:
    """``file`` is "" where the line was silent. ``source``: whose watermark counts. ``more``: ``first`` (index of the
    file's first sample), ``gaps`` ([start, stop] in ns of what is not known), ``marks`` ([sample of the file, t, early,
    late]; only off the grid)."""
    import numpy as np
    import soundfile

    pieces: list[tuple[int, NDArray[np.int16]]] = []
    marks: list[tuple[int, Capture]] = []
    gaps: list[tuple[Ns, Ns]] = []
    on_grid = True
    end = recorder.seen_to(source)
    for second in range(-(-end // S)):
        start, stop = second * S, min((second + 1) * S, end)
        try:
            capture = recorder.sound(line, start, stop)
        except RigFault as why:  # what was judged was not there, or the verdict says so
            note(f"{line}.wav lacks second {second}: {why}")
            gaps.append((start, stop))
            continue
        index = index_at(capture.began.t)
        on_grid = on_grid and capture.began == instant(index) == instant(index_at(start))
        marks.append((index, capture))
        if not capture.silent:
            pieces.append((index, capture.samples))
    more: dict[str, Any] = {"gaps": [list(gap) for gap in gaps]} if gaps else {}
    if not pieces:
        return described(recorder, f"audio/{line}", "", source, more=more)
    first = pieces[0][0] // RATE * RATE
    whole = np.zeros(pieces[-1][0] - first + len(pieces[-1][1]), np.int16)
    for began, samples in pieces:
        whole[began - first : began - first + len(samples)] = samples
    name = f"{line.replace('/', '-')}.wav"
    soundfile.write(folder / name, whole, RATE, subtype="PCM_16")
    more["first"] = first
    if not on_grid:
        more["marks"] = [[index - first, *capture.began] for index, capture in marks]
    return described(recorder, f"audio/{line}", name, source, spread=None, more=more)
