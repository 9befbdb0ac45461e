"""Draw the icons by which a view is found on the screen: white shapes on black, 96 x 96 (the keyboard 800 x 240).

Run ``python tools/make_icons.py [FOLDER]`` (default dbc/gs4/screens). Each icon is a function that draws with the few
strokes of ``Pen`` on a 96 x 96 field. They are found by the normalised cross-correlation of their edges, so what counts
is that no two share their outline: tests/vehicle/test_screens.py measures it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

SCALE = 4
"""Drawn larger and reduced, so that the edges are smooth."""
Point = tuple[float, float]


class Pen:
    """A field of ``width`` x ``height`` points, drawn enlarged; 255 is white, 0 cuts out."""

    def __init__(self, width: int = 96, height: int = 96) -> None:
        self.size = (width, height)
        self.image = Image.new("L", (width * SCALE, height * SCALE), 0)
        self._draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], ink: int = 255) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def line(self, points: Sequence[Point], width: float = 6, ink: int = 255) -> None:
        self._draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=ink, width=int(width * SCALE), joint="curve")

    def box(self, x0: float, y0: float, x1: float, y1: float, radius: float = 0, ink: int = 255) -> None:
        box = (x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE)
        self._draw.rounded_rectangle(box, radius * SCALE, fill=ink)

    def frame(self, x0: float, y0: float, x1: float, y1: float, width: float = 6, radius: float = 0) -> None:
        box = (x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE)
        self._draw.rounded_rectangle(box, radius * SCALE, outline=255, width=int(width * SCALE))

    def disc(self, x: float, y: float, r: float, ink: int = 255) -> None:
        self._draw.ellipse(((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE), fill=ink)

    def ring(self, x: float, y: float, r: float, width: float = 6) -> None:
        box = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self._draw.ellipse(box, outline=255, width=int(width * SCALE))

    def arc(self, x: float, y: float, r: float, start: float, stop: float, width: float = 6) -> None:
        """Degrees, clockwise from the right."""
        box = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self._draw.arc(box, start, stop, fill=255, width=int(width * SCALE))

    def done(self) -> Image.Image:
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


def turned(points: Sequence[Point], degrees: float, about: Point = (48, 48)) -> list[Point]:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ax, ay = about
    return [(ax + (x - ax) * c - (y - ay) * s, ay + (x - ax) * s + (y - ay) * c) for x, y in points]


def boot(p: Pen) -> None:  # a power sign
    p.arc(48, 52, 34, -50, 230, 9)
    p.line([(48, 6), (48, 46)], 9)


def code(p: Pen) -> None:  # four corners round the login code
    for quarter in range(4):
        p.line(turned([(4, 34), (4, 4), (34, 4)], 90 * quarter), 8)
    p.box(42, 42, 54, 54)


def home(p: Pen) -> None:  # a house
    p.polygon([(48, 6), (92, 46), (78, 46), (78, 90), (18, 90), (18, 46), (4, 46)])
    p.box(38, 60, 58, 90, 0, 0)


def listening(p: Pen) -> None:  # a microphone
    p.box(36, 4, 60, 54, 12)
    p.arc(48, 44, 28, 0, 180, 6)
    p.line([(48, 70), (48, 90)], 6)
    p.line([(28, 90), (68, 90)], 6)


def sending(p: Pen) -> None:  # a paper plane
    p.polygon([(4, 50), (92, 8), (66, 88), (46, 62), (76, 26), (34, 56)])


def playing(p: Pen) -> None:  # play
    p.polygon([(20, 6), (88, 48), (20, 90)])


def prompt(p: Pen) -> None:  # a bell
    p.polygon([(30, 66), (32, 36), (40, 20), (56, 20), (64, 36), (66, 66), (84, 78), (12, 78)])
    p.disc(48, 14, 8)
    p.disc(48, 86, 8)


def no_network(p: Pen) -> None:  # waves, crossed out
    for r in (20, 38, 56):
        p.arc(48, 78, r, 215, 325, 7)
    p.disc(48, 78, 7)
    p.line([(10, 14), (86, 90)], 14, 0)
    p.line([(10, 8), (90, 88)], 6)


def logged_out(p: Pen) -> None:  # a door and an arrow out
    p.line([(52, 8), (10, 8), (10, 88), (52, 88)], 8)
    p.line([(34, 48), (74, 48)], 8)
    p.polygon([(66, 26), (92, 48), (66, 70)])


def expired(p: Pen) -> None:  # an hourglass
    p.box(18, 4, 78, 14)
    p.box(18, 82, 78, 92)
    p.polygon([(24, 18), (72, 18), (50, 48), (72, 78), (24, 78), (46, 48)])


def refused(p: Pen) -> None:  # a stop sign with a cross
    p.polygon([(28, 4), (68, 4), (92, 28), (92, 68), (68, 92), (28, 92), (4, 68), (4, 28)])
    for degrees in (45, 135):
        p.polygon(turned([(18, 42), (78, 42), (78, 54), (18, 54)], degrees), 0)


def handset(p: Pen, y: float) -> None:
    p.arc(48, y + 34, 36, 200, 340, 14)
    p.polygon(turned([(4, y + 18), (26, y + 18), (26, y + 38), (4, y + 38)], -20, (15, y + 28)))
    p.polygon(turned([(70, y + 18), (92, y + 18), (92, y + 38), (70, y + 38)], 20, (81, y + 28)))


def call(p: Pen) -> None:  # a receiver lying down, time running below
    handset(p, 22)
    for x in (24, 48, 72):
        p.disc(x, 80, 7)


def ringing(p: Pen) -> None:  # a telephone that shakes
    p.box(30, 30, 66, 92, 6)
    p.box(36, 38, 60, 74, 0, 0)
    p.disc(48, 83, 4, 0)
    for r in (24, 40):
        p.arc(48, 44, r, 225, 315, 5)
    p.line([(14, 46), (14, 78)], 5)
    p.line([(82, 46), (82, 78)], 5)


def settings(p: Pen) -> None:  # a gear wheel
    for tooth in range(8):
        p.polygon(turned([(40, 4), (56, 4), (58, 22), (38, 22)], 45 * tooth))
    p.disc(48, 48, 32)
    p.disc(48, 48, 14, 0)


def contacts(p: Pen) -> None:  # two people
    p.disc(32, 30, 15)
    p.polygon([(6, 86), (10, 60), (20, 52), (44, 52), (54, 60), (58, 86)])
    p.ring(70, 38, 12, 5)
    p.line([(62, 58), (80, 58), (90, 68), (92, 86), (66, 86)], 5)


def messages(p: Pen) -> None:  # a bubble with lines
    p.box(6, 10, 90, 66, 14)
    p.polygon([(22, 62), (22, 90), (48, 62)])
    for y in (26, 44):
        p.box(22, y, 74, y + 7, 0, 0)


def reverse(p: Pen) -> None:  # guide lines of the camera
    p.line([(30, 6), (4, 90)], 7)
    p.line([(66, 6), (92, 90)], 7)
    for y, inset in ((20, 0), (48, 9), (76, 17)):
        p.line([(30 - inset, y), (66 + inset, y)], 5)


def keyboard(p: Pen) -> None:  # four rows of keys
    for row, (count, shift) in enumerate(((10, 0), (10, 20), (9, 50))):
        for key in range(count):
            x = 10 + shift + key * 78
            if x + 66 < 795:
                p.frame(x, 8 + row * 58, x + 66, 56 + row * 58, 4, 8)
    p.frame(180, 184, 620, 232, 4, 8)
    p.frame(10, 184, 160, 232, 4, 8)
    p.frame(640, 184, 790, 232, 4, 8)


def red_envelope(p: Pen) -> None:  # an envelope, upright, with its flap and seal
    p.box(20, 2, 76, 94, 6)
    p.line([(20, 22), (48, 44), (76, 22)], 5, 0)
    p.disc(48, 48, 15, 0)
    p.box(44, 38, 52, 58)


def transfer(p: Pen) -> None:  # two arrows, there and back
    p.polygon([(4, 22), (58, 22), (58, 6), (92, 30), (58, 54), (58, 38), (4, 38)])
    p.polygon([(92, 66), (40, 66), (40, 50), (4, 72), (40, 94), (40, 80), (92, 80)])


def moments(p: Pen) -> None:  # an aperture
    for blade in range(6):
        p.line(turned([(48, 4), (70, 62)], 60 * blade), 5)
    p.ring(48, 48, 45, 5)


def sticker(p: Pen) -> None:  # a face
    p.ring(48, 48, 44, 7)
    p.disc(32, 36, 7)
    p.disc(64, 36, 7)
    p.arc(48, 46, 26, 15, 165, 7)


def picture(p: Pen) -> None:  # mountains in a frame
    p.frame(4, 14, 92, 82, 6)
    p.polygon([(12, 76), (36, 36), (52, 62), (64, 48), (84, 76)])
    p.disc(70, 32, 8)


def video(p: Pen) -> None:  # a film camera
    p.box(4, 28, 62, 78, 8)
    p.polygon([(66, 46), (92, 30), (92, 76), (66, 60)])
    p.disc(20, 16, 10)
    p.disc(46, 16, 10)


def link(p: Pen) -> None:  # two links of a chain
    for points in ([(8, 40), (44, 40), (44, 56), (8, 56), (8, 40)], [(52, 40), (88, 40), (88, 56), (52, 56), (52, 40)]):
        p.line(turned([*points, points[1]], -45), 9)
    p.line(turned([(34, 48), (62, 48)], -45), 9)


def navigation(p: Pen) -> None:  # a pin on a road that bends
    p.disc(48, 30, 26)
    p.polygon([(26, 44), (70, 44), (48, 78)])
    p.disc(48, 30, 10, 0)
    p.line([(6, 90), (30, 82), (66, 92), (90, 84)], 7)


ICONS: dict[str, Callable[[Pen], None]] = {
    f.__name__: f
    for f in (
        boot, code, home, listening, sending, playing, prompt, no_network, logged_out, expired, refused, call, ringing,
        settings, contacts, messages, reverse, keyboard, red_envelope, transfer, moments, sticker, picture, video, link,
        navigation,
    )
}  # fmt: skip


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in ICONS.items():
        pen = Pen(800, 240) if name == "keyboard" else Pen()
        draw(pen)
        pen.done().save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "dbc/gs4/screens")
