"""Views as pixels: 1280 x 720, both languages, the car's icons, and a login code with its quiet zone.

Theory. A view is a value, its picture a function of it: the same view is the same array, so showing it again is free.
Icons keep their size and shape in every theme, on places that are multiples of four pixels: a judge looks for these.
Nothing here knows what may be shown when; that is screens.py.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 720
FONT = Path(__file__).parent / "fonts" / "NotoSansSC-subset.otf"
CODE_PLACE, CODE_SIZE = (440, 216), 416
Colour = tuple[int, int, int]
THEMES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((16, 20, 28), (240, 244, 250), (84, 180, 120)),
    ((8, 24, 48), (230, 240, 255), (250, 180, 60)),
    ((40, 12, 20), (255, 236, 226), (240, 110, 90)),
    ((236, 238, 242), (24, 28, 36), (30, 120, 210)),
    ((18, 36, 30), (232, 248, 238), (120, 210, 230)),
)
"""(background, text and icons, accents)"""

TEXTS: dict[str, tuple[str, str]] = {
    "boot": ("正在启动", "Starting"),
    "code": ("用手机扫码登录", "Scan with your phone to log in"),
    "confirming": ("请在手机上确认", "Please confirm on your phone"),
    "logged_out": ("未登录", "Not logged in"),
    "no_network": ("无网络，稍后自动重试", "No network; the code will come by itself"),
    "expired": ("超时，未确认登录", "Login was not confirmed in time"),
    "refused": ("登录已被拒绝", "Login was refused"),
    "home": ("主页", "Home"),
    "listening": ("请讲话", "Speak now"),
    "sending": ("正在发送", "Sending"),
    "playing": ("正在播放", "Playing"),
    "prompt": ("新消息", "New message"),
    "ringing": ("语音来电", "Incoming voice call"),
    "call": ("通话中", "In a call"),
    "settings": ("设置", "Settings"),
    "contacts": ("联系人", "Contacts"),
    "messages": ("消息", "Messages"),
    "message": ("消息", "Message"),
    "about": ("关于本机", "About this unit"),
    "navigation": ("导航", "Navigation"),
    "reverse": ("倒车影像", "Reverse camera"),
    "back": ("返回", "Back"),
    "theme": ("主题", "Theme"),
    "language": ("语言", "Language"),
    "sound": ("声音", "Sound"),
    "play": ("播放", "Play"),
    "log_out": ("退出", "Log out"),
    "input": ("输入", "Input"),
    "more": ("更多", "More"),
}
ICON_OF = {"confirming": "code", "message": "messages", "about": "settings"}


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
    return Box(64 + place * 232, 624, 64 + place * 232 + 216, 696)


def line_box(place: int) -> Box:
    """The list line at ``place`` (from the top, then the next column)."""
    column, row = divmod(place, 11)
    return Box(64 + column * 592, 184 + row * 38, 64 + column * 592 + 576, 184 + row * 38 + 36)


def target(view: View, x: float, y: float) -> str | None:
    """What a finger at (x, y), 0..1 from the top left, would touch: a button's name, "line 3", or nothing."""
    for place, name in enumerate(view.buttons):
        if button_box(place).holds(x, y):
            return name
    for place in range(len(view.lines)):
        if line_box(place).holds(x, y):
            return f"line {place}"
    return None


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
    code = segno.make(view.code, error="m", micro=False)
    matrix = np.array([list(row) for row in code.matrix_iter(border=look.quiet)])
    scale = max(int(CODE_SIZE * look.share) // len(matrix), 1)
    grey = np.where(np.kron(matrix, np.ones((scale, scale), np.uint8)) > 0, look.dark, look.light).astype(np.uint8)
    x, y = CODE_PLACE
    pixels[y : y + len(grey), x : x + len(grey)] = grey[:, :, None]
    return _frozen(pixels)


@lru_cache(maxsize=40)
def _drawn(view: View, style: Style) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image, ImageDraw

    background, text, accent = THEMES[style.theme % len(THEMES)]
    image = Image.new("RGB", (WIDTH, HEIGHT), background)
    draw = ImageDraw.Draw(image)
    icons = dict(style.icons)
    _paste(image, icons.get(ICON_OF.get(view.name, view.name)), (64, 64), text)
    draw.rectangle((64, 172, WIDTH - 64, 174), fill=accent)
    big, small = _both(view.name, style.first)
    draw.text((192, 60), big, fill=text, font=_font(48))
    draw.text((192, 122), small, fill=accent, font=_font(26))
    for place, line in enumerate(view.lines):
        box = line_box(place)
        draw.text((box.left, box.top), line, fill=text, font=_font(24))
    for place, name in enumerate(view.buttons):
        box = button_box(place)
        draw.rounded_rectangle(box, radius=12, outline=accent, width=3)
        big, small = _both(name, style.first)
        draw.text((box.left + 16, box.top + 8), big, fill=text, font=_font(26))
        draw.text((box.left + 16, box.top + 40), small, fill=text, font=_font(18))
    for place, name in enumerate(view.extra):
        _paste(image, icons.get(name), (240, 376) if name == "keyboard" else (880 + 120 * place, 448), text)
    return _frozen(np.array(image))


def _paste(image: Any, icon: Path | None, place: tuple[int, int], colour: Colour) -> None:
    from PIL import Image

    if icon is None:
        return
    with Image.open(icon) as mask:
        image.paste(Image.new("RGB", mask.size, colour), place, mask.convert("L"))


def _both(name: str, first: str) -> tuple[str, str]:
    zh, en = TEXTS.get(name, (name, name))
    return (zh, en) if first == "zh" else (en, zh)


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT), size)


def _frozen(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels.flags.writeable = False
    return pixels
