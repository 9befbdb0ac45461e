"""Rows of a list and characters of a planted string are counted from pixels, whatever the layout."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit
from harness.headunit.decoration import FONT
from harness.judging.lists import characters, list_items, rows, strokes

DARK, LIGHT = (16, 20, 28), (236, 238, 242)


def page(lines: list[str], *, left: int = 64, top: int = 184, pitch: int = 38, columns: int = 11, ground=DARK):
    """A title, a rule, buttons with borders, and ``lines`` in columns."""
    ink = LIGHT if ground == DARK else DARK
    image = Image.new("RGB", (1280, 720), ground)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 24)
    draw.text((192, 60), "Contacts", fill=ink, font=ImageFont.truetype(str(FONT), 48))
    draw.rectangle((64, 172, 1216, 174), fill=ink)
    for place, line in enumerate(lines):
        column, row = divmod(place, columns)
        draw.text((left + column * 400, top + row * pitch), line, fill=ink, font=font)
    for place in range(3):
        draw.rounded_rectangle((64 + place * 232, 624, 280 + place * 232, 696), radius=12, outline=ink, width=3)
        draw.text((80 + place * 232, 632), "Back", fill=ink, font=font)
    return np.array(image)


@pytest.mark.parametrize("ground", [DARK, LIGHT])
@pytest.mark.parametrize("count", [3, 11, 14, 21, 24])
def test_rows_of_a_list_are_counted_over_columns(count: int, ground) -> None:
    assert rows(page([f"Friend {n:02}" for n in range(count)], ground=ground)) == count


@pytest.mark.parametrize(("left", "top", "pitch"), [(20, 200, 30), (300, 190, 60), (500, 220, 44)])
def test_the_layout_is_not_known_beforehand(left: int, top: int, pitch: int) -> None:
    lines = [f"Friend {n:02}" for n in range(6)]
    assert rows(page(lines, left=left, top=top, pitch=pitch)) == 6


def test_a_page_without_a_list_has_no_items() -> None:
    assert rows(page([])) == 0
    assert rows(np.zeros((720, 1280, 3), np.uint8)) == 0


@pytest.mark.parametrize("count", [20, 60, 119, 150])
def test_characters_of_a_planted_string_are_counted(count: int) -> None:
    """Below a dozen, letters that happen to be alike in other text are more."""
    assert strokes(page(["l" * count])) == count


def test_two_strings_below_each_other_are_two() -> None:
    assert strokes(page(["l" * 30, "l" * 20])) == 30


def test_the_longest_of_all_pictures_counts(tape) -> None:
    tape.show(page(["l" * 10]), 1 * S)
    tape.show(page(["l" * 40, "Friend", "Friend"]), 2 * S)
    tape.show(page(["l" * 90]), 9 * S)
    tape.clock.run_until(20 * S)
    within = Stamp.exact(1 * S), Stamp.exact(5 * S)
    assert tape.ask(characters(*within), Limit("1", high=120.0), 0).value.value == 40
    assert tape.ask(list_items(*within), Limit("1", high=21.0), 0).value.value == 3


def blocks(*heights: int, width: int = 100, pitch: int = 90) -> np.ndarray:
    """Bars below each other, as high as given."""
    pixels = np.zeros((720, 1280, 3), np.uint8)
    for n, height in enumerate(heights):
        middle = 60 + n * pitch
        pixels[middle - height // 2 : middle - height // 2 + height, 200 : 200 + width] = 255
    return pixels


@pytest.mark.parametrize(("height", "count"), [(11, 0), (12, 4), (30, 4), (60, 4), (61, 0)])
def test_a_line_of_writing_is_12_to_60_pixels_high(height: int, count: int) -> None:
    assert rows(blocks(*[height] * 4)) == count


@pytest.mark.parametrize(("pitch", "count"), [(120, 4), (121, 0)])
def test_lines_of_a_list_are_no_more_than_120_pixels_apart(pitch: int, count: int) -> None:
    assert rows(blocks(*[20] * 4, pitch=pitch)) == count


@pytest.mark.parametrize(("dark", "count"), [(40, 0), (41, 4)])
def test_writing_differs_by_more_than_40_steps_of_brightness(dark: int, count: int) -> None:
    assert rows(blocks(*[20] * 4) // 255 * dark) == count


@pytest.mark.parametrize(("gap", "count"), [(12, 3), (60, 6)])
def test_pieces_of_one_line_are_one_item(gap: int, count: int) -> None:
    pixels = blocks(20, 20, 20)
    beside = np.roll(pixels, 100 + gap, axis=1)
    assert rows(np.maximum(pixels, beside)) == count
