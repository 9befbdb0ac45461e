"""Draw the icons and make the sounds of cs75plus and f5: python tools/make_two_cars.py

Both cars redraw the shapes of make_icons.py by a hand of their own: one in outline, mirrored and leaning; one squashed,
turned and with a bar through it. What is found by the outline of one car's icon is then not found on another car's
screen (tests/vehicle/test_screens.py measures it). The sounds are chords and sweeps where others have struck bars.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from make_icons import ICONS, Pen
from make_stimuli import OURS, store, write_manifest
from PIL import Image, ImageChops, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
RATE = 48_000


def turned(image: Image.Image, degrees: float, width: float, height: float) -> Image.Image:
    """Turned about the middle and scaled, on a field of the same size."""
    a, w, h = math.radians(degrees), image.width / 2, image.height / 2
    c, s = math.cos(a), math.sin(a)
    # output -> input: undo the turn, then the scale
    back = (c / width, s / width, w - (c * w + s * h) / width, -s / height, c / height, h - (-s * w + c * h) / height)
    return image.transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)


def outline(image: Image.Image, name: str) -> Image.Image:
    """Only the rim of the shape, mirrored, leaning by an angle of its own."""
    lean = random.Random(f"cs75plus {name}").choice((-1, 1)) * 14
    wide = name == "keyboard"
    image = turned(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 0 if wide else lean, 0.86, 0.9)
    return ImageChops.subtract(image.filter(ImageFilter.MaxFilter(9)), image.filter(ImageFilter.MinFilter(11)))


def barred(image: Image.Image, name: str) -> Image.Image:
    """Upside down, squashed and turned, with a bar cut through it at a height of its own."""
    dice = random.Random(f"f5 {name}")
    wide = name == "keyboard"
    image = turned(image.rotate(180), 0 if wide else dice.choice((-24, 24, 36)), 0.98, 0.74)
    at = dice.randrange(30, 60) * image.height // 96
    image.paste(0, (0, at, image.width, at + image.height // 16))
    return image


def moments(pen: Pen) -> None:  # a page of small pictures: an aperture's rim is that of a face
    for row in range(3):
        for column in range(3):
            pen.box(6 + 30 * column, 6 + 30 * row, 30 + 30 * column, 30 + 30 * row)


HANDS: dict[str, Callable[[Image.Image, str], Image.Image]] = {"cs75plus": outline, "f5": barred}


def icons(car: str) -> None:
    folder = ROOT / "dbc" / car / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in {**ICONS, "moments": moments}.items():
        pen = Pen(800, 240) if name == "keyboard" else Pen()
        draw(pen)
        pen.image = HANDS[car](pen.image, name)
        pen.done().save(folder / f"{name}.png", optimize=True)


def shaped(x: np.ndarray, rise: float, fall: float, level: float = -9.0) -> np.ndarray:
    """With fades of ``rise`` and ``fall`` seconds, its peak at ``level`` dBFS, int16."""
    first, last = round(rise * RATE), round(fall * RATE)
    x = x.copy()
    x[:first] *= np.linspace(0, 1, first)
    x[-last:] *= np.linspace(1, 0, last)
    return np.rint(x / np.abs(x).max() * 10 ** (level / 20) * 32767).astype(np.int16)


def chord(seconds: float, *frequencies: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(sum(np.sin(2 * np.pi * f * t + k) for k, f in enumerate(frequencies)) * np.exp(-6 * t))


def glide(seconds: float, start: float, stop: float) -> np.ndarray:
    """A tone that glides; its odd partials make it reedy."""
    t = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * (start * t + (stop - start) * t**2 / (2 * seconds))
    return np.asarray(np.sin(phase) + 0.4 * np.sin(3 * phase) + 0.15 * np.sin(5 * phase))


def rest(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE))


def join(*parts: np.ndarray) -> np.ndarray:
    return np.concatenate(parts)


SOUNDS: dict[str, dict[str, tuple[np.ndarray, str]]] = {
    "cs75plus": {
        "chime": (join(chord(0.08, 523, 659), chord(0.12, 784, 988)), "two rising thirds: speak now"),
        "end_tone": (join(chord(0.07, 880, 1109), chord(0.1, 587, 740)), "two falling thirds: the recording has ended"),
        "prompt": (join(*(chord(0.07, f, f * 1.5) for f in (698, 932, 1245))), "three fifths: a message has come"),
        "ring": (join(*(chord(0.13, f, f * 1.26) for f in (622, 831) * 3)), "thirds up and down: a call"),
        "error": (join(chord(0.13, 220, 233), rest(0.03), chord(0.13, 220, 233)), "two seconds: that did not work"),
    },
    "f5": {
        "chime": (glide(0.16, 500, 1500), "a glide up: speak now"),
        "end_tone": (glide(0.14, 1400, 420), "a glide down: the recording has ended"),
        "prompt": (join(glide(0.1, 900, 1300), rest(0.03), glide(0.12, 900, 1700)), "two glides up: a message"),
        "ring": (join(*(glide(0.15, *pair) for pair in ((600, 1100), (1100, 600)) * 3)), "up and down: a call"),
        "error": (join(glide(0.14, 330, 180), glide(0.16, 260, 140)), "two low glides down: that did not work"),
    },
}
FADES = (0.001, 0.008)
"""Seconds in and out."""


def sounds(car: str) -> None:
    folder, entries = ROOT / "dbc" / car / "sounds", {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (samples, about) in SOUNDS[car].items():
        said = {"text": "", "language": "none", "speaker": "none",
                "provenance": f"tools/make_two_cars.py: {about}", "licence": OURS}  # fmt: skip
        entries[name] = store(folder, name, shaped(samples, *FADES), RATE, said)
    write_manifest(folder / "sounds.yaml", entries, "The head unit's own sounds.")


if __name__ == "__main__":
    for each in HANDS:
        icons(each)
        sounds(each)
