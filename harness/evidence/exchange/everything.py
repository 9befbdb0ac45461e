"""The results of a run in every format that other tools read, the same bytes for the same run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.evidence.exchange.entries import read_entries
from harness.evidence.exchange.results import results_of
from harness.evidence.exchange.trace import Scenario, Seeded, Trace, with_run
from harness.evidence.run_json import read_run
from harness.foundation.errors import BadInput
from harness.foundation.places import find

JUNIT = "junit.xml"


def write_all(
    run_folder: Path,
    out: Path,
    *,
    requirements: Path | None = None,
    defects: Sequence[Seeded] = (),
    name: str = "",
    stamp: str = "",
) -> list[Path]:
    """Write results.reqif, needs.json, results.csv, measurements.csv, trace.html and junit.xml into ``out``; returns
    what was written (no results.reqif without the extra ``reqif``, no junit.xml where the run has none).

    ``requirements``: the folder of their YAML files, by default the project's. ``name``: what the run is called in the
    files, its folder's name by default. ``stamp``: the time they bear (ISO 8601), by default when the run began.
    BadInput or SeveralBadInputs where the run or the requirements cannot be read, or ``out`` cannot be written."""
    run = read_run(run_folder)
    entries = read_entries(requirements or find("scenarios", "requirements"))
    trace = trace_of(entries, run, name or run_folder.resolve().name, defects)
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(trace, stamp or str(run.get("started") or UNDATED), run_folder, out)
    except OSError as why:
        raise BadInput(out, None, "", f"cannot be written: {why.strerror or why}", "Name another folder.") from why


UNDATED = "1970-01-01T00:00:00+00:00"
"""Of a run that does not say when it began."""


def trace_of(entries: Any, run: Mapping[str, Any], name: str, defects: Sequence[Seeded]) -> Trace:
    """The matrix of a run, with the scenarios that it ran."""
    seen = {str(case["id"]): tuple(map(str, case["requirements"])) for case in run["cases"]}
    scenarios, cars = with_run([Scenario(id_, requirements) for id_, requirements in seen.items()], run)
    return Trace(entries, scenarios, tuple(defects), cars, name, results_of(run))


def _write(trace: Trace, stamp: str, run_folder: Path, out: Path) -> list[Path]:
    from harness.evidence.exchange.as_csv import write_csv
    from harness.evidence.exchange.as_figures import write_figures
    from harness.evidence.exchange.as_html import write_html
    from harness.evidence.exchange.as_needs import write_needs

    texts = {
        "needs.json": write_needs(trace),
        "results.csv": write_csv(trace),
        "measurements.csv": write_figures(trace),
        "trace.html": write_html(trace),
    }
    if find_spec("reqif") is not None:
        from harness.evidence.exchange.as_reqif import write_reqif

        texts["results.reqif"] = write_reqif(trace, stamp)
    written = []
    for file, text in texts.items():
        (out / file).write_text(text, encoding="utf-8", newline="")
        written.append(out / file)
    if (run_folder / JUNIT).is_file():
        shutil.copyfile(run_folder / JUNIT, out / JUNIT)
        written.append(out / JUNIT)
    return sorted(written)
