"""Words, colours and frames of the views: what no requirement reads.

Theory. A unit may word, colour and frame its views as it likes; views are told by their icons, and what a driver reads
off a view (lists, names, places, codes) is drawn in render.py. So a change here makes another unit that is as right.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

FONT = Path(__file__).parent / "fonts" / "NotoSansSC-subset.otf"
Colour = tuple[int, int, int]
Theme = tuple[Colour, Colour, Colour]
THEMES: tuple[Theme, ...] = (
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

KINDS = {"voice": "语音 voice", "text": "文字 text", "location": "位置 location"}
"""What a list calls the kinds of messages."""


def heading(draw: Any, view: str, first: str, theme: Theme) -> None:
    """The name of a view in both languages, over a rule across the screen."""
    _, text, accent = theme
    draw.rectangle((64, 172, 1216, 174), fill=accent)
    big, small = _both(view, first)
    draw.text((192, 60), big, fill=text, font=font(48))
    draw.text((192, 122), small, fill=accent, font=font(26))


def button(draw: Any, box: tuple[int, int, int, int], name: str, first: str, theme: Theme) -> None:
    """A frame with the button's name in both languages."""
    _, text, accent = theme
    big, small = _both(name, first)
    draw.rounded_rectangle(box, radius=12, outline=accent, width=3)
    draw.text((box[0] + 16, box[1] + 8), big, fill=text, font=font(26))
    draw.text((box[0] + 16, box[1] + 40), small, fill=text, font=font(18))


def _both(name: str, first: str) -> tuple[str, str]:
    zh, en = TEXTS.get(name, (name, name))
    return (zh, en) if first == "zh" else (en, zh)


@lru_cache(maxsize=8)
def font(size: int) -> Any:
    """The unit's font, at ``size`` pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT), size)
