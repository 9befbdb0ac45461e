"""The results for other tools, below ``interchange/``: ReqIF, needs.json, CSV, and JUnit once more."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.evidence.exchange.entries import read_entries
from harness.evidence.exchange.trace import Scenario, Seeded, Trace, with_run
from harness.evidence.pack.gather import Gathered
from harness.foundation.errors import BadInput, SeveralBadInputs


def write_interchange(
    folder: Path, found: Gathered, run: Mapping[str, Any], name: str, stamp: str, defects: Sequence[Seeded]
) -> None:
    """Write them into ``folder`` and add them to ``found``. ``run`` is ``run.json``, ``name`` what the run is called in
    them, ``stamp`` the time they bear. What cannot be written is added as missing."""
    folder.mkdir()
    shutil.copyfile(found.files["run/junit.xml"], folder / "junit.xml")
    requirements = next((p.parent for n, p in found.files.items() if n.startswith("requirements/")), None)
    try:
        if requirements is None:
            raise BadInput("requirements", None, "", "there are none", "")
        entries = read_entries(requirements)
    except (BadInput, SeveralBadInputs) as why:
        first = why.errors[0] if isinstance(why, SeveralBadInputs) else why
        where = f"{Path(first.where).name}:{first.line}" if first.line else Path(first.where).name
        told = f"the requirements cannot be read: {where}: {first.value}: {first.problem}"
        found.lacks("interchange/results.reqif, needs.json, results.csv", told)
    else:
        _write(folder, found, _trace(entries, run, name, defects), stamp)
    found.folder(folder, "interchange")


def _write(folder: Path, found: Gathered, trace: Trace, stamp: str) -> None:
    from harness.evidence.exchange.as_csv import write_csv
    from harness.evidence.exchange.as_needs import write_needs

    (folder / "results.csv").write_text(write_csv(trace), encoding="utf-8", newline="")
    (folder / "needs.json").write_text(write_needs(trace), encoding="utf-8", newline="")
    if find_spec("reqif") is None:
        found.lacks("interchange/results.reqif", "the package for ReqIF was not installed where this was packed")
        return
    from harness.evidence.exchange.as_reqif import write_reqif

    (folder / "results.reqif").write_text(write_reqif(trace, stamp), encoding="utf-8", newline="")


def _trace(entries: Any, run: Mapping[str, Any], name: str, defects: Sequence[Seeded]) -> Trace:
    seen = {str(case["id"]): tuple(map(str, case["requirements"])) for case in run["cases"]}
    scenarios, cars = with_run([Scenario(id_, requirements) for id_, requirements in seen.items()], run)
    return Trace(entries, scenarios, tuple(defects), cars, name)
