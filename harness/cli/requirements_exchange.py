"""``hil requirements export`` and ``import``: the catalogue as other tools hold it, and theirs as ours."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.cli.coverage import collected
from harness.cli.plan import scenario_paths
from harness.cli.project import project_root
from harness.evidence.exchange.entries import Entries, read_entries, write_entries
from harness.evidence.exchange.results import results_of
from harness.evidence.exchange.trace import Scenario, Seeded, Trace, with_run
from harness.evidence.run_json import read_run
from harness.foundation.clock import civil_time
from harness.foundation.errors import BadInput
from harness.foundation.places import find

FORMATS = ("html", "csv", "reqif", "needs")
_BY_SUFFIX = {".html": "html", ".htm": "html", ".csv": "csv", ".reqif": "reqif", ".json": "needs"}


def exchange(options: argparse.Namespace) -> int:
    """What was asked for beside the table; the exit code. BadInput for words that do not go together."""
    if options.strict or options.json:
        raise BadInput("command line", None, "--strict, --json", f"mean nothing to {options.what}", "Leave them out.")
    if options.what == "export":
        return export(options.paths, options.format, options.out, options.run)
    if options.format or options.run:
        raise BadInput("command line", None, "--format, --run", "mean nothing to import", "Leave them out.")
    return import_(options.file, options.out, options.paths)


def export(paths: list[str], format_: str, out: Path | None, run: Path | None) -> int:
    """Write the trace matrix. BadInput for whatever stands in the way."""
    if out is None:
        raise BadInput("command line", None, "", "where to is missing", "Add --out FILE.")
    chosen = format_ or _BY_SUFFIX.get(out.suffix, "")
    if not chosen:
        remedy = f"Add --format {', '.join(FORMATS)}."
        raise BadInput("command line", None, f"--out {out}", "its ending names no format", remedy)
    root = project_root(Path.cwd())
    measured = None if run is None else read_run(run)
    trace = gather(root, scenario_paths(paths, Path.cwd(), root), measured, run)
    text = _written(trace, chosen)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as why:
        raise BadInput("command line", None, str(out), f"cannot be written: {why.strerror}", "Name another.") from why
    open_ = [name for name in trace.entries if not trace.scenarios_of(name)]
    without = [name for name in trace.entries if not trace.defects_of(name)]
    print(f"{out}: {len(trace.entries)} requirements, {len(trace.scenarios)} scenarios, {len(trace.defects)} defects")
    print(f"without scenario: {', '.join(open_) or 'none'}; without defect: {', '.join(without) or 'none'}")
    return 0


def gather(root: Path, places: tuple[str, ...], measured: dict[str, Any] | None, run: Path | None) -> Trace:
    """The catalogue, the scenarios that verify it, the defects seeded against it, and what a run measured (the content
    of its run.json, and its folder)."""
    from harness.headunit.defects import catalogue

    entries = read_entries(find("scenarios", "requirements", project=root))
    scenarios = tuple(Scenario(str(c["id"]), tuple(c["requirements"])) for c in collected(places, root))
    defects = tuple(Seeded(d.id, d.symptom, d.requirements) for d in catalogue().values())
    if measured is None or run is None:
        return Trace(entries, scenarios, defects)
    scenarios, cars = with_run(scenarios, measured)
    return Trace(entries, scenarios, defects, cars, run.resolve().name, results_of(measured))


def import_(file: Path | None, out: Path | None, more: list[str]) -> int:
    """Read a file of another tool and write it as YAML into a new folder. BadInput names what is wrong with it."""
    if file is None or more:
        raise BadInput(
            "command line", None, " ".join(more), "one file is read at a time", "hil requirements import FILE."
        )
    if out is None:
        raise BadInput("command line", None, "", "where to is missing", "Add --out FOLDER.")
    entries, notes = _reader(file)(file)
    written = write_entries(out, entries)
    for note in notes:
        print(f"hil: {note}", file=sys.stderr)
    print(f"{len(entries)} requirements in {', '.join(str(path) for path in written)}")
    return 0


def _reader(file: Path) -> Callable[[Path], tuple[Entries, list[str]]]:
    if not file.is_file():
        beside = [p.name for p in file.parent.glob("*")] if file.parent.is_dir() else []
        near = difflib.get_close_matches(file.name, beside, 1)
        raise BadInput(
            "command line", None, str(file), "no such file", f"Did you mean {near[0]}?" if near else "Check it."
        )
    format_ = _BY_SUFFIX.get(file.suffix.lower())
    if format_ == "csv":
        from harness.evidence.exchange.as_csv import read_csv

        return read_csv
    if format_ == "needs":
        from harness.evidence.exchange.as_needs import read_needs

        return read_needs
    if format_ == "reqif":
        _reqif()
        from harness.evidence.exchange.from_reqif import read_reqif

        return read_reqif
    raise BadInput(file, None, file.suffix, "is no format we read", "Give a .reqif, a needs .json or a .csv.")


def _written(trace: Trace, format_: str) -> str:
    if format_ == "csv":
        from harness.evidence.exchange.as_csv import write_csv

        return write_csv(trace)
    if format_ == "needs":
        from harness.evidence.exchange.as_needs import write_needs

        return write_needs(trace)
    if format_ == "reqif":
        _reqif()
        from harness.evidence.exchange.as_reqif import write_reqif

        return write_reqif(trace, civil_time())
    from harness.evidence.exchange.as_html import write_html

    return write_html(trace)


def _reqif() -> None:
    """BadInput where the package is missing: it is an extra."""
    from importlib.util import find_spec

    if find_spec("reqif") is None:
        remedy = "Install it: pip install 'headunit-hil[reqif]'."
        raise BadInput("command line", None, "reqif", "the package for ReqIF is not installed", remedy)
