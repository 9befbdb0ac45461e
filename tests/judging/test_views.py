"""An icon is found in any colours and at any place where the unit may draw it, and never taken for another."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from harness.foundation.stamps import Stamp
from harness.judging.views import FOUND, codes_on, difference, on_screen, score
from harness.screen.port import Picture
from harness.vehicle.vehicle import Vehicle

COLOURS = [
    ((0, 0, 0), (255, 255, 255)),
    ((16, 20, 28), (240, 244, 250)),
    ((236, 238, 242), (24, 28, 36)),
    ((40, 12, 20), (255, 236, 226)),
    ((8, 24, 48), (250, 180, 60)),
]
PLACES = [(592, 160), (0, 0), (1184, 624), (40, 300)]
MARGIN = 0.08
"""By how much scores stay clear of the threshold, on both sides."""


def drawn(icon: Path, colours=COLOURS[1], place=PLACES[0], words: int = 3) -> np.ndarray:
    """A page of a head unit: ground, bars like lines of text, and the icon in the theme's colours."""
    ground, ink = (np.array(c, float) for c in colours)
    page = np.empty((720, 1280, 3))
    page[:] = ground
    rng = random.Random(words)
    for _ in range(words * 6):
        y, x = rng.randrange(480, 600), rng.randrange(300, 900)
        page[y : y + rng.randrange(3, 26), x : x + rng.randrange(3, 20)] = ink
    with Image.open(icon) as image:
        shape = np.asarray(image.convert("L"), float)[..., None] / 255
    height, width = shape.shape[:2]
    x, y = min(place[0], 1280 - width) // 4 * 4, min(place[1], 720 - height) // 4 * 4
    page[y : y + height, x : x + width] = page[y : y + height, x : x + width] * (1 - shape) + ink * shape
    return page.astype(np.uint8)


def names() -> list[str]:
    folder = Path(__file__).parents[2] / "dbc" / "gs4" / "screens"
    return sorted(p.stem for p in folder.glob("*.png"))


@pytest.mark.parametrize("name", names())
def test_an_icon_is_found_in_any_colours_at_any_place(name: str, gs4: Vehicle) -> None:
    icon = gs4.screens[name]
    for colours, place in [*((c, PLACES[0]) for c in COLOURS), *((COLOURS[1], p) for p in PLACES[1:])]:
        found = score(icon, drawn(icon, colours, place))
        assert found >= FOUND + MARGIN, (name, colours, place, found)


@pytest.mark.parametrize("name", names())
def test_an_icon_is_not_taken_for_another(name: str, gs4: Vehicle) -> None:
    page = drawn(gs4.screens[name])
    met = {other: score(icon, page) for other, icon in gs4.screens.items() if other != name}
    worst = max(met, key=lambda n: met[n])
    assert met[worst] <= FOUND - MARGIN, f"{name} is taken for {worst}: {met[worst]:.2f}"


def test_an_empty_page_and_noise_hold_no_icon(gs4: Vehicle) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    for pixels in (np.zeros((720, 1280, 3), np.uint8), np.full((720, 1280, 3), 255, np.uint8), noise):
        picture = Picture(Stamp.exact(0), pixels)
        assert [n for n, icon in gs4.screens.items() if on_screen(icon, picture)] == []


def test_a_page_smaller_than_the_icon_does_not_hold_it(gs4: Vehicle) -> None:
    assert score(gs4.screens["home"], np.zeros((40, 40, 3), np.uint8)) == -1.0


def test_two_pictures_of_one_address_are_not_confused(gs4: Vehicle) -> None:
    """Answers are kept by picture; a picture that is gone must not answer for one that took its place in memory."""
    icon = gs4.screens["home"]
    for n in range(40):
        there = bool(n % 2)
        pixels = drawn(icon if there else gs4.screens["call"], words=n)
        assert on_screen(icon, Picture(Stamp.exact(n), pixels)) is there
        del pixels


def test_difference_is_the_share_that_looks_different() -> None:
    dark = np.zeros((720, 1280, 3), np.uint8)
    half = dark.copy()
    half[:, :640] = 200
    shade = np.full_like(dark, 10)
    pictures = [Picture(Stamp.exact(0), p) for p in (dark, half, shade)]
    assert difference(pictures[0], pictures[0]) == 0
    assert difference(pictures[0], pictures[1]) == pytest.approx(0.5)
    assert difference(pictures[1], pictures[0]) == pytest.approx(0.5)
    assert difference(pictures[0], pictures[2]) == 0, "noise is no difference"
    assert difference(pictures[0], Picture(Stamp.exact(0), dark[:100])) == 1.0


def test_a_picture_without_a_code_has_none() -> None:
    assert codes_on(Picture(Stamp.exact(0), np.zeros((200, 200, 3), np.uint8))) == ()
