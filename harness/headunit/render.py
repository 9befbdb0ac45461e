"""Views as pixels: 1280 x 720, both languages, the car's icons, and a login code with its quiet zone.

Theory. A view is a value, its picture a function of it: the same view is the same array, so showing it again is free.
Icons keep their size and shape in every theme, on places that are multiples of four pixels: a judge looks for these.
Nothing here knows what may be shown when; that is screens.py.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.headunit.decoration import THEMES, Colour, button, font, heading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 720
CODE_PLACE, CODE_SIZE = (440, 216), 416
ICON_OF = {"confirming": "code", "about": "settings"}


class Look(NamedTuple):
    """How a code is drawn: its share of the place it has, the quiet zone in modules, grey levels of its modules."""

    share: float = 1.0
    quiet: int = 4
    dark: int = 0
    light: int = 255


class View(NamedTuple):
    """What the screen shows. ``name`` decides icon and title; ``buttons`` from left to right; ``extra`` more icons."""

    name: str
    lines: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    code: str = ""
    extra: tuple[str, ...] = ()
    look: Look = Look()


class Style(NamedTuple):
    """``theme`` indexes THEMES; ``first`` is the language in front ("zh" or "en"); ``icons`` by view."""

    theme: int
    first: str
    icons: tuple[tuple[str, Path], ...]


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x * WIDTH < self.right and self.top <= y * HEIGHT < self.bottom


def button_box(place: int) -> Box:
    """The button at ``place`` (from the left, 0 on)."""
    left = 64 + place * 232
    return Box(left, 624, left + 216, 696)


def line_corner(place: int) -> tuple[int, int]:
    """Left and top of the list line at ``place`` (from the top, then the next column), in pixels."""
    column, row = divmod(place, 11)
    return 64 + column * 592, 184 + row * 38


def target(view: View, x: float, y: float) -> str | None:
    """The name of the button that a finger at (x, y), 0..1 from the top left, would touch, or nothing."""
    found = (name for place, name in enumerate(view.buttons) if button_box(place).holds(x, y))
    return next(found, None)


def picture(view: View, style: Style) -> NDArray[np.uint8]:
    """The pixels of ``view``, shape (720, 1280, 3), read-only."""
    if not view.code:
        return _drawn(view, style)
    return _with_code(view, style)


@lru_cache(maxsize=1)
def _black() -> NDArray[np.uint8]:
    import numpy as np

    return _frozen(np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def black() -> NDArray[np.uint8]:
    """The screen without backlight."""
    return _black()


@lru_cache(maxsize=4)
def _with_code(view: View, style: Style) -> NDArray[np.uint8]:
    import numpy as np
    import segno

    look = view.look
    pixels = _drawn(view._replace(code=""), style).copy()
    code = segno.make_qr(view.code, error="m")
    matrix = np.array([list(row) for row in code.matrix_iter(border=look.quiet)])
    scale = int(CODE_SIZE * look.share) // len(matrix)
    grey = np.where(np.kron(matrix, np.ones((scale, scale), np.uint8)) > 0, look.dark, look.light)
    x, y = CODE_PLACE
    pixels[y : y + len(grey), x : x + len(grey)] = grey[:, :, None]
    return _frozen(pixels)


@lru_cache(maxsize=40)
def _drawn(view: View, style: Style) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image, ImageDraw

    theme = THEMES[style.theme % len(THEMES)]
    background, text, _ = theme
    image = Image.new("RGB", (WIDTH, HEIGHT), background)
    draw = ImageDraw.Draw(image)
    icons = dict(style.icons)
    _paste(image, icons.get(ICON_OF.get(view.name, view.name)), (64, 64), text)
    heading(draw, view.name, style.first, theme)
    for place, line in enumerate(view.lines):
        draw.text(line_corner(place), line, fill=text, font=font(24))
    for place, name in enumerate(view.buttons):
        button(draw, button_box(place), name, style.first, theme)
    for place, name in enumerate(view.extra):
        _paste(image, icons.get(name), (240, 376) if name == "keyboard" else (880 + 120 * place, 448), text)
    return _frozen(np.array(image))


def _paste(image: Any, icon: Path | None, place: tuple[int, int], colour: Colour) -> None:
    from PIL import Image

    if icon is None:
        return
    with Image.open(icon) as mask:
        image.paste(Image.new("RGB", mask.size, colour), place, mask.convert("L"))


def _frozen(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels.flags.writeable = False
    return pixels
