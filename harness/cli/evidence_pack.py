"""``hil evidence pack``: a run becomes a pack."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Literal

from harness.cli.project import project_root
from harness.evidence.canary.pixels import reader
from harness.evidence.canary.search import check
from harness.evidence.exchange.trace import Seeded
from harness.evidence.pack.write import pack


def run_pack(options: argparse.Namespace) -> int:
    """Write the folder and the zip. BadInput (exit code 2) for whatever stands in the way."""
    from harness.headunit.defects import catalogue

    reads = reader() if options.words else None
    if options.words and reads is None:
        print("hil: words on pictures are not searched: the extra 'ocr' is not installed", file=sys.stderr)
    made = pack(
        options.run,
        options.out,
        root=_root(options.run.resolve()),
        lang=options.lang,
        restricted=not options.without_restricted,
        qualification=options.qualification,
        defects=tuple(Seeded(d.id, d.symptom, d.requirements) for d in catalogue().values()),
        paper=_paper,
        search=partial(check, words=reads),
        say=lambda what: print(f"hil: {what} ...", file=sys.stderr),
    )
    contents = made.contents
    size = sum(one.size for one in contents.files)
    print(f"{made.folder}: {contents.number}, {contents.edition}, {len(contents.files)} files, {size / 1e6:.1f} MB")
    print(f"{made.zip}: {made.zip.stat().st_size / 1e6:.1f} MB")
    for one in contents.missing:
        print(f"missing: {one.what}: {one.why}")
    for left in contents.left_out:
        print(f"left out: {left.name} ({left.access})")
    return 0


def _root(run: Path) -> Path:
    """The project that the run lies in, or else the one we are in."""
    found = project_root(run)
    return found if found != run else project_root(Path.cwd())


def _paper(
    run: Path, out: Path, *, lang: Literal["zh", "en"], lab: Path | None, qualification: Path | None
) -> list[str]:
    from harness.evidence.paper.write import write_pdf

    return write_pdf(run, out, lang=lang, lab=lab, qualification=qualification)
