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


def bars(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """A picture with these bars: (top, left, height, width)."""
    pixels = np.zeros((720, 1280, 3), np.uint8)
    for top, left, height, width in boxes:
        pixels[top : top + height, left : left + width] = 255
    return pixels


@pytest.mark.parametrize(("step", "count"), [(20, 3), (21, 0)])
def test_lines_of_a_list_begin_at_one_edge_give_or_take_20_pixels(step: int, count: int) -> None:
    assert rows(bars(*((100 + 50 * n, 300 + step * n, 20, 200) for n in range(3)))) == count


@pytest.mark.parametrize(("off", "count"), [(5, 4), (-5, 4), (6, 3), (-6, 3)])
def test_lines_of_a_list_follow_each_other_at_one_pitch_give_or_take_5_pixels(off: int, count: int) -> None:
    tops = [100, 150, 200, 250 + off]
    assert rows(bars(*((top, 300, 20, 200) for top in tops))) == count


@pytest.mark.parametrize(("off", "count"), [(10, 4), (-10, 4), (11, 3), (-11, 3)])
def test_a_box_of_another_column_on_a_row_is_an_item_too(off: int, count: int) -> None:
    list_ = [(top, 300, 20, 200) for top in (100, 150, 200)]
    assert rows(bars(*list_, (150 + off, 800, 20, 200))) == count


@pytest.mark.parametrize(("gap", "count"), [(24, 3), (25, 6)])
def test_a_gap_within_a_line_is_less_than_25_pixels_wide(gap: int, count: int) -> None:
    left = [(top, 300, 20, 100) for top in (100, 150, 200)]
    assert rows(bars(*left, *((top, 400 + gap, 20, 100) for top in (100, 150, 200)))) == count


@pytest.mark.parametrize(("pitch", "count"), [(13, 4), (12, 0)])
def test_lines_that_touch_each_other_are_no_list(pitch: int, count: int) -> None:
    assert rows(bars(*((100 + pitch * n, 300 + 5 * n, 12, 200) for n in range(4)))) == count


def test_the_longest_of_several_lists_counts() -> None:
    """Two lists at unlike pitches: three lines 40 pixels apart, and five lines 70 pixels apart further right."""
    short = [(100 + 40 * n, 100, 20, 150) for n in range(3)]
    long = [(330 + 70 * n, 700, 20, 150) for n in range(5)]
    assert rows(bars(*short, *long)) == 5


def test_a_line_far_below_another_does_not_hide_the_list() -> None:
    """A caption 121 pixels above, and lines at a pitch of 50: the caption is no item."""
    assert rows(bars((60, 300, 20, 200), *((181 + 50 * n, 300, 20, 200) for n in range(4)))) == 4


@pytest.mark.parametrize(("height", "count"), [(9, 0), (10, 6)])
def test_a_character_is_ten_pixels_high_at_least(height: int, count: int) -> None:
    assert strokes(bars(*((100, 100 + 10 * n, height, 2) for n in range(6)))) == count


@pytest.mark.parametrize(
    ("other", "count"),
    [((104, 20, 2), 12), ((105, 20, 2), 6), ((99, 20, 2), 6), ((100, 21, 2), 12), ((100, 22, 2), 6),
     ((100, 19, 2), 6), ((100, 20, 3), 12), ((100, 20, 4), 6), ((100, 20, 1), 6)],
)  # fmt: skip
def test_marks_of_one_row_and_size_are_alike(other: tuple[int, int, int], count: int) -> None:
    """To 5 pixels of height on the screen and 2 of size: six marks, and six others."""
    top, height, width = other
    marks = [(100, 100 + 10 * n, 20, 2) for n in range(6)]
    assert strokes(bars(*marks, *((top, 300 + 10 * n, height, width) for n in range(6)))) == count


def test_a_picture_without_marks_has_no_characters() -> None:
    assert strokes(np.zeros((720, 1280, 3), np.uint8)) == 0
