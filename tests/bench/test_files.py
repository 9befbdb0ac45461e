"""Pictures a run keeps encoded: the file holds the picture, and few are kept."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

from harness.bench.recordings.encoded import Encoded


def screen(value: int) -> np.ndarray:
    pixels = np.zeros((9, 16, 3), np.uint8)
    pixels[2:5, 3:9] = value % 251
    pixels[0, 0, 0] = value % 256
    return pixels


def png(encoded: Encoded, pixels: np.ndarray) -> bytes:
    return encoded.png(pixels, hashlib.sha256(pixels.data).digest())


def test_what_was_encoded_is_the_picture_the_second_time_too() -> None:
    encoded = Encoded()
    for value in (7, 8, 7):
        assert (np.asarray(Image.open(io.BytesIO(png(encoded, screen(value))))) == screen(value)).all()


def test_the_same_picture_gives_the_same_file_also_after_it_was_forgotten() -> None:
    encoded = Encoded()
    first = png(encoded, screen(1))
    for value in range(2, Encoded.MOST + 20):
        png(encoded, screen(value))
    assert len(encoded._known) <= Encoded.MOST
    assert png(encoded, screen(1)) == first
