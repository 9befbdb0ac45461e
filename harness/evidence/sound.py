"""The part of a recorded line that a report shows: its sound without the silence around it, and not too much of it.

Read from the end in blocks, so that ten minutes of a quiet line cost nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BLOCK_S = 1.0
LEAD_S = 0.1


@dataclass(frozen=True)
class Clip:
    """``samples`` is int16, one channel; ``start_s`` is where it begins in the file of ``whole_s`` seconds."""

    name: str
    samples: Any
    rate: int
    start_s: float
    whole_s: float

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def wav(self) -> bytes:
        """As a WAV file."""
        import soundfile

        out = io.BytesIO()
        soundfile.write(out, self.samples, self.rate, format="WAV", subtype="PCM_16")
        return out.getvalue()


def clip(path: Path, most_s: float) -> Clip:
    """The last ``most_s`` seconds up to the last sound, without leading silence. ValueError for an empty file."""
    import numpy
    import soundfile

    with soundfile.SoundFile(path) as file:
        rate, total = int(file.samplerate), int(file.frames)
        if not total:
            raise ValueError(f"{path.name} holds no samples")
        lead, block = int(LEAD_S * rate), max(int(BLOCK_S * rate), 1)
        last = total
        for end in range(total, 0, -block):
            start = max(end - block, 0)
            file.seek(start)
            loud = numpy.flatnonzero(file.read(end - start, dtype="int16", always_2d=True)[:, 0])
            if len(loud):
                last = min(start + int(loud[-1]) + lead, total)
                break
        first = max(last - int(most_s * rate), 0)
        file.seek(first)
        samples = file.read(last - first, dtype="int16", always_2d=True)[:, 0]
    loud = numpy.flatnonzero(samples)
    skip = max(int(loud[0]) - lead, 0) if len(loud) else max(len(samples) - rate, 0)
    return Clip(path.name, samples[skip:].copy(), rate, (first + skip) / rate, total / rate)
