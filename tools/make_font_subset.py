"""Make the fonts of the test report: subsets of Noto Sans CJK SC and Noto Sans that travel with the package.

Theory. A report has to embed every glyph it shows, on any machine, with or without Chinese fonts. So the fonts come
along: Latin, signs, and all of GB 2312 (6,763 characters), which is what texts of this trade are written in; the bold
cut has the 3,755 of its first level, and takes the others from the regular one. That font lacks most accents of
European and Vietnamese names; those come from Noto Sans. ``coverage.txt`` lists what is in the regular cuts, so that a
character that is not can be told before a PDF/A is refused for it.

Source: the Debian packages ``fonts-noto-cjk`` and ``fonts-noto-core`` (SIL Open Font License 1.1; no reserved font
name). Needs ``fonttools``. Run ``tools/make_font_subset.py``; the same packages give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCE = Path("/usr/share/fonts/opentype/noto")
ACCENTS = Path("/usr/share/fonts/truetype/noto")
LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
FACE = "Noto Sans CJK SC"
OUT = Path(__file__).resolve().parents[1] / "reports" / "templates" / "fonts"
BLOCKS = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x17F),  # Latin-1, Latin Extended-A
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x2010, 0x205E),  # dashes, quotes, ellipsis, per mille
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20AC, 0x20AC),  # euro
    (0x2100, 0x214F),  # letterlike: degree Celsius, numero, ohm
    (0x2150, 0x218B),  # fractions, Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x2500, 0x25FF),  # boxes and shapes
    (0x2600, 0x2612),  # among them the ballot boxes
    (0x2713, 0x2718),  # ticks and crosses
    (0x3000, 0x303F),  # CJK punctuation, the geta mark
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE0, 0xFFE6),
)
NAMES = ((0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF))
"""What is taken from Noto Sans where the other lacks it: Latin with accents, Vietnamese included, Greek, Cyrillic."""
LEVELS = {"Regular": (0xB0, 0xF7), "Bold": (0xB0, 0xD7)}
"""Lead bytes of GB 2312 in EUC-CN: level one is B0 to D7, level two D8 to F7."""


def characters(lead: tuple[int, int]) -> set[int]:
    """Code points: the blocks, GB 2312's signs (A1 to A9), and its characters with these lead bytes."""
    found = {c for first, last in BLOCKS for c in range(first, last + 1)}
    for high in [*range(0xA1, 0xAA), *range(lead[0], lead[1] + 1)]:
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def make(cut: str, source: Path, out: Path) -> tuple[Path, set[int], str]:
    """Write one cut of the Chinese font. Returns its file, the code points in it, and its copyright line."""
    from fontTools.ttLib import TTCollection

    with (source / f"NotoSansCJK-{cut}.ttc").open("rb") as file:
        collection = TTCollection(file, lazy=False)
        font = next(f for f in collection.fonts if f["name"].getDebugName(1) in (FACE, f"{FACE} {cut}"))
        return _save(font, characters(LEVELS[cut]), out / f"NotoSansCJKsc-{cut}.subset.otf")


def make_accents(cut: str, source: Path, out: Path, known: set[int]) -> tuple[Path, set[int], str]:
    """Write one cut of the font for names, with what ``known`` lacks."""
    from fontTools.ttLib import TTFont

    wanted = {c for first, last in NAMES for c in range(first, last + 1)} - known
    with TTFont(source / f"NotoSans-{cut}.ttf") as font:
        return _save(font, wanted, out / f"NotoSans-{cut}.subset.ttf")


def _save(font: Any, wanted: set[int], path: Path) -> tuple[Path, set[int], str]:
    from fontTools import subset

    font.recalcTimestamp = False
    options = subset.Options(
        hinting=False,
        layout_features=["kern", "halt", "ccmp", "locl"],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17],
        notdef_outline=True,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.save(path)
    return path, set(font.getBestCmap()), str(font["name"].getDebugName(0))


def ranges(points: set[int]) -> Iterator[str]:
    """``20-7E`` per line."""
    first = last = -2
    for point in [*sorted(points), -1]:
        if point == last + 1:
            last = point
            continue
        if first >= 0:
            yield f"{first:X}-{last:X}"
        first = last = point


def licence(copyright_file: Path, notices: set[str]) -> str:
    """The licence as the package carries it, below the fonts' own copyright lines."""
    text = copyright_file.read_text(encoding="utf-8")
    body = text.split("\nLicense: SIL-1.1\n -", 1)[1].split("\nLicense: GPL", 1)[0]
    lines = [line.removeprefix(" ") for line in f" -{body}".rstrip().splitlines()]
    plain = "\n".join("" if line == "." else line for line in lines)
    told = "These are subsets (Modified Versions) of Noto Sans CJK SC and Noto Sans, made by tools/make_font_subset.py."
    return "\n".join(sorted(notices)) + f"\n\n{told}\n\n{plain}\n"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("--source", type=Path, default=SOURCE, help="folder of the NotoSansCJK-*.ttc")
    words.add_argument("--accents", type=Path, default=ACCENTS, help="folder of the NotoSans-*.ttf")
    words.add_argument("--licence", type=Path, default=LICENCE, help="copyright file of that package")
    words.add_argument("--out", type=Path, default=OUT)
    options = words.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    notices: set[str] = set()
    covered: set[int] = set()
    for cut in LEVELS:
        chinese = make(cut, options.source, options.out)
        accents = make_accents(cut, options.accents, options.out, chinese[1])
        for path, points, notice in (chinese, accents):
            notices.add(notice)
            print(f"{path.name}: {len(points)} characters, {path.stat().st_size} bytes")
        if cut == "Regular":
            covered = chinese[1] | accents[1]
    (options.out / "coverage.txt").write_text("\n".join(ranges(covered)) + "\n", encoding="ascii")
    (options.out / "OFL.txt").write_text(licence(options.licence, notices), encoding="utf-8")


if __name__ == "__main__":
    main()
