"""Restricted sound in public files: the search for stretches of its samples.

What a line carries is sampled anew and mixed, so a message that was played does not lie in the line's recording sample
by sample. What this finds is a copy: the message itself, in whatever file.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

STRETCH = 64
"""Bytes of samples that are looked for; this many are no coincidence, unless there is silence."""
STRETCHES = 16
FEWEST_VALUES = 16
"""Different bytes in a stretch from which it is not taken for silence or a plain tone."""


def stretches(files: Iterable[Path]) -> Iterator[tuple[bytes, str]]:
    """(samples, name of the file) of some stretches of each, spread over it. What is no 16-bit WAV has none."""
    for path in files:
        try:
            with wave.open(str(path)) as file:
                samples = file.readframes(file.getnframes())
        except (OSError, EOFError, wave.Error):
            continue
        places = range(0, max(len(samples) - STRETCH, 0), max(len(samples) // (4 * STRETCHES) & ~1, 2))
        found = (samples[at : at + STRETCH] for at in places)
        lively = [piece for piece in found if len(set(piece)) >= FEWEST_VALUES]
        for piece in lively[:: max(len(lively) // STRETCHES, 1)]:
            yield piece, path.name
