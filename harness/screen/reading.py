"""Words on a picture, by optical character recognition (rapidocr-onnxruntime: Chinese and English models in its wheel).

An extra, because it weighs a hundred megabytes and a scenario that knows its views does not need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.foundation.errors import RigFault

Point = tuple[float, float]


class Words(NamedTuple):
    """One line of text, its ``corners`` in pixels clockwise from the top left, and how sure the reader is (0..1)."""

    text: str
    corners: tuple[Point, ...]
    score: float


class Reader:
    """Holds the loaded models: make one and keep it, loading takes about a second."""

    def __init__(self) -> None:
        """RigFault naming the extra when the recogniser is not installed."""
        try:
            engine = import_module("rapidocr_onnxruntime")
        except ImportError as why:
            raise RigFault(
                f"reading words off a screen needs the extra 'ocr': pip install 'headunit-hil[ocr]' ({why})"
            ) from why
        self._recogniser: Any = engine.RapidOCR()

    def read(self, pixels: NDArray[np.uint8], least: float = 0.5) -> tuple[Words, ...]:
        """Lines of text on a picture (height, width, 3) uint8, top to bottom; those less sure than ``least`` are left
        out."""
        found, _ = self._recogniser(np.ascontiguousarray(pixels[:, :, ::-1]))
        lines = [
            Words(str(text), tuple((float(x), float(y)) for x, y in corners), float(score))
            for corners, text, score in found or ()
        ]
        return tuple(sorted((w for w in lines if w.score >= least), key=lambda w: (w.corners[0][1], w.corners[0][0])))
