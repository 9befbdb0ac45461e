"""Which areas of a screen change with an action.

The picture is laid out in a grid of tiles. A tile is in its usual state while it looks as it did for most of the
time, and in another one otherwise: a thing of two states, held against the windows of the action. Tiles that change at
the same instants are one reaction, wherever they lie: one view that comes to the front changes many. A clock on the
screen changes at its own time and is not claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.foundation.association import SETTLE, Association, Change, Window, associate
from harness.foundation.units import Ns
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS, ROWS = 32, 18
DIFFERS = 12.0
"""Mean difference of a tile, 0..255 per channel, that is more than the noise of a camera."""


@dataclass(frozen=True)
class AreaReaction:
    """Where the ``tiles`` (of COLUMNS * ROWS) lie: ``left``, ``top``, ``right``, ``bottom``, 0..1 of the picture."""

    left: float
    top: float
    right: float
    bottom: float
    tiles: int
    association: Association


def reactions(
    pictures: Sequence[Picture], windows: Sequence[Window], span: Window, settle: Ns = SETTLE
) -> tuple[list[AreaReaction], int]:
    """The areas that met any window, best first, and how many tiles ever changed. Pictures in time order; those of
    another size than the first are left out.
    """
    import numpy as np

    before = [p for p in pictures if p.stamp.t <= span[0]][-1:]
    shown = [*before, *(p for p in pictures if span[0] < p.stamp.t <= span[1])]
    kept = [p for p in shown if p.pixels.shape == shown[0].pixels.shape]
    if len(kept) < 2:
        return [], 0
    looks = np.stack([_tiles(p.pixels) for p in kept])
    times = [max(p.stamp.t, span[0]) for p in kept]
    weights = np.diff(np.array([*times, max(span[1], times[-1])], dtype=np.float64))
    usual = _usual(looks, weights)
    other = np.abs(looks - usual).max(axis=3) > DIFFERS
    fits: dict[tuple[int, int], Association] = {}
    changing = 0
    for row in range(other.shape[1]):
        for column in range(other.shape[2]):
            states = other[:, row, column]
            steps = np.flatnonzero(states[1:] != states[:-1]) + 1
            if not len(steps):
                continue
            changing += 1
            fit = associate([Change(times[n], bool(states[n])) for n in steps.tolist()], windows, span, settle)
            if fit is not None:
                fits[(row, column)] = fit
    return sorted(_areas(fits, other.shape[1:]), key=lambda a: (a.association.order, -a.tiles, a.top, a.left)), changing


def _tiles(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean colour of each tile, shape (rows, columns, 3); smaller pictures have a tile a pixel."""
    import numpy as np

    height, width = pixels.shape[:2]
    rows = np.linspace(0, height, min(ROWS, height) + 1).astype(int)
    columns = np.linspace(0, width, min(COLUMNS, width) + 1).astype(int)
    sums = np.add.reduceat(np.add.reduceat(pixels.astype(np.float64), rows[:-1], axis=0), columns[:-1], axis=1)
    return np.asarray(sums / np.outer(np.diff(rows), np.diff(columns))[:, :, None])


def _usual(looks: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The look of each tile that was shown longest: the weighted median of its brightness picks it."""
    import numpy as np

    brightness = looks.sum(axis=3)
    order = np.argsort(brightness, axis=0, kind="stable")
    passed = np.cumsum(weights[order], axis=0)
    middle = (passed >= passed[-1] / 2).argmax(axis=0)
    chosen = np.take_along_axis(order, middle[None], axis=0)[0]
    return np.asarray(np.take_along_axis(looks, chosen[None, :, :, None], axis=0)[0])


def _areas(fits: dict[tuple[int, int], Association], shape: Sequence[int]) -> list[AreaReaction]:
    groups: dict[tuple[Ns | None, ...], list[tuple[int, int]]] = {}
    for place, fit in fits.items():
        groups.setdefault(fit.delays, []).append(place)
    areas = []
    for own in groups.values():
        rows, columns = [r for r, _ in own], [c for _, c in own]
        left, top = min(columns) / shape[1], min(rows) / shape[0]
        right, bottom = (max(columns) + 1) / shape[1], (max(rows) + 1) / shape[0]
        worst = max((fits[place] for place in own), key=lambda fit: fit.chance)
        areas.append(AreaReaction(left, top, right, bottom, len(own), worst))
    return areas
