"""``hil evidence paper RUN``: the test report of a run as PDF/A-3b, in Chinese, English or both."""

from __future__ import annotations

import sys
from pathlib import Path

from harness.foundation.errors import BadInput

LAB = Path("reports") / "lab.yaml"
LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}


def paper(run: Path, *, lang: str, out: Path | None, lab: Path | None, qualification: Path | None) -> int:
    """Write ``report-LANG.pdf`` into the run's folder, or to ``out``: a file, or a folder where it is none ending in
    ``.pdf``. What is missing is told on standard error. Returns 0."""
    from harness.evidence.paper.words import Lang
    from harness.evidence.paper.write import write_pdf

    own = LAB if lab is None and LAB.is_file() else lab
    languages: tuple[Lang, ...] = LANGUAGES[lang]  # type: ignore[assignment]
    if out is not None and out.suffix == ".pdf" and len(languages) > 1:
        remedy = "Name a folder, or say --lang zh or --lang en."
        raise BadInput("command line", None, str(out), "one file for two languages", remedy)
    missing: list[str] = []
    for one in languages:
        place = out if out is not None and out.suffix == ".pdf" else (out or run) / f"report-{one}.pdf"
        missing = write_pdf(run, place, lang=one, lab=own, qualification=qualification)
        print(place)
    if missing:
        print(f"hil: {len(missing)} pieces of information are missing; the report lists them:", file=sys.stderr)
        for line in missing:
            print(f"hil:   {line}", file=sys.stderr)
    return 0
