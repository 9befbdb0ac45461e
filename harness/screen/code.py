"""QR codes on a picture: what they say and where they are.

Theory. The reading is zxing-cpp's, which copes with camera pictures and takes about a millisecond on a screen. A
picture without contrast holds no code and is not handed to it. The same pixels give the same codes, so whoever looks
at a screen for long remembers them by the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]

_STEP = 4
"""Every fourth pixel each way is looked at: a code has at least 21 modules, each of two pixels or more."""

_CONTRAST = 24
"""Grey levels between dark and light modules below which no reader succeeds."""


class Code(NamedTuple):
    """``text`` as encoded; ``corners`` in pixels (x, y), clockwise from the code's own top left; ``format``."""

    text: str
    corners: tuple[Corner, Corner, Corner, Corner]
    format: str


def read_codes(pixels: NDArray[np.uint8]) -> tuple[Code, ...]:
    """Every QR code (Micro QR included) on a picture (height, width, 3) uint8, from the top; () when there is none."""
    # a channel at a time: reductions over pixels of three bytes are twenty times as slow
    channels = [np.ascontiguousarray(pixels[::_STEP, ::_STEP, c]) for c in range(pixels.shape[2])]
    if max(int(channel.max()) - int(channel.min()) for channel in channels) < _CONTRAST:
        return ()
    import zxingcpp

    height, width = pixels.shape[:2]
    view = zxingcpp.ImageView(np.ascontiguousarray(pixels), width, height, zxingcpp.ImageFormat.RGB)
    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])
    found = zxingcpp.read_barcodes(view, formats=kinds, text_mode=zxingcpp.TextMode.Plain)
    codes = (Code(b.text, _corners(b.position), str(b.format)) for b in found if b.text)
    return tuple(sorted(codes, key=lambda code: (code.corners[0][1], code.corners[0][0], code.text)))


def mask(pixels: NDArray[np.uint8], codes: Iterable[Code], margin: float = 0.1) -> NDArray[np.uint8]:
    """A copy of the picture with the codes blackened, each ``margin`` of its size beyond its corners, so that nothing
    of a login code reaches a report."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(np.ascontiguousarray(pixels))
    pen = ImageDraw.Draw(picture)
    for code in codes:
        middle = np.mean(code.corners, axis=0)
        wide = [middle + (np.array(corner) - middle) * (1.0 + 2.0 * margin) for corner in code.corners]
        pen.polygon([(float(x), float(y)) for x, y in wide], fill=(0, 0, 0))
    return np.array(picture, dtype=np.uint8)


def _corners(position: object) -> tuple[Corner, Corner, Corner, Corner]:
    names = ("top_left", "top_right", "bottom_right", "bottom_left")
    points = [getattr(position, name) for name in names]
    first, second, third, fourth = ((float(p.x), float(p.y)) for p in points)
    return first, second, third, fourth
