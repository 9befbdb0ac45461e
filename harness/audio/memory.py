"""Audio lines in memory: what was played is kept, what is heard is mixed when somebody asks.

Theory. Nothing moves while nobody listens: ``play`` keeps a reference to the samples and where they begin, ``heard``
adds up whatever overlaps the window. Silence is a slice of one shared array of zeros. The past cannot change, because
nothing may be played, or cut off, before the present instant; so ``heard`` gives the same samples for the same window
however often and in whatever pieces it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from harness.audio.port import MEDIA, MICROPHONE, SPEAKERS, Capture
from harness.audio.samples import index_at, instant, span
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.uncertainty import SAMPLE, Share
from harness.foundation.units import Ns, show_time

_BLOCK = 4096
_LOUDEST = 32767


@dataclass(frozen=True)
class NoiseFloor:
    """White Gaussian noise of a line: ``level`` in dBov (RMS against full scale), from ``seed``.

    A pure function of the sample index: a counter-based generator (Philox) is keyed with the seed and set to the
    number of the block, so a window holds the same samples whatever was asked for before.
    """

    seed: int
    level: float

    def samples(self, first: int, count: int) -> NDArray[np.int16]:
        """int16 samples, shape (count,), from index ``first`` >= 0 on."""
        start, stop = first // _BLOCK, -(-(first + count) // _BLOCK)
        scale = 32768.0 * 10.0 ** (self.level / 20.0)
        blocks = [
            np.random.Generator(np.random.Philox(key=self.seed, counter=[0, 0, 0, k])).standard_normal(_BLOCK)
            for k in range(start, stop)
        ]
        noise = np.concatenate(blocks) if blocks else np.zeros(0)
        piece = noise[first - start * _BLOCK :][:count]
        rounded: NDArray[np.int16] = np.clip(np.rint(piece * scale), -32768, 32767).astype(np.int16)
        return rounded


@dataclass(order=True)
class _Played:
    first: int
    sequence: int
    stop: int = field(compare=False)
    samples: NDArray[np.int16] = field(compare=False)
    name: str = field(compare=False)


def _first(sound: _Played) -> int:
    return sound.first


class _Lines:
    """What both ends share: the sounds on each line in order of their beginning."""

    def __init__(self, clock: Clock, noise: Mapping[str, NoiseFloor]) -> None:
        self.clock = clock
        self.noise = dict(noise)
        self.lines: dict[str, list[_Played]] = {line: [] for line in (MICROPHONE, MEDIA, *SPEAKERS)}
        self.longest = dict.fromkeys(self.lines, 0)
        self.sequence = 0
        self.zeros = _read_only(np.zeros(_BLOCK, np.int16))
        self.told: dict[str, list[Callable[[], None]]] = {}
        unknown = sorted(set(noise) - set(self.lines))
        if unknown:
            raise HarnessError(f"noise floor for unknown line {unknown[0]!r}; lines: {', '.join(self.lines)}")

    def overlapping(self, line: str, first: int, stop: int) -> list[_Played]:
        try:
            played = self.lines[line]
        except KeyError:
            raise HarnessError(f"unknown audio line {line!r}; lines: {', '.join(self.lines)}") from None
        # Nothing that began longer ago than the longest sound lasts can still be heard.
        start = bisect_left(played, first - self.longest[line], key=_first)
        end = bisect_left(played, stop, lo=start, key=_first)
        return [sound for sound in played[start:end] if sound.stop > first]

    def add(self, line: str, sound: _Played) -> None:
        insort(self.lines[line], sound)
        self.longest[line] = max(self.longest[line], sound.stop - sound.first)

    def silence(self, count: int) -> NDArray[np.int16]:
        if count > len(self.zeros):
            self.zeros = _read_only(np.zeros(max(count, 2 * len(self.zeros)), np.int16))
        return self.zeros[:count]

    def mixed(self, line: str, first: int, stop: int) -> tuple[NDArray[np.int16], bool]:
        """Read-only samples [first, stop) of ``line``, and whether all are zero."""
        sounds = self.overlapping(line, first, stop)
        floor = self.noise.get(line)
        if not sounds and floor is None:
            return self.silence(stop - first), True
        if len(sounds) == 1 and floor is None and sounds[0].first <= first and sounds[0].stop >= stop:
            samples = sounds[0].samples[first - sounds[0].first : stop - sounds[0].first]
            return samples, not samples.any()
        total = np.zeros(stop - first, np.int32)
        for sound in sounds:
            low, high = max(first, sound.first), min(stop, sound.stop)
            total[low - first : high - first] += sound.samples[low - sound.first : high - sound.first]
        if floor is not None:
            total += floor.samples(first, stop - first)
        samples = _read_only(np.clip(total, -_LOUDEST - 1, _LOUDEST).astype(np.int16))
        return samples, not samples.any()


class MemoryAudio:
    """One end of the lines (an ``AudioPort``). Both ends may hear every line, their own included: what a rig played
    is the captured stimulus."""

    uncertainty = (Share(SAMPLE, span(1)),)

    def __init__(self, lines: _Lines, plays: tuple[str, ...], who: str) -> None:
        self._lines = lines
        self._plays = plays
        self._who = who
        self._closed = False

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        """As ``AudioPort.play``. The samples are kept by reference, not copied: the caller leaves them alone."""
        now = self._lines.clock.now()
        label = f"{name or 'sound'} on {line}"
        if self._closed:
            raise HarnessError(f"{label}: the {self._who} end of the audio lines is closed")
        if line not in self._plays:
            raise HarnessError(f"{label}: the {self._who} end plays only {', '.join(self._plays)}")
        if at < now:
            raise HarnessError(f"{label}: to begin at {show_time(at)}, which has passed (now {show_time(now)})")
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise HarnessError(f"{label}: mono int16 samples wanted, not {samples.dtype} of shape {samples.shape}")
        self._lines.sequence += 1
        first = index_at(at)
        sound = _Played(first, self._lines.sequence, first + len(samples), _read_only(samples), name)
        self._lines.add(line, sound)
        for callback in self._lines.told.get(line, ()):
            self._lines.clock.at(at, callback, name=f"{line} begins")

        def cut() -> None:
            sound.stop = max(sound.first, min(sound.stop, index_at(self._lines.clock.now())))

        return cut

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        """As ``AudioPort.heard``; read-only samples whose instants lie in [start, stop).

        The window is half open, so a ``stop`` of one nanosecond past ``seen_to()`` is still fully delivered.
        """
        self._check(line, start, stop)
        first, last = index_at(start), index_at(stop)
        samples, silent = self._lines.mixed(line, first, last)
        return Capture(line, samples, instant(first), silent)

    def active(self, line: str, start: Ns, stop: Ns) -> bool:
        """Whether anything was played into ``line`` within [start, stop); a noise floor does not count. Mixes nothing,
        so it is the cheap question to poll with: False means ``heard`` would bring silence or the noise floor only."""
        self._check(line, start, stop)
        return bool(self._lines.overlapping(line, index_at(start), index_at(stop)))

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines.lines)

    def on_played(self, line: str, callback: Callable[[], None]) -> None:
        """Call ``callback()`` at the beginning of each sound that is played into ``line``: a source has begun."""
        self._lines.told.setdefault(line, []).append(callback)

    def seen_to(self) -> Ns:
        return self._lines.clock.settled()

    def close(self) -> None:
        """Nothing more is played from this end; what was recorded stays readable."""
        self._closed = True

    def _check(self, line: str, start: Ns, stop: Ns) -> None:
        if not 0 <= start <= stop:
            raise HarnessError(f"{line}: the window {start}..{stop} ns is not one")
        if stop > self.seen_to() + 1:
            raise HarnessError(f"{line}: asked up to {show_time(stop)}, but seen only to {show_time(self.seen_to())}")


def pair(clock: Clock, *, noise: Mapping[str, NoiseFloor] | None = None) -> tuple[MemoryAudio, MemoryAudio]:
    """The rig's port and the unit's far end of one set of lines. ``noise``: line -> its noise floor (default none)."""
    lines = _Lines(clock, noise or {})
    return MemoryAudio(lines, (MICROPHONE, MEDIA), "rig's"), MemoryAudio(lines, SPEAKERS, "unit's")


def _read_only(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    view = samples.view()
    view.flags.writeable = False
    return view
