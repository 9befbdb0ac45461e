"""How much a code bears: more when it is large and black, the same for the same seed, nothing for what is not there."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from harness.screen import degrade
from harness.screen.code import Code, read_codes
from harness.screen.margins import KINDS, margin

TEXT = "https://login.example.invalid/c/ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def the_code(pixels: np.ndarray) -> Code:
    (code,) = read_codes(pixels)
    return code


def test_a_large_code_bears_more_blur_than_a_small_one(pages) -> None:
    _, with_code = pages
    large, small = with_code(TEXT, (250, 100), 8), with_code(TEXT, (250, 100), 3)
    found = [margin(page, the_code(page), "blur", Random(2), 1).degree for page in (large, small)]
    assert found[0] > found[1] > 0.0


def test_a_pale_code_bears_less_darkness(pages) -> None:
    _, with_code = pages
    black, pale = with_code(TEXT, (250, 100), 6), with_code(TEXT, (250, 100), 6, dark="#6e6e6e", light="#a5a5a5")
    found = [margin(page, the_code(page), "dimming", Random(2), 1).degree for page in (black, pale)]
    assert found[0] > found[1]


def test_the_margin_is_the_last_degree_that_is_read_and_the_next_is_not(pages) -> None:
    page = pages[1](TEXT, (250, 100), 6)
    found = margin(page, the_code(page), "blur", Random(7), 1)
    degrees = KINDS["blur"].degrees
    assert found.fails == degrees[degrees.index(found.degree) + 1]
    assert TEXT in [c.text for c in read_codes(degrade.blur(page, found.degree * 0.8))]
    assert TEXT not in [c.text for c in read_codes(degrade.blur(page, found.fails * 1.2))]


def test_the_same_seed_gives_the_same_margin_and_more_looks_never_a_better_one(pages) -> None:
    page = pages[1](TEXT, (250, 100), 4)
    code = the_code(page)
    one, again = (margin(page, code, "glare", Random(5), 1) for _ in range(2))
    assert one == again
    assert margin(page, code, "glare", Random(5), 2).degree <= one.degree


def test_what_is_not_on_the_picture_bears_nothing(pages) -> None:
    page = pages[1](TEXT, (250, 100), 6)
    other = the_code(page)._replace(text="another")
    assert margin(page, other, "blur", Random(1), 1).degree == 0.0
    with pytest.raises(KeyError):
        margin(page, other, "fog", Random(1), 1)


def test_every_scale_rises_and_begins_harmless(pages) -> None:
    page = pages[1](TEXT, (250, 100), 6)
    for kind, scale in KINDS.items():
        assert list(scale.degrees) == sorted(set(scale.degrees))
        if kind != "glare":  # a small lamp may lie on a finder pattern
            seen = scale.spoil(page, Random(3), scale.degrees[0], (250.0, 100.0, 450.0, 300.0))
            assert TEXT in [c.text for c in read_codes(seen)], kind


def test_low_light_keeps_the_brightness_and_adds_the_noise_of_its_photons() -> None:
    """White is 4000 electrons at no stop; at 4 stops 250: standard deviation sqrt(125 + 16) of 125 at half white."""
    grey = np.full((200, 200, 3), 128, np.uint8)
    seen = degrade.low_light(grey, Random(1), 4.0).astype(float)
    assert seen.mean() == pytest.approx(128.0, abs=0.5)
    assert seen.std() == pytest.approx(np.sqrt(250 * 128 / 255 + 16) / 250 * 255, rel=0.05)


def test_a_lamp_covers_its_share_of_the_code() -> None:
    page = np.zeros((400, 400, 3), np.uint8)
    covered = []
    for seed in range(20):
        lit = degrade.blown_out(page, Random(seed), 0.04, (150.0, 150.0, 250.0, 250.0))
        covered.append(float((lit[:, :, 0] > 127).sum()) / 100.0**2)
    assert covered == pytest.approx([0.04] * 20, rel=0.1)
    assert not degrade.blown_out(page, Random(1), 0.0, (150.0, 150.0, 250.0, 250.0)).any()


def test_moire_darkens_by_its_depth_and_only_darkens() -> None:
    page = np.full((200, 300, 3), 200, np.uint8)
    seen = degrade.moire(page, Random(2), 0.3)
    assert (seen <= page).all()
    assert 200 * 0.7**2 - 2 <= seen.min() <= 200 * 0.75
    assert np.array_equal(degrade.moire(page, Random(2), 0.0), page)
