"""Finding an icon or a code in a picture, each picture looked at once.

An icon is found by normalised cross-correlation of edge pictures at a quarter of the size: the language of the text
and the colours of a theme do not matter, the shape does. The answer is kept per picture and icon, because a screen
shows the same picture again and again.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.screen.port import Picture

if TYPE_CHECKING:
    from harness.screen.code import Code

FOUND = 0.70
"""Edge correlation from which an icon counts as there; icons of one car differ by more
(tests/judging/test_views.py)."""

LIT = 40
"""Brightness (of 255) that some pixel of a screen reaches which shows anything."""
DIFFERENT = 25.0
"""Brightness (of 255) by which a block must differ to count: above a camera's noise, far below a letter's contrast."""


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


def is_dark(picture: Picture) -> bool:
    """Whether nothing is lit: a screen that is off."""
    return bool(_answers.get("dark", picture.pixels, lambda: int(picture.pixels.max()) < LIT))


def codes_on(picture: Picture) -> tuple[Code, ...]:
    """The two-dimensional codes that can be read from the picture."""
    from harness.screen.code import read_codes

    codes: tuple[Code, ...] = _answers.get("codes", picture.pixels, lambda: read_codes(picture.pixels))
    return codes


def score(icon: Path, pixels: Any) -> float:
    """Best normalised edge correlation of ``icon`` over all places in ``pixels``, -1..1."""
    import numpy as np
    from scipy import fft

    scene: _Scene = _answers.get("scene", pixels, lambda: _Scene(_edges(pixels)))
    template = _template(icon)
    height, width = template.shape
    if height > scene.edges.shape[0] or width > scene.edges.shape[1]:
        return -1.0
    spectrum = _answers.get((icon, scene.edges.shape), template, lambda: fft.rfft2(template, scene.edges.shape))
    product = fft.irfft2(scene.spectrum * np.conj(spectrum), scene.edges.shape)
    valid = product[: scene.edges.shape[0] - height + 1, : scene.edges.shape[1] - width + 1]
    norm = np.sqrt(np.maximum(scene.energy(height, width), 1.0) * (template**2).sum())
    return float((valid / norm).max())


class _Scene:
    """A picture's edges, their spectrum, and the energy under a window of each size that was asked for."""

    def __init__(self, edges: Any) -> None:
        import numpy as np
        from scipy import fft

        self.edges = edges
        self.spectrum = fft.rfft2(edges)
        self._sum = np.pad(edges.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        self._square = np.pad((edges.astype(np.float64) ** 2).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        self._energies: dict[tuple[int, int], Any] = {}

    def energy(self, height: int, width: int) -> Any:
        """Sum of squared deviations from the mean under each window."""
        known = self._energies.get((height, width))
        if known is None:
            total, square = (
                t[height:, width:] - t[:-height, width:] - t[height:, :-width] + t[:-height, :-width]
                for t in (self._sum, self._square)
            )
            known = self._energies[height, width] = square - total**2 / (height * width)
        return known


_templates: dict[Path, Any] = {}


def _template(icon: Path) -> Any:
    """Edges of the icon, mean taken out, so that a plain product is a correlation."""
    if icon not in _templates:
        import numpy as np
        from PIL import Image

        with Image.open(icon) as image:
            edges = _edges(np.asarray(image.convert("RGB")))
        _templates[icon] = edges - edges.mean()
    return _templates[icon]


def _edges(pixels: Any) -> Any:
    import numpy as np

    dy, dx = np.gradient(_reduced(pixels, 4))
    return np.hypot(dx, dy)


def _reduced(pixels: Any, factor: int) -> Any:
    """Brightness, averaged over blocks of ``factor`` pixels."""
    import numpy as np
    from PIL import Image

    height, width = (n // factor * factor for n in pixels.shape[:2])
    image = Image.fromarray(np.ascontiguousarray(pixels[:height, :width])).convert("L")
    return np.asarray(image.reduce(factor), dtype=np.float32)


def difference(one: Picture, other: Picture) -> float:
    """Share of the screen, 0..1, in blocks of 8 x 8 pixels whose brightness differs by more than a tenth."""
    if one.pixels is other.pixels:
        return 0.0
    import numpy as np

    if one.pixels.shape != other.pixels.shape:
        return 1.0
    blocks = [_answers.get("blocks", p.pixels, lambda p=p: _reduced(p.pixels, 8)) for p in (one, other)]
    return float((np.abs(blocks[0] - blocks[1]) > DIFFERENT).mean())
