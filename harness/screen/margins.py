"""How much a code can bear: each thing that spoils a camera's picture, stepped up until the code cannot be read.

Theory. One lucky picture says little: what counts is how far the picture may go wrong. Each kind has a scale of rising
degrees; a code's margin on it is the last degree before the first that is not read, so what luck reads beyond that does
not count. Every picture also has the noise of a sensor. A random part (where the lamp is mirrored, how the fringes lie)
is drawn anew for each look; of several looks the worst is the margin. Only the code and what is around it is looked at,
because nothing else of the screen helps or hinders a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from harness.screen import degrade
from harness.screen.code import Code, read_codes

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]
SENSOR = 4.0
"""Grey levels of noise (standard deviation) in every picture."""
_AROUND = 0.35
"""Of the code's size, to each side: its quiet zone and more of what it stands on."""


@dataclass(frozen=True)
class Kind:
    """``degrees`` rise from harmless to hopeless, in ``unit``; ``spoil(pixels, random, degree, code's box)``."""

    name: str
    unit: str
    degrees: tuple[float, ...]
    spoil: Callable[[Pixels, Random, float, Box], Pixels]


def _steps(first: float, last: float, step: float) -> tuple[float, ...]:
    return tuple(round(first + k * step, 6) for k in range(round((last - first) / step) + 1))


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("blur", "pixels (standard deviation)", _steps(0.5, 10.0, 0.5), lambda p, r, d, b: degrade.blur(p, d)),
        Kind("glare", "% of the code's area", _steps(1.0, 40.0, 1.0), lambda p, r, d, b: _lamp(p, r, d, b)),
        Kind("tilt", "degrees", _steps(5.0, 85.0, 5.0), lambda p, r, d, b: degrade.tilt(p, r.choice((-d, d)))),
        Kind("moire", "% of the brightness", _steps(5.0, 100.0, 5.0), lambda p, r, d, b: degrade.moire(p, r, d / 100)),
        Kind("low light", "stops too little", _steps(1.0, 14.0, 0.5), lambda p, r, d, b: degrade.low_light(p, r, d)),
        Kind("noise", "grey levels (standard deviation)", _steps(10.0, 250.0, 10.0),
             lambda p, r, d, b: degrade.noise(p, r, d)),
        Kind("dimming", "% of the brightness taken away", _steps(10.0, 95.0, 5.0),
             lambda p, r, d, b: degrade.dim(p, 1.0 - d / 100.0)),
    )
}  # fmt: skip


def _lamp(pixels: Pixels, random: Random, share: float, box: Box) -> Pixels:
    return degrade.blown_out(pixels, random, share / 100.0, box)


@dataclass(frozen=True)
class Margin:
    """``degree``: the last one of the scale that was read (0: none); ``fails``: the next, None where all were read."""

    kind: str
    degree: float
    fails: float | None
    unit: str
    looks: int


def margin(pixels: Pixels, code: Code, kind: str, random: Random, looks: int = 3) -> Margin:
    """How far ``kind`` may go until ``code``, which is on the picture, is not read any more; the worst of ``looks``.

    KeyError for an unknown kind. A code that the mildest degree hides has a margin of 0.
    """
    scale = KINDS[kind]
    part, box = _around(pixels, code)
    seeds = [random.getrandbits(64) for _ in range(looks)]
    reached = [_reached(part, box, code.text, scale, seed) for seed in seeds]
    count = min(reached)
    fails = scale.degrees[count] if count < len(scale.degrees) else None
    return Margin(kind, scale.degrees[count - 1] if count else 0.0, fails, scale.unit, looks)


def _reached(part: Pixels, box: Box, text: str, scale: Kind, seed: int) -> int:
    """How many degrees of the scale are read in a row; the same lamp, fringes and noise at every degree."""
    for count, degree in enumerate(scale.degrees):
        look = Random(seed)
        seen = degrade.noise(scale.spoil(part, look, degree, box), look, SENSOR)
        if text not in [c.text for c in read_codes(seen)]:
            return count
    return len(scale.degrees)


def _around(pixels: Pixels, code: Code) -> tuple[Pixels, Box]:
    """The part of the picture with the code in its middle, and the code's box within it."""
    xs, ys = [x for x, _ in code.corners], [y for _, y in code.corners]
    edge = _AROUND * max(max(xs) - min(xs), max(ys) - min(ys))
    height, width = pixels.shape[:2]
    left, top = max(round(min(xs) - edge), 0), max(round(min(ys) - edge), 0)
    right, bottom = min(round(max(xs) + edge), width), min(round(max(ys) + edge), height)
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    return part, (min(xs) - left, min(ys) - top, max(xs) - left, max(ys) - top)
