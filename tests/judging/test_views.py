"""An icon is found in any colours and at any place where the unit may draw it, and never taken for another."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from harness.foundation.stamps import Stamp
from harness.judging.views import FOUND, _Kept, codes_on, difference, is_dark, on_screen, score
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


def plainly(icon: np.ndarray, page: np.ndarray) -> float:
    """The best normalised correlation of two edge pictures, place by place."""
    icon = icon - icon.mean()
    best = -1.0
    for y in range(page.shape[0] - icon.shape[0] + 1):
        for x in range(page.shape[1] - icon.shape[1] + 1):
            part = page[y : y + icon.shape[0], x : x + icon.shape[1]]
            part = part - part.mean()
            best = max(best, float((icon * part).sum() / np.sqrt((icon**2).sum() * max((part**2).sum(), 1.0))))
    return best


def edges(pixels: np.ndarray) -> np.ndarray:
    """Of the brightness (ITU-R BT.601) averaged over 4 x 4 pixels; pixels beyond a multiple of four are cut off."""
    grey = np.asarray(Image.fromarray(pixels).convert("L"), float)
    height, width = (n // 4 * 4 for n in grey.shape)
    small = grey[:height, :width].reshape(height // 4, 4, width // 4, 4).mean(axis=(1, 3))
    dy, dx = np.gradient(np.rint(small))
    return np.hypot(dx, dy)


@pytest.mark.parametrize("name", ["home", "call", "listening"])
def test_a_score_is_the_best_correlation_of_the_edges_over_all_places(name: str, gs4: Vehicle) -> None:
    icon = gs4.screens["home"]
    with Image.open(gs4.screens[name]) as image:
        shown = np.asarray(image.convert("RGB"))
    page = np.full((shown.shape[0] + 43, shown.shape[1] + 22, 3), 30, np.uint8)
    page[17 : 17 + shown.shape[0], 6 : 6 + shown.shape[1]] = shown // 2 + 30
    page[:8, :100] = 200
    with Image.open(icon) as image:
        wanted = plainly(edges(np.asarray(image.convert("RGB"))), edges(page))
    assert score(icon, page) == pytest.approx(wanted, abs=0.01)


def test_an_icon_is_itself_at_a_score_of_one(gs4: Vehicle) -> None:
    for icon in gs4.screens.values():
        with Image.open(icon) as image:
            assert score(icon, np.asarray(image.convert("RGB"))) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(("rows", "columns", "fits"), [(0, 0, True), (1, 0, False), (0, 1, False)])
def test_a_page_must_be_as_large_as_the_icon(gs4: Vehicle, rows: int, columns: int, fits: bool) -> None:
    icon = gs4.screens["home"]
    with Image.open(icon) as image:
        shown = np.asarray(image.convert("RGB"))
    page = np.ascontiguousarray(shown[: shown.shape[0] - 4 * rows, : shown.shape[1] - 4 * columns])
    assert (score(icon, page) > -1.0) is fits


@pytest.mark.parametrize(("by", "share"), [(25, 0.0), (26, 1.0)])
def test_a_block_looks_different_from_a_tenth_of_the_brightness_on(by: int, share: float) -> None:
    one, other = (Picture(Stamp.exact(0), np.full((80, 80, 3), 100 + x, np.uint8)) for x in (0, by))
    assert difference(one, other) == difference(other, one) == share


def test_a_difference_is_told_in_blocks_of_8_pixels() -> None:
    """One block of 100, half of it much brighter: its mean differs. A quarter of another: too little."""
    dark = np.zeros((83, 87, 3), np.uint8)
    other = dark.copy()
    other[:4, :8] = 60
    other[8:12, 8:12] = 60
    other[80:] = 255  # beyond the last whole block
    pictures = [Picture(Stamp.exact(0), p) for p in (dark, other)]
    assert difference(*pictures) == pytest.approx(0.01)


@pytest.mark.parametrize(("most", "dark"), [(39, True), (40, False)])
def test_a_screen_is_dark_where_no_pixel_is_lit(most: int, dark: bool) -> None:
    pixels = np.zeros((80, 80, 3), np.uint8)
    pixels[70, 70, 1] = most
    assert is_dark(Picture(Stamp.exact(0), pixels)) is dark


def test_so_many_answers_are_kept_and_the_oldest_goes_first() -> None:
    kept, asked = _Kept(2), []
    pictures = [object() for _ in range(3)]

    def ask(n: int) -> int:
        def work() -> int:
            asked.append(n)
            return n * 10

        return kept.get("it", pictures[n], work)

    assert [ask(n) for n in (0, 1, 0, 1, 2, 1, 0, 2)] == [0, 10, 0, 10, 20, 10, 0, 20]
    assert asked == [0, 1, 2, 0]
    assert kept.get("something else", pictures[0], lambda: 7) == 7
