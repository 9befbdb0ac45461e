"""The results for other tools, below ``interchange/``: ReqIF, needs.json, CSV, HTML, and JUnit once more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.evidence.exchange import write_all
from harness.evidence.exchange.trace import Seeded
from harness.evidence.pack.gather import Gathered
from harness.foundation.errors import BadInput, SeveralBadInputs


def write_interchange(
    folder: Path, found: Gathered, run: Path, name: str, stamp: str, defects: Sequence[Seeded]
) -> None:
    """Write them into ``folder`` and add them to ``found``. ``run`` is the run's folder, ``name`` what it is called in
    them, ``stamp`` the time they bear. What cannot be written is added as missing."""
    folder.mkdir()
    requirements = next((p.parent for n, p in found.files.items() if n.startswith("requirements/")), None)
    try:
        if requirements is None:
            raise BadInput("requirements", None, "", "there are none", "")
        written = write_all(run, folder, requirements=requirements, defects=defects, name=name, stamp=stamp)
    except (BadInput, SeveralBadInputs) as why:
        first = why.errors[0] if isinstance(why, SeveralBadInputs) else why
        where = f"{Path(first.where).name}:{first.line}" if first.line else Path(first.where).name
        told = f"the requirements cannot be read: {where}: {first.value}: {first.problem}"
        found.lacks("interchange/results.reqif, needs.json, results.csv", told)
    else:
        if not any(path.suffix == ".reqif" for path in written):
            found.lacks("interchange/results.reqif", "the package for ReqIF was not installed where this was packed")
    found.folder(folder, "interchange")
