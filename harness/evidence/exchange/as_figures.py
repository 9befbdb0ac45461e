"""CSV of all measurements of a run: a line each, in base units, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io

from harness.evidence.exchange.results import FIGURE_FIELDS
from harness.evidence.exchange.trace import Trace

COLUMNS = ("case", "attempt", "vehicle", *(f for f in FIGURE_FIELDS if f != "title"))


def write_figures(trace: Trace) -> str:
    """The text, with the byte order mark that makes spreadsheets read it as UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    for result in trace.results:
        about = {"case": result.scenario, **{k: result.texts[k] for k in ("attempt", "vehicle")}}
        for figure in result.figures:
            writer.writerow({**figure.texts, **about})
    return "\ufeff" + text.getvalue()
