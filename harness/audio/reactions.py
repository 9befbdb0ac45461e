"""Which sounds begin with an action: segments that stand out of a line's own floor.

The line is cut into frames of 20 ms; what is 12 dB above its median level, and above -60 dBov, is sound; pauses under
200 ms do not end it. A line with music on it has no floor: its segments come at any time, and none is claimed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from harness.foundation.association import SETTLE, Association, Change, Window, associate
from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME: Ns = 20 * MS
ABOVE_DB, LEAST_DBOV = 12.0, -60.0
PAUSE: Ns = 200 * MS
SEMITONE = 1 / 12


class Segment(NamedTuple):
    """A sound in [began, ended) ns; ``level`` its loudest frame in dBov; ``pitch`` the strongest frequency in Hz."""

    began: Ns
    ended: Ns
    level: float
    pitch: float


@dataclass(frozen=True)
class SoundReaction:
    """A sound that begins with the action: how long, how loud, how high, as the median of those in the windows."""

    line: str
    seconds: float
    level: float
    pitch: float
    association: Association


def segments(samples: NDArray[np.int16], rate: int, start: Ns) -> list[Segment]:
    """The sounds of a mono line; ``start`` is the instant of its first sample (ns)."""
    import numpy as np

    from harness.audio.level import unit

    size = rate * FRAME // S
    count = len(samples) // size
    if not count:
        return []
    frames = unit(samples[: count * size]).reshape(count, size)
    level = 20 * np.log10(np.sqrt((frames**2).mean(axis=1)) + 1e-9)
    loud = np.flatnonzero(level > max(float(np.median(level)) + ABOVE_DB, LEAST_DBOV))
    found: list[tuple[int, int]] = []
    for n in loud.tolist():
        if found and (n - found[-1][1]) * FRAME <= PAUSE:
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
    result = []
    for first, last in found:
        part = frames[first:last].reshape(-1)[: 2 * rate]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        pitch = max(float(np.argmax(spectrum)), 1.0) * rate / len(part)
        result.append(Segment(start + first * FRAME, start + last * FRAME, float(level[first:last].max()), pitch))
    return result


def reactions(
    line: str, sounds: Sequence[Segment], windows: Sequence[Window], span: Window, settle: Ns = SETTLE
) -> tuple[list[SoundReaction], int]:
    """What of ``sounds`` begins with the action, best first, and how many kinds of sound there are. Sounds of one
    pitch (to a semitone) are one kind: what ends an action often sounds too, and otherwise.
    """
    kinds: list[list[Segment]] = []
    for sound in sounds:
        if span[0] <= sound.began <= span[1]:
            kind = next((k for k in kinds if abs(math.log2(k[0].pitch / sound.pitch)) <= SEMITONE), None)
            if kind is None:
                kinds.append(kind := [])
            kind.append(sound)
    found = []
    for kind in kinds:
        fit = associate([Change(s.began, True) for s in kind], windows, span, settle)
        if fit is None:
            continue
        at = fit.instants(windows)
        own = [s for s in kind if s.began in at]
        seconds = statistics.median((s.ended - s.began) / S for s in own)
        level, pitch = (statistics.median(getattr(s, name) for s in own) for name in ("level", "pitch"))
        found.append(SoundReaction(line, seconds, level, pitch, fit))
    return sorted(found, key=lambda r: r.association.order), len(kinds)
