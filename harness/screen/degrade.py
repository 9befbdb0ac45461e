"""Pictures as a camera in a car takes them: blurred, glaring, tilted, dim, noisy.

Theory. A code must be read by a phone that is held as people hold it, so what judges it is not the clean frame alone
but what is left of it after each of these. All are pure functions of the pixels, (height, width, 3) uint8, and of an
injected ``Random`` where chance plays a part; none changes the size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def blur(pixels: Pixels, sigma: float) -> Pixels:
    """Out of focus: Gaussian of ``sigma`` pixels."""
    from scipy.ndimage import gaussian_filter

    return _bytes(gaussian_filter(pixels.astype(np.float32), (sigma, sigma, 0.0)))


def glare(pixels: Pixels, random: Random, strength: float = 0.6) -> Pixels:
    """A soft light spot somewhere on the glass; ``strength`` 0..1 of full white is added at its middle."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = random.uniform(0.2, 0.8) * width, random.uniform(0.2, 0.8) * height
    size = random.uniform(0.15, 0.3) * min(width, height)
    spot = 255.0 * strength * np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2.0 * size**2))
    return _bytes(pixels + spot[:, :, None])


def tilt(pixels: Pixels, degrees: float, distance: float = 2.0) -> Pixels:
    """Seen from the side: the screen turned by ``degrees`` about its upright axis, from ``distance`` widths away; black
    where there is no screen."""
    from PIL import Image

    height, width = pixels.shape[:2]
    angle, away = math.radians(degrees), distance * width
    flat = [(x, y) for x, y in ((-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2))]
    flat.append((-width / 2, height / 2))
    seen = []
    for x, y in flat:
        scale = away / (away + x * math.sin(angle))
        seen.append((x * math.cos(angle) * scale + width / 2, y * scale + height / 2))
    source = [(x + width / 2, y + height / 2) for x, y in flat]
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    turned = picture.transform(
        (width, height), Image.Transform.PERSPECTIVE, _perspective(seen, source), Image.Resampling.BICUBIC
    )
    return np.array(turned, dtype=np.uint8)


def dim(pixels: Pixels, factor: float = 0.5) -> Pixels:
    """The backlight turned down to ``factor``."""
    return _bytes(pixels * np.float32(factor))


def noise(pixels: Pixels, random: Random, sigma: float = 8.0) -> Pixels:
    """Sensor noise: Gaussian of ``sigma`` grey levels, each pixel and colour by itself."""
    generator = np.random.Generator(np.random.Philox(key=random.getrandbits(64)))
    return _bytes(pixels + generator.standard_normal(pixels.shape, dtype=np.float32) * np.float32(sigma))


def camera_views(pixels: Pixels, random: Random) -> Mapping[str, Pixels]:
    """What a code must be readable from: the clean picture, and blurred, glaring, 20 degrees tilted, half as bright,
    each with the noise of a sensor."""
    views = {
        "blur": blur(pixels, 1.5),
        "glare": glare(pixels, random, 0.5),
        "tilt": tilt(pixels, random.choice((-20.0, 20.0))),
        "half brightness": dim(pixels, 0.5),
    }
    return {"clean": pixels, **{name: noise(view, random, 4.0) for name, view in views.items()}}


def _perspective(to: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    """The eight numbers of the projective map that takes the corners ``to`` back to ``source``."""
    rows, right = [], []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y]]
        right += [u, v]
    return [float(c) for c in np.linalg.solve(np.array(rows), np.array(right))]


def _bytes(values: NDArray[np.generic]) -> Pixels:
    result: Pixels = np.clip(np.rint(values.astype(np.float32)), 0, 255).astype(np.uint8)
    return result
