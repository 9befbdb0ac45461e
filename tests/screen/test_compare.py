"""Alike as a person sees it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from harness.foundation.errors import HarnessError
from harness.screen.compare import compare, same_view
from harness.screen.degrade import blur, dim, noise


def test_a_picture_is_like_itself(pages) -> None:
    page = pages[0]()
    assert compare(page, page.copy()).mean == 1.0
    assert same_view(page, page)


def test_likeness_is_symmetric(pages) -> None:
    a, b = pages[0]("Messages"), pages[0]("Settings")
    assert compare(a, b) == compare(b, a)


def test_sensor_noise_and_a_touch_of_blur_leave_the_view_the_same(pages) -> None:
    page = pages[0]()
    assert same_view(page, noise(page, Random(1), 3.0))
    assert same_view(page, blur(page, 0.6))


def test_another_word_is_another_view_and_the_place_is_told(pages) -> None:
    found = compare(pages[0]("Messages"), pages[0]("Settings"))
    assert found.mean > 0.9
    assert not found.same
    assert found.at[0] < 0.35
    assert 0.7 < found.at[1] < 0.9


def test_a_new_code_is_another_view(pages) -> None:
    _, with_code = pages
    assert not same_view(with_code("one"), with_code("two"))


def test_a_dimmed_screen_is_another_view(pages) -> None:
    page = pages[0]()
    assert not same_view(page, dim(page, 0.3))


def test_plain_pictures_have_the_published_figure() -> None:
    """Without structure SSIM is its brightness term alone: (2ab + C1) / (a^2 + b^2 + C1)."""
    a, b = np.full((64, 64, 3), 100, np.uint8), np.full((64, 64, 3), 150, np.uint8)
    expected = (2 * 100 * 150 + 6.5025) / (100**2 + 150**2 + 6.5025)
    assert compare(a, b).mean == pytest.approx(expected, abs=1e-6)
    assert compare(a, b).worst == pytest.approx(expected, abs=1e-6)


def test_sizes_must_agree() -> None:
    a, b = np.zeros((10, 10, 3), np.uint8), np.zeros((10, 12, 3), np.uint8)
    with pytest.raises(HarnessError, match="size"):
        compare(a, b)
    assert not same_view(a, b)


@pytest.mark.parametrize("shape", [(7, 9, 3), (480, 800, 3), (1080, 1921, 3)])
def test_any_size_is_compared(shape: tuple[int, int, int]) -> None:
    a = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
    b = a.copy()
    b[: shape[0] // 2] = 0
    assert not same_view(a, b)
    assert 0.0 <= compare(a, b).at[0] <= 1.0
