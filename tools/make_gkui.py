"""Draw the icons and make the sounds of the car in dbc/gkui: other shapes and other tones than the first car's.

Run ``python tools/make_gkui.py [FOLDER]`` (default dbc/gkui): it writes FOLDER/screens and FOLDER/sounds. The strokes
are those of make_icons.py, the file format that of make_stimuli.py; tests/vehicle/test_gkui.py holds both to the tree.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from make_icons import Pen, turned

RATE = 48_000


def boot(p: Pen) -> None:  # dots going round, growing
    for n in range(8):
        ((x, y),) = turned([(48, 12)], 45 * n)
        p.disc(x, y, 3 + n)


def code(p: Pen) -> None:  # the three eyes of a code, and crumbs
    for x, y in ((4, 4), (60, 4), (4, 60)):
        p.frame(x, y, x + 32, y + 32, 6)
        p.box(x + 12, y + 12, x + 20, y + 20)
    for x, y in ((46, 48), (60, 62), (78, 60), (68, 78), (84, 84), (50, 84)):
        p.box(x, y, x + 8, y + 8)


def home(p: Pen) -> None:  # four tiles
    for x, y in ((6, 6), (52, 6), (6, 52), (52, 52)):
        p.box(x, y, x + 38, y + 38, 9)


def listening(p: Pen) -> None:  # a sound wave
    for n, half in enumerate((10, 26, 42, 18, 34, 14)):
        p.box(6 + n * 15, 48 - half, 14 + n * 15, 48 + half, 4)


def sending(p: Pen) -> None:  # up and away from a tray
    p.polygon([(48, 4), (76, 36), (57, 36), (57, 66), (39, 66), (39, 36), (20, 36)])
    p.line([(8, 62), (8, 90), (88, 90), (88, 62)], 8)


def playing(p: Pen) -> None:  # a loudspeaker
    p.polygon([(6, 34), (24, 34), (50, 10), (50, 86), (24, 62), (6, 62)])
    for r in (16, 32):
        p.arc(54, 48, r, -50, 50, 7)


def prompt(p: Pen) -> None:  # a round bubble, three dots in it
    p.disc(48, 42, 38)
    p.polygon([(16, 56), (8, 92), (46, 76)])
    for x in (28, 48, 68):
        p.disc(x, 42, 6, 0)


def no_network(p: Pen) -> None:  # bars of a mobile network, the last ones missing
    for n, top in enumerate((68, 50)):
        p.box(4 + n * 18, top, 16 + n * 18, 92)
    for degrees in (45, -45):
        p.line(turned([(68, 16), (68, 68)], degrees, (68, 42)), 8)


def logged_out(p: Pen) -> None:  # a padlock
    p.box(18, 44, 78, 92, 6)
    p.arc(48, 40, 24, 180, 360, 9)
    p.line([(28, 36), (28, 48)], 9)
    p.line([(68, 36), (68, 48)], 9)
    p.disc(48, 64, 7, 0)
    p.box(45, 66, 51, 82, 0, 0)


def expired(p: Pen) -> None:  # the leaf of a calendar, its corner turned
    p.line([(8, 16), (88, 16), (88, 66), (64, 90), (8, 90), (8, 16), (88, 16)], 6)
    p.box(8, 16, 88, 34)
    p.line([(64, 90), (64, 66), (88, 66)], 5)
    for x in (28, 68):
        p.box(x - 4, 4, x + 4, 22)
    p.line([(24, 62), (48, 62)], 6)


def refused(p: Pen) -> None:  # a triangle with an exclamation mark
    p.polygon([(48, 4), (94, 90), (2, 90)])
    p.polygon([(42, 34), (54, 34), (51, 64), (45, 64)], 0)
    p.disc(48, 76, 6, 0)


def call(p: Pen) -> None:  # a headset
    p.arc(48, 50, 40, 180, 360, 7)
    p.box(4, 48, 22, 80, 6)
    p.box(74, 48, 92, 80, 6)
    p.line([(83, 80), (83, 90), (56, 90)], 5)
    p.disc(52, 90, 6)


def ringing(p: Pen) -> None:  # a bell, swinging
    bell = [(36, 70), (36, 40), (44, 24), (60, 24), (68, 40), (68, 70), (80, 80), (24, 80)]
    p.polygon(turned(bell, 25))
    for x in (20, 30):
        p.arc(48, 30, 62 - x, 170, 215, 5)
    p.arc(52, 34, 40, -60, -15, 5)


def settings(p: Pen) -> None:  # three sliders
    for y, knob in ((18, 68), (48, 26), (78, 58)):
        p.line([(4, y), (92, y)], 6)
        p.disc(knob, y, 12)
        p.disc(knob, y, 5, 0)


def contacts(p: Pen) -> None:  # a card with somebody on it
    p.frame(4, 14, 92, 84, 6, 8)
    p.disc(30, 40, 10)
    p.polygon([(14, 70), (20, 54), (40, 54), (46, 70)])
    for y in (34, 48, 62):
        p.box(56, y, 82, y + 6)


def messages(p: Pen) -> None:  # a list
    for y, long in ((8, 92), (40, 70), (72, 84)):
        p.disc(14, y + 8, 9)
        p.box(32, y, long, y + 16, 7)


def reverse(p: Pen) -> None:  # a car from above, and what its sensors see behind it
    p.box(32, 2, 64, 46, 9)
    p.box(38, 12, 58, 22, 2, 0)
    for r in (16, 30, 44):
        p.arc(48, 46, r, 35, 145, 6)


def navigation(p: Pen) -> None:  # an arrow that shows the way
    p.polygon([(48, 4), (84, 88), (48, 68), (12, 88)])
    p.polygon([(48, 26), (48, 62), (26, 74)], 0)


def keyboard(p: Pen) -> None:  # rows of round keys
    for row, (count, shift) in enumerate(((11, 0), (10, 36), (9, 72))):
        for key in range(count):
            p.ring(44 + shift + key * 71, 32 + row * 58, 24, 4)
    p.frame(220, 186, 580, 234, 4, 22)
    p.ring(120, 210, 22, 4)
    p.ring(680, 210, 22, 4)


def red_envelope(p: Pen) -> None:  # an old coin with its square hole
    p.ring(48, 48, 45, 10)
    p.frame(31, 31, 65, 65, 6)
    for x, y in ((48, 20), (48, 76), (20, 48), (76, 48)):
        p.disc(x, y, 4)


def transfer(p: Pen) -> None:  # a sign of money in a diamond
    p.line([(48, 3), (93, 48), (48, 93), (3, 48), (48, 3), (93, 48)], 5)
    p.line([(30, 22), (48, 46), (66, 22)], 6)
    p.line([(48, 46), (48, 80)], 6)
    p.line([(32, 52), (64, 52)], 5)
    p.line([(32, 64), (64, 64)], 5)


def moments(p: Pen) -> None:  # a flower
    for n in range(5):
        ((x, y),) = turned([(48, 20)], 72 * n)
        p.ring(x, y, 19, 5)


def sticker(p: Pen) -> None:  # a cat
    p.polygon([(8, 4), (36, 26), (60, 26), (88, 4), (90, 58), (70, 86), (26, 86), (6, 58)])
    p.disc(32, 50, 8, 0)
    p.disc(64, 50, 8, 0)
    p.polygon([(42, 64), (54, 64), (48, 72)], 0)


def picture(p: Pen) -> None:  # a camera
    p.box(4, 26, 92, 84, 10)
    p.polygon([(30, 28), (38, 10), (58, 10), (66, 28)])
    p.disc(48, 55, 22, 0)
    p.disc(48, 55, 13)
    p.box(76, 34, 84, 42, 0, 0)


def video(p: Pen) -> None:  # a clapperboard
    p.box(6, 44, 90, 90, 4)
    for n in range(4):
        p.polygon(turned([(6 + n * 22, 22), (18 + n * 22, 22), (10 + n * 22, 38), (-2 + n * 22, 38)], -14, (6, 40)))


def link(p: Pen) -> None:  # a globe
    p.ring(48, 48, 44, 6)
    p.line([(4, 48), (92, 48)], 5)
    p.line([(48, 4), (48, 92)], 5)
    p.arc(6, 48, 56, -52, 52, 5)
    p.arc(90, 48, 56, 128, 232, 5)


ICONS: dict[str, Callable[[Pen], None]] = {
    f.__name__: f
    for f in (
        boot, code, home, listening, sending, playing, prompt, no_network, logged_out, expired, refused, call, ringing,
        settings, contacts, messages, reverse, navigation, keyboard, red_envelope, transfer, moments, sticker, picture,
        video, link,
    )
}  # fmt: skip


def pluck(frequency: float, seconds: float) -> np.ndarray:
    """A plucked string: the first five harmonics, the higher ones dying sooner; loud from the start."""
    t = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.exp(-t * (6 + 5 * k)) * np.sin(2 * np.pi * frequency * k * t) / k for k in range(1, 6))
    rise, fall = round(0.001 * RATE), round(0.006 * RATE)
    tone[:rise] *= np.linspace(0, 1, rise)
    tone[-fall:] *= np.linspace(1, 0, fall)
    return tone


def phrase(*tones: tuple[float, float]) -> np.ndarray:
    """int16 samples at RATE with their peak at -8 dBFS."""
    x = np.concatenate([pluck(frequency, seconds) for frequency, seconds in tones])
    return np.rint(x / np.abs(x).max() * 10 ** (-8 / 20) * 32767).astype(np.int16)


SOUNDS = {
    "chime": (phrase((587.3, 0.07), (880.0, 0.12)), "two plucked tones, a fifth up: speak now"),
    "end_tone": (phrase((830.6, 0.06), (698.5, 0.06), (554.4, 0.08)), "three falling tones: the recording has ended"),
    "prompt": (phrase((1244.5, 0.1), (987.8, 0.08), (1480.0, 0.12)), "down and up again: a message has come"),
    "ring": (phrase((740.0, 0.14), (932.3, 0.14), (740.0, 0.14), (1108.7, 0.18)), "four tones, high and low: a call"),
    "error": (phrase((196.0, 0.15), (185.0, 0.2)), "two low tones close together: that did not work"),
}


def draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, icon in ICONS.items():
        pen = Pen(800, 240) if name == "keyboard" else Pen()
        icon(pen)
        pen.done().save(folder / f"{name}.png", optimize=True)


def sound(folder: Path) -> None:
    from make_stimuli import OURS, store, write_manifest

    folder.mkdir(parents=True, exist_ok=True)
    said = {"language": "none", "speaker": "none", "provenance": "tools/make_gkui.py", "licence": OURS}
    made = {name: store(folder, name, x, RATE, {"text": text, **said}) for name, (x, text) in SOUNDS.items()}
    write_manifest(folder / "sounds.yaml", made, "The head unit's own sounds; written by tools/make_gkui.py.")


def main(folder: Path) -> None:
    draw(folder / "screens")
    sound(folder / "sounds")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "dbc/gkui")
