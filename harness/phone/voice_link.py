"""A call's sound on its way: packets of 20 ms between two sides, and what each person hears.

Theory. A side cuts what it is told into packets; a packet leaves when its last sample has been spoken and crosses what
lies between the two: nothing, or a network link that delays and loses. Packets are PCM at RATE, so what a client adds
in delay is its own doing and no codec's. Where nobody speaks no packets are sent. A person hears a packet when it
arrives, or right after the one before where that is not over yet; what was lost is silence.

``Heard`` is one person's ear: the samples by their index on the bench's time line (index = t * RATE, rounded up).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 48_000
PACKET: Ns = 20 * MS
SAMPLES = RATE * PACKET // S


def index_at(t: Ns) -> int:
    """Index of the first sample at or after ``t``."""
    return -(-t * RATE // S)


def packets(samples: NDArray[np.int16], rate: int) -> list[NDArray[np.int16]]:
    """``samples`` (int16, mono, at ``rate``) as packets; the last one is filled up with silence."""
    import numpy as np

    if rate != RATE:
        from scipy.signal import resample_poly

        out = resample_poly(samples.astype(np.float64), RATE, rate)
        samples = np.clip(np.rint(out), -32768, 32767).astype(np.int16)
    whole = np.zeros(-(-len(samples) // SAMPLES) * SAMPLES, np.int16)
    whole[: len(samples)] = samples
    return [whole[i : i + SAMPLES] for i in range(0, len(whole), SAMPLES)]


class Heard:
    """What has reached one ear."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._pieces: list[NDArray[np.int16]] = []

    def take(self, packet: NDArray[np.int16], now: Ns) -> None:
        at = index_at(now)
        if self._pieces:
            over = self._first[-1] + len(self._pieces[-1])
            at = max(at, over)
        self._first.append(at)
        self._pieces.append(packet)

    def between(self, start: Ns, stop: Ns) -> NDArray[np.int16]:
        """int16 samples at RATE whose instants lie in [start, stop)."""
        import numpy as np

        first, last = index_at(start), index_at(stop)
        out = np.zeros(max(last - first, 0), np.int16)
        for i in range(max(bisect_right(self._first, first) - 1, 0), len(self._first)):
            at, piece = self._first[i], self._pieces[i]
            if at >= last:
                break
            low, high = max(first, at), min(last, at + len(piece))
            if high > low:
                out[low - first : high - first] = piece[low - at : high - at]
        return out
