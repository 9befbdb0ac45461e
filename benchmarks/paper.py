"""How long the test report of a run takes, beside WeasyPrint setting the same rows, texts and pictures as PDF/A-3b.

Run: ``python -P benchmarks/paper.py RUN [--weasyprint PROGRAM] [--rounds N]`` from the root; RUN is a run's folder with
its reports. Ours is measured from the run's folder to the PDF; the peer gets a page of HTML with our chapters of
results, requirements and trace matrix, made before the watch starts, and sets it with the same fonts. Each in a process
of its own, start-up included, turn by turn; told are the best wall and processor seconds (user and system) and the
pages. WeasyPrint is no dependency of ours: install it where you like and name its program. Exit code 1 when ours breaks
its limit: 3 s of wall time for 60 pages, in proportion beyond.
"""

# ruff: noqa: E402 - the tree is found first
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from harness.evidence.paper.glyphs import Glyphs
from harness.evidence.paper.material import gather
from harness.evidence.paper.write import content
from harness.foundation.clock import stopwatch

LIMIT_S, OF_PAGES = 3.0, 60
FONTS = ROOT / "reports" / "templates" / "fonts"
LAB = ROOT / "reports" / "lab.yaml"
OURS = (
    "import sys; from pathlib import Path; from harness.evidence.paper.write import write_pdf; "
    "write_pdf(Path(sys.argv[1]), Path(sys.argv[2]), lang=sys.argv[3], lab=Path(sys.argv[4]))"
)
STYLE = (
    "@font-face{{font-family:own;src:url({fonts}/NotoSansCJKsc-Regular.subset.otf)}}"
    "@font-face{{font-family:own;font-weight:bold;src:url({fonts}/NotoSansCJKsc-Bold.subset.otf)}}"
    "@page{{size:A4;margin:24mm 18mm 20mm;@bottom-right{{content:counter(page) ' / ' counter(pages)}}}}"
    "body{{font:8pt own}}table{{width:100%;border-collapse:collapse}}td{{border-bottom:.3pt solid #bcccdc}}"
    "img{{width:100%}}img.screen{{width:62mm}}section{{break-inside:avoid}}"
)


def measure(command: list[str]) -> tuple[float, float]:
    """(wall seconds, processor seconds) of a program that has to succeed."""
    before, watch = os.times(), stopwatch()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return watch(), busy


def html(data: dict[str, Any]) -> Iterator[str]:
    """The chapters that make most of the report, with the same rows and the same pictures."""
    figures = ("car", "quantity", "limit", "value", "unit", "uncertainty", "margin", "samples", "verdict")
    yield f"<!DOCTYPE html><title>peer</title><style>{STYLE.format(fonts=FONTS.as_uri())}</style><h1>Results</h1>"
    for one in data["results"]:
        yield f"<h3>{escape(one['id'])} {escape(one['title'])}</h3>"
        yield table([[row[name] for name in figures] for row in one["rows"]])
    for one in data["requirements"]:
        yield f"<h2>{escape(one['id'])} {escape(one['title'])}</h2>"
        yield f"<p>{escape(one['text'])}<p>{escape(one['rationale'])}"
        yield table([[row[name] for name in figures] for row in one["rows"]])
        yield "".join(f"<p>{escape(strip['label'])}<img src='{strip['file']}'>" for strip in one["strips"])
        for shown in one["exhibits"]:
            yield f"<section><p>{escape(shown['case'])} {escape(shown['title'])} {escape(shown['reason'])}"
            yield f"<img src='{shown['plot']}'>" if shown["plot"] else ""
            yield f"<img class=screen src='{shown['picture']}'>" if shown["picture"] else ""
            yield "</section>"
    yield "<h1>Trace matrix</h1>"
    for one in data["matrix"]["by_case"]:
        yield f"<h3>{escape(one['id'])}</h3>"
        yield table([[case["case"], *(" ".join(cell) for cell in case["cells"])] for case in one["cases"]])


def table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<td>{escape(cell)}" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}' for line in lines)}</table>"


def pages(pdf: Path) -> int:
    """By pypdf where it is installed, else 0."""
    try:
        import pypdf
    except ImportError:
        return 0
    return len(pypdf.PdfReader(pdf).pages)


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("run", type=Path)
    words.add_argument("--weasyprint", default=shutil.which("weasyprint") or "", metavar="PROGRAM")
    words.add_argument("--rounds", type=int, default=3)
    options = words.parse_args()
    run = options.run.resolve()
    with tempfile.TemporaryDirectory() as made:
        out = Path(made)
        programs: dict[str, tuple[list[str], Path]] = {}
        for lang in ("en", "zh"):
            place = out / f"{lang}.pdf"
            program = [sys.executable, "-P", "-c", OURS, str(run), str(place), lang, str(LAB)]
            programs[f"hil evidence paper, {lang}"] = (program, place)
        if options.weasyprint:
            data, _ = content(gather(run, "en", LAB, None), Glyphs.of(FONTS / "coverage.txt"), out)
            (out / "peer.html").write_text("".join(html(data)), encoding="utf-8")
            place = out / "peer.pdf"
            program = [options.weasyprint, "--pdf-variant", "pdf/a-3b", str(out / "peer.html"), str(place)]
            programs["WeasyPrint, the same in HTML"] = (program, place)
        else:
            print("WeasyPrint is not here: no peer")
        best: dict[str, tuple[float, float]] = {}
        for _ in range(options.rounds):
            for name, (command, _place) in programs.items():
                wall, busy = measure(command)
                known = best.get(name, (wall, busy))
                best[name] = (min(known[0], wall), min(known[1], busy))
        slow = False
        for name, (_command, place) in programs.items():
            count, (wall, busy), size = pages(place), best[name], place.stat().st_size / 1e6
            print(f"{name:30} {count:4} pages  {wall:6.2f} s wall  {busy:6.2f} s processor  {size:6.2f} MB")
            slow = slow or (name.startswith("hil") and wall > LIMIT_S * max(count / OF_PAGES, 1.0))
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
