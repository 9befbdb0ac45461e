"""Camera pictures: pure, seeded, of the size they had."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from harness.screen.degrade import blur, camera_views, dim, glare, noise, tilt


def test_the_same_seed_makes_the_same_pictures(pages) -> None:
    page = pages[0]()
    one, two, other = (camera_views(page, Random(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert not np.array_equal(one["glare"], other["glare"])


def test_no_picture_changes_its_size_or_the_original(pages) -> None:
    page = pages[0]()
    before = page.copy()
    page.flags.writeable = False
    for view in camera_views(page, Random(3)).values():
        assert view.shape == page.shape
        assert view.dtype == np.uint8
    assert np.array_equal(page, before)


def test_half_brightness_is_half() -> None:
    assert int(dim(np.full((4, 4, 3), 200, np.uint8), 0.5)[0, 0, 0]) == 100


def test_blur_keeps_the_light_and_softens_edges() -> None:
    edge = np.zeros((40, 40, 3), np.uint8)
    edge[:, 20:] = 200
    soft = blur(edge, 2.0)
    assert soft.mean() == pytest.approx(edge.mean(), abs=1)
    assert np.abs(np.diff(soft[20, :, 0].astype(int))).max() < 60


def test_glare_only_adds_light() -> None:
    page = np.full((100, 160, 3), 60, np.uint8)
    bright = glare(page, Random(4), 0.6)
    assert (bright >= page).all()
    assert bright.max() == pytest.approx(60 + 153, abs=2)


def test_noise_has_its_strength() -> None:
    assert noise(np.full((200, 200, 3), 128, np.uint8), Random(5), 8.0).std() == pytest.approx(8.0, abs=0.2)


@pytest.mark.parametrize("degrees", [20.0, -20.0])
def test_a_tilted_screen_is_narrower_and_one_side_is_nearer(degrees: float) -> None:
    seen = tilt(np.full((300, 400, 3), 255, np.uint8), degrees)[:, :, 0] > 128
    columns = np.flatnonzero(seen.any(axis=0))
    left, right = seen[:, columns[2]].sum(), seen[:, columns[-3]].sum()
    assert len(columns) == pytest.approx(400 * np.cos(np.radians(20)), rel=0.05)
    assert (left > right) == (degrees > 0)
    assert np.array_equal(tilt(np.full((30, 40, 3), 9, np.uint8), 0.0), np.full((30, 40, 3), 9, np.uint8))
