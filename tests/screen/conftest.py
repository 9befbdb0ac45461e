"""Pictures to look at: a menu page, and pages with codes made by segno, which is not the reader."""

from __future__ import annotations

import io

import numpy as np
import pytest


def menu(words: str = "Messages") -> np.ndarray:
    """A plain page as head units show it: bars, tiles, a few words."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (800, 480), (18, 22, 30))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 800, 48), fill=(40, 48, 60))
    for column in range(4):
        pen.rounded_rectangle((40 + column * 185, 120, 200 + column * 185, 320), 16, fill=(52, 90, 140))
    pen.text((40, 360), words, fill=(240, 240, 240), font=ImageFont.load_default(36))
    return np.array(picture, dtype=np.uint8)


def code_picture(text: str, scale: int = 6, **colours: str) -> np.ndarray:
    import segno
    from PIL import Image

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4, **colours)
    return np.array(Image.open(out).convert("RGB"), dtype=np.uint8)


def with_code(text: str, at: tuple[int, int] = (250, 100), scale: int = 6, **colours: str) -> np.ndarray:
    page, code = menu("Scan to log in").copy(), code_picture(text, scale, **colours)
    x, y = at
    page[y : y + code.shape[0], x : x + code.shape[1]] = code
    return page


@pytest.fixture(scope="session")
def pages():
    """(menu, with_code): makers of pages."""
    return menu, with_code
