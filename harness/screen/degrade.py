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


def blown_out(pixels: Pixels, random: Random, share: float, where: tuple[float, float, float, float]) -> Pixels:
    """A lamp mirrored in the glass: a white disc of ``share`` (0..1) of the area of ``where`` (left, top, right, bottom
    in pixels), its middle somewhere in there, its edge soft."""
    left, top, right, bottom = where
    radius = math.sqrt(max(share, 0.0) * (right - left) * (bottom - top) / math.pi)
    x0, y0 = random.uniform(left, right), random.uniform(top, bottom)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(x - np.float32(x0), y - np.float32(y0))
    light = np.clip((radius - away) / np.float32(max(0.15 * radius, 1.0)) + 0.5, 0.0, 1.0) * (radius > 0.0)
    return _bytes(pixels + (255.0 - pixels) * light[:, :, None])


def moire(pixels: Pixels, random: Random, depth: float) -> Pixels:
    """The screen's grid beats with the sensor's: coloured fringes, ``depth`` 0..1 of the brightness, their period
    between 6 and 40 pixels, in any direction, bent a little as lenses bend them."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    out = pixels.astype(np.float32)
    for _ in range(2):
        period, angle = math.exp(random.uniform(math.log(6.0), math.log(40.0))), random.uniform(0.0, math.pi)
        bend = random.uniform(-1.0, 1.0) * 0.15
        along = x * math.cos(angle) + y * math.sin(angle)
        across = (y * math.cos(angle) - x * math.sin(angle)) / max(width, height)
        turn = 2.0 * math.pi * along / period * (1.0 + bend * across)
        for colour in range(3):
            fringe = 0.5 + 0.5 * np.cos(turn + 2.0 * math.pi * colour / 3.0 * random.uniform(0.5, 1.0))
            out[:, :, colour] *= 1.0 - depth * fringe
    return _bytes(out)


def low_light(pixels: Pixels, random: Random, stops: float) -> Pixels:
    """Taken with ``stops`` less light than the sensor needs, and brightened again: white is 4000 electrons at no stop,
    each halves it; the photons' own noise (a normal distribution of their variance) and 4 electrons of the sensor's
    are brightened with it."""
    generator = np.random.Generator(np.random.Philox(key=random.getrandbits(64)))
    white = 4000.0 * 2.0**-stops
    light = pixels.astype(np.float32) * np.float32(white / 255.0)
    noise_of = np.sqrt(light + np.float32(16.0)) * generator.standard_normal(light.shape, dtype=np.float32)
    return _bytes((light + noise_of) * np.float32(255.0 / white))


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
