"""Finding an icon or a code in a picture, each picture looked at once.

An icon is found by normalised cross-correlation of edge pictures at a quarter of the size: the language of the text and the
colours of a theme do not matter, the shape does. The answer is kept per picture and icon, because a screen shows the same
picture again and again.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.screen.port import Picture

if TYPE_CHECKING:
    from harness.screen.code import Code

FOUND = 0.70
"""Edge correlation from which an icon counts as there; icons of one car differ by more (tests/judging/test_views.py)."""


class _Kept:
    """Answers by (what, picture); the picture is held, so that its identity cannot be reused while its answer is."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[tuple[Any, int], tuple[object, Any]] = OrderedDict()

    def get(self, what: Any, pixels: object, work: Any) -> Any:
        key = (what, id(pixels))
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = (pixels, work())
            if len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return known[1]


_answers = _Kept(512)


def on_screen(icon: Path, picture: Picture) -> bool:
    """Whether the icon is somewhere on the picture."""
    return bool(_answers.get(icon, picture.pixels, lambda: score(icon, picture.pixels)) >= FOUND)


def codes_on(picture: Picture) -> tuple[Code, ...]:
    """The two-dimensional codes that can be read from the picture."""
    from harness.screen.code import read_codes

    codes: tuple[Code, ...] = _answers.get("codes", picture.pixels, lambda: read_codes(picture.pixels))
    return codes


def score(icon: Path, pixels: Any) -> float:
    """Best normalised edge correlation of ``icon`` over all places in ``pixels``, -1..1."""
    import numpy as np
    from scipy.signal import fftconvolve

    edges = _answers.get("edges", pixels, lambda: _edges(pixels))
    template = _template(icon)
    if template.shape[0] > edges.shape[0] or template.shape[1] > edges.shape[1]:
        return -1.0
    ones = np.ones_like(template)
    centred = template - template.mean()
    energy = fftconvolve(edges**2, ones, "valid") - fftconvolve(edges, ones, "valid") ** 2 / template.size
    product = fftconvolve(edges, centred[::-1, ::-1], "valid")
    norm = np.sqrt(np.maximum(energy, 1e-3) * (centred**2).sum())
    return float((product / norm).max())


_templates: dict[Path, Any] = {}


def _template(icon: Path) -> Any:
    if icon not in _templates:
        import numpy as np
        from PIL import Image

        with Image.open(icon) as image:
            _templates[icon] = _edges(np.asarray(image.convert("RGB")))
    return _templates[icon]


def _edges(pixels: Any) -> Any:
    import numpy as np

    grey = pixels.astype(np.float32).mean(axis=2)
    height, width = grey.shape[0] // 4 * 4, grey.shape[1] // 4 * 4
    small = grey[:height, :width].reshape(height // 4, 4, width // 4, 4).mean(axis=(1, 3))
    dy, dx = np.gradient(small)
    return np.hypot(dx, dy)
