"""How far a picture of the login code may be spoiled until it is not read: every kind, many random pictures.

Run: ``python -P benchmarks/codes.py`` from the root (``--pictures N`` for other than 20, ``--write`` to renew
docs/reference/codes-through-cameras.md and its plot). Each picture is the simulated unit's own, with another random
code and another theme; each kind is stepped up until reading fails. Printed are the lowest, the median and the highest
degree that was read, and beside them the same for codes that are drawn badly. Exit code 1 when the right unit's lowest
degree is under the limit of QR-01.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.headunit.render import THEMES, Look, Style, View, picture
from harness.judging.requirements import load_requirements
from harness.phone.codes import SCHEME, draw_secret
from harness.screen.code import read_codes
from harness.screen.margins import KINDS, margin

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/codes-through-cameras.md"
PLOT = ROOT / "docs/pictures/codes-through-cameras.svg"
LOOKS = {
    "as drawn": Look(),
    "half the size": Look(share=0.5),
    "grey on grey": Look(dark=110, light=165),
    "quiet zone of one module": Look(quiet=1),
}
MARK = "<!-- table -->"


def degrees(kind: str, look: Look, pictures: int, seed: int) -> list[float]:
    """The margin of each of ``pictures`` random codes, one look each; 0 where the clean picture is not read."""
    found = []
    for number in range(pictures):
        rng = Random(f"{seed}:{number}")
        view = View("code", code=SCHEME + draw_secret(rng), look=look)
        pixels = picture(view, Style(number % len(THEMES), "zh", ()))
        codes = read_codes(pixels)
        found.append(margin(pixels, codes[0], kind, rng, looks=1).degree if codes else 0.0)
    return found


def limits_of_the_catalogue() -> dict[str, float | None]:
    """The lowest degree that QR-01 allows, by kind; None where it sets none."""
    limits = load_requirements(ROOT / "scenarios/requirements")["QR-01"].limits
    asked = {kind: limits.get(f"bears_{kind.replace(' ', '_')}") for kind in KINDS}
    return {kind: None if limit is None else limit.low for kind, limit in asked.items()}


def table(found: dict[str, dict[str, list[float]]], limits: dict[str, float | None]) -> list[str]:
    lines = ["| what spoils the picture | unit | limit of QR-01 | " + " | ".join(LOOKS) + " |"]
    lines.append("|---|---|---|" + "---|" * len(LOOKS))
    for kind, rows in found.items():
        limit = limits[kind]
        cells = [f"{min(d):g} / {median(d):g} / {max(d):g}" for d in rows.values()]
        shown = "none" if limit is None else f">= {limit:g}"
        lines.append(f"| {kind} | {KINDS[kind].unit} | {shown} | " + " | ".join(cells) + " |")
    return lines


def plot(found: dict[str, dict[str, list[float]]], limits: dict[str, float | None]) -> str:
    """One row per kind, its scale from nothing to its end; a tick per picture, a line for the limit."""
    left, width, row = 190, 560, 66
    colours = ("#1b6e3c", "#b8441f", "#7a5cc0", "#3a6ea5")
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 40} {row * len(found) + 40}" '
           'font-family="sans-serif" font-size="12">']  # fmt: skip
    out.append("<title>Degree up to which the login code is read, one tick per random picture</title>")
    for number, (name, colour) in enumerate(zip(LOOKS, colours, strict=False)):
        out.append(f'<text x="{left + number * 150}" y="16" fill="{colour}">{name}</text>')
    for place, (kind, rows) in enumerate(found.items()):
        top, end = 30 + place * row, KINDS[kind].degrees[-1]
        out.append(f'<text x="10" y="{top + 24}">{kind}</text>')
        out.append(f'<text x="10" y="{top + 40}" fill="#666" font-size="10">{KINDS[kind].unit}</text>')
        out.append(f'<line x1="{left}" x2="{left + width}" y1="{top + 52}" y2="{top + 52}" stroke="#999"/>')
        out.append(f'<text x="{left - 4}" y="{top + 56}" fill="#666" font-size="10" text-anchor="end">0</text>')
        out.append(f'<text x="{left + width + 4}" y="{top + 56}" fill="#666" font-size="10">{end:g}</text>')
        for line, (values, colour) in enumerate(zip(rows.values(), colours, strict=False)):
            y = top + 8 + line * 11
            for value in values:
                x = left + width * value / end
                out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 9}" stroke="{colour}" '
                           'stroke-width="2" opacity="0.5"/>')  # fmt: skip
        limit = limits[kind]
        if limit is not None:
            x = left + width * limit / end
            out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + 4}" y2="{top + 54}" stroke="#000" '
                       'stroke-dasharray="3 2"/>')  # fmt: skip
    return "\n".join([*out, "</svg>"]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20, help="random pictures of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"renew {PAGE.name} and its plot")
    chosen = parser.parse_args(arguments)
    limits = limits_of_the_catalogue()
    found = {
        kind: {name: degrees(kind, look, chosen.pictures, chosen.seed) for name, look in LOOKS.items()}
        for kind in KINDS
    }
    lines = table(found, limits)
    print("\n".join(lines))
    if chosen.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(MARK)
        _, _, after = rest.partition(MARK)
        body = "\n".join([MARK, *lines, MARK])
        PAGE.write_text(before + body + after, encoding="utf-8")
        PLOT.write_text(plot(found, limits), encoding="utf-8")
    missed = [k for k, rows in found.items() if (limit := limits[k]) is not None and min(rows["as drawn"]) < limit]
    for kind in missed:
        print(f"{kind}: under the limit of QR-01", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
