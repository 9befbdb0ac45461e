"""What a picture says to who looks at it: codes that a phone would read, and words, where reading them is installed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from harness.foundation.pseudonyms import Secret

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READ_BY_OCR = frozenset(("account", "address", "code", "phone", "token"))
"""Kinds that are looked for in words. Names and texts of people are what the unit's screen is there to show."""
SHORTEST_WORD = 6
_ALIKE = str.maketrans("oilszb", "011528")
MOST_PIXELS = 1 << 26


def codes(data: bytes) -> list[str]:
    """The texts of the QR codes on a picture (any format Pillow reads), also of inverted ones. [] for no picture."""
    from harness.screen.code import read_codes

    pixels = _pixels(data)
    return [] if pixels is None else [code.text for code in read_codes(pixels)]


def _pixels(data: bytes) -> NDArray[np.uint8] | None:
    """(height, width, 3); None for what is no picture, or too big a one."""
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            return np.array(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def reader() -> Callable[[bytes], list[str]] | None:
    """Reads the words of a picture; None where the extra ``ocr`` is not installed."""
    if find_spec("rapidocr_onnxruntime") is None:
        return None
    from harness.screen.reading import Reader

    words = Reader()

    def read(data: bytes) -> list[str]:
        pixels = _pixels(data)
        return [] if pixels is None else [line.text for line in words.read(pixels)]

    return read


def in_words(words: Iterable[str], secrets: Iterable[Secret]) -> Iterator[Secret]:
    """The secrets that the words on a picture spell, letters that look alike being one."""
    said = _plain("".join(words))
    for secret in secrets:
        looks = _plain(secret.value)
        if secret.kind in READ_BY_OCR and len(looks) >= SHORTEST_WORD and looks in said:
            yield secret


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold().translate(_ALIKE)
