"""Codes are read, placed and masked."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.screen.code import mask, read_codes
from harness.screen.degrade import camera_views

LOGIN = "https://login.example/car?t=7Hq2mW9ZkPx4Rb1N"


def test_a_code_says_its_text_and_its_place(pages) -> None:
    _, with_code = pages
    (code,) = read_codes(with_code(LOGIN, (250, 100), 6))
    assert code.text == LOGIN
    assert "QR" in code.format
    assert code.corners[0] == pytest.approx((250 + 24, 100 + 24), abs=3)
    assert code.corners[2][0] - code.corners[0][0] == pytest.approx(33 * 6, abs=6)


def test_several_codes_come_from_the_top(pages) -> None:
    _, with_code = pages
    page = with_code("second", (500, 200), 4)
    page[50:166, 50:166] = with_code("first", (50, 50), 4)[50:166, 50:166]
    assert [c.text for c in read_codes(page)] == ["first", "second"]


@pytest.mark.parametrize("scale", [2, 3, 4, 8])
def test_small_and_large_codes_are_read(pages, scale: int) -> None:
    assert [c.text for c in read_codes(pages[1](LOGIN, (100, 60), scale))] == [LOGIN]


def test_inverted_and_coloured_codes_are_read(pages) -> None:
    assert read_codes(pages[1](LOGIN, dark="white", light="#101820"))[0].text == LOGIN
    assert read_codes(pages[1](LOGIN, dark="#07401f", light="#e8fff0"))[0].text == LOGIN


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=40))
def test_any_text_survives(text: str) -> None:
    import io

    import segno
    from PIL import Image

    out = io.BytesIO()
    segno.make(text, micro=False, encoding="utf-8", eci=True).save(out, kind="png", scale=4, border=4)
    pixels = np.array(Image.open(out).convert("RGB"), dtype=np.uint8)
    assert [c.text for c in read_codes(pixels)] == [text]


def test_pages_without_a_code_have_none(pages) -> None:
    menu, _ = pages
    assert read_codes(menu()) == ()
    assert read_codes(np.zeros((480, 800, 3), np.uint8)) == ()
    assert read_codes(np.full((1, 1, 3), 200, np.uint8)) == ()
    noise = np.random.default_rng(1).integers(0, 255, (240, 400, 3), dtype=np.uint8)
    assert read_codes(noise) == ()


@pytest.mark.parametrize("seed", range(6))
def test_a_camera_still_reads_the_code(pages, seed: int) -> None:
    views = camera_views(pages[1](LOGIN), Random(seed))
    assert set(views) == {"clean", "blur", "glare", "tilt", "half brightness"}
    for name, view in views.items():
        assert [c.text for c in read_codes(view)] == [LOGIN], name


def test_a_masked_code_cannot_be_read_and_the_rest_is_untouched(pages) -> None:
    page = pages[1](LOGIN)
    codes = read_codes(page)
    masked = mask(page, codes)
    assert read_codes(masked) == ()
    assert masked[200, 300].tolist() == [0, 0, 0]
    assert np.array_equal(masked[:60], page[:60])
    assert not np.shares_memory(masked, page)
    assert np.array_equal(mask(page, ()), page)


def test_a_tilted_code_is_masked_where_it_is(pages) -> None:
    for view in camera_views(pages[1](LOGIN), Random(1)).values():
        assert read_codes(mask(view, read_codes(view))) == ()


def test_a_code_without_contrast_is_none(pages) -> None:
    faint = (pages[1](LOGIN) // 32 + 100).astype(np.uint8)
    assert read_codes(faint) == ()
