"""A gateway in the sound: what the unit plays reaches the bench otherwise, or what the bench plays the unit.

Theory. What is heard is a pure function of the window, whatever was asked for before; so each change is one too: it
works on the index of a sample since the bench opened. What is played is changed once, as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.audio.port import RATE, AudioPort, Capture
from harness.foundation.units import Ns, S

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Sound = Callable[["NDArray[np.int16]", int], "NDArray[np.int16]"]
"""(samples, index of the first one since the bench opened) -> as many samples."""


class AudioGate:
    """An AudioPort before an AudioPort. ``on_heard`` changes what the lines in ``lines`` bring (None: all), ``late`` is
    how much later they do, ``crossed`` which line is really heard; ``on_played`` changes what is played into them, on
    its way to the unit: the line itself is captured as the bench played it. From ``dead_from`` on the watermark
    stands."""

    def __init__(
        self,
        port: AudioPort,
        *,
        lines: Collection[str] | None = None,
        on_heard: Sound | None = None,
        on_played: Sound | None = None,
        late: Ns = 0,
        crossed: dict[str, str] | None = None,
        dead_from: Ns | None = None,
    ) -> None:
        self._port = port
        self._lines = lines
        self._on_heard = on_heard
        self._on_played = on_played
        self._late = late
        self._crossed = crossed or {}
        self._dead_from = dead_from
        self._played: dict[str, list[tuple[int, NDArray[np.int16]]]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        if self._on_played is not None and self._meant(line):
            cut = self._port.play(line, self._on_played(samples, index_at(at)), at, name=name)
            self._played.setdefault(line, []).append((index_at(at), samples))
            return cut
        return self._port.play(line, samples, at, name=name)

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        if not self._meant(line):
            return self._port.heard(line, start, stop)
        if line in self._played:
            return self._as_played(line, self._port.heard(line, start, stop))
        line_heard = self._crossed.get(line, line)
        capture = self._delayed(line_heard, start, stop) if self._late else self._port.heard(line_heard, start, stop)
        samples = capture.samples
        if self._on_heard is not None and not (capture.silent and not len(samples)):
            samples = self._on_heard(samples, index_at(capture.began.t))
        return replace(capture, line=line, samples=samples, silent=not samples.any())

    def seen_to(self) -> Ns:
        seen = self._port.seen_to()
        return seen if self._dead_from is None else min(seen, self._dead_from)

    def close(self) -> None:
        self._port.close()

    def _meant(self, line: str) -> bool:
        return self._lines is None or line in self._lines

    def _as_played(self, line: str, capture: Capture) -> Capture:
        """What the bench played itself, before it was changed."""
        import numpy as np

        first = index_at(capture.began.t)
        total = np.zeros(len(capture.samples), np.int32)
        for begin, samples in self._played[line]:
            low, high = max(first, begin), min(first + len(total), begin + len(samples))
            if low < high:
                total[low - first : high - first] += samples[low - begin : high - begin]
        mixed = np.clip(total, -32768, 32767).astype(np.int16)
        return replace(capture, samples=mixed, silent=not mixed.any())

    def _delayed(self, line: str, start: Ns, stop: Ns) -> Capture:
        import numpy as np

        late = self._late
        capture = self._port.heard(line, max(0, start - late), max(0, stop - late))
        began = capture.began.shifted(late)
        if start >= late:
            return replace(capture, began=began)
        now = self._port.heard(line, start, stop)  # the time before the first sound that can have come: silence
        silence = np.zeros(len(now.samples) - len(capture.samples), np.int16)
        return replace(capture, samples=np.concatenate([silence, capture.samples]), began=now.began)


def index_at(t: Ns) -> int:
    """The first sample at or after ``t``, as every line counts them."""
    from harness.audio.samples import index_at as index

    return index(t)


# -- what can become of a sound ------------------------------------------------------------------------------------
def louder(db: float) -> Sound:
    """Louder by so many dB (quieter: below 0); what does not fit is clipped."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        import numpy as np

        scaled = samples.astype(np.float64) * 10 ** (db / 20)
        clipped: NDArray[np.int16] = np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
        return clipped

    return change


def gapped(every: Ns, hole: Ns) -> Sound:
    """A hole of so many ns at the end of each period of ``every`` ns: a buffer that runs empty."""
    period, rest = every * RATE // S, (every - hole) * RATE // S

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        import numpy as np

        there = (np.arange(first, first + len(samples)) % period) < rest
        kept: NDArray[np.int16] = np.where(there, samples, 0).astype(np.int16)
        return kept

    return change


def noisy(level: float, seed: int = 5) -> Sound:
    """White noise of so many dBov is added."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        import numpy as np

        from harness.audio.memory import NoiseFloor

        total = samples.astype(np.int32) + NoiseFloor(seed, level).samples(first, len(samples))
        added: NDArray[np.int16] = np.clip(total, -32768, 32767).astype(np.int16)
        return added

    return change


def without_its_beginning(span: Ns) -> Sound:
    """The first ``span`` ns of what is played are lost: a relay or a squelch that opens late."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        cut = samples.copy()
        cut[: span * RATE // S] = 0
        return cut

    return change


def without_its_end(span: Ns) -> Sound:
    """The last ``span`` ns of what is played are lost."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        cut = samples.copy()
        cut[max(0, len(cut) - span * RATE // S) :] = 0
        return cut

    return change


def stretched(ppm: float) -> Sound:
    """Played by a clock that is slow by so many millionths."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        import numpy as np

        there = np.arange(len(samples)) / (1 + ppm * 1e-6)
        bent: NDArray[np.int16] = np.rint(np.interp(there, np.arange(len(samples)), samples)).astype(np.int16)
        return bent

    return change


def silenced() -> Sound:
    """Nothing is left."""

    def change(samples: NDArray[np.int16], first: int) -> NDArray[np.int16]:
        import numpy as np

        return np.zeros_like(samples)

    return change
